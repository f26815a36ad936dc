"""The ready-made choices of an author: what each is called, and in one line what it does.

Both are said in English here, to the persona and to the judge; the pages translate them for people. Every choice can
also be made in one's own words, so a text that is no key of these lists stands for itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


def N_(message: str) -> str:  # noqa: N802 - the name that the extraction of messages knows
    """Marks a text for translation where it is shown."""
    return message


@dataclass(frozen=True, slots=True)
class Option:
    label: str
    description: str


class Dial(StrEnum):
    """A side of the personality, by its name in a Persona."""

    TRAIT = "trait"
    EMOTIONAL_STATE = "emotional_state"
    COMMUNICATION_STYLE = "communication_style"
    DECISION_MAKING = "decision_making"
    VOICE = "voice"


DIALS: Mapping[Dial, Mapping[str, Option]] = {
    Dial.TRAIT: {
        "warm": Option(N_("Warm"), N_("Likes people, looks for common ground, and dislikes letting anyone down.")),
        "analytical": Option(N_("Analytical"), N_("Takes things apart, asks how it was measured, distrusts praise.")),
        "sceptical": Option(N_("Sceptical"), N_("Doubts every claim at first and waits for proof.")),
        "assertive": Option(
            N_("Assertive"), N_("Says what they want, holds the line, respects those who do the same.")
        ),
        "proud": Option(N_("Proud"), N_("Wants their work and rank acknowledged before anything else.")),
        "anxious": Option(N_("Anxious"), N_("Sees what may go wrong and needs to be made safe step by step.")),
        "reserved": Option(N_("Reserved"), N_("Gives little away until the other person has earned it.")),
        "impulsive": Option(N_("Impulsive"), N_("Reacts at once, changes direction, gets bored by detail.")),
    },
    Dial.EMOTIONAL_STATE: {
        "calm": Option(N_("Calm"), N_("Has time, listens, and does not raise the voice.")),
        "curious": Option(N_("Curious"), N_("Asks back and is open to being surprised.")),
        "rushed": Option(N_("Rushed"), N_("Is between two meetings and shows it.")),
        "worried": Option(N_("Worried"), N_("Has something at stake and comes back to it.")),
        "frustrated": Option(N_("Frustrated"), N_("Has said it before and is tired of repeating it.")),
        "angry": Option(N_("Angry"), N_("Has been let down and wants it to be heard first.")),
        "disappointed": Option(N_("Disappointed"), N_("Had expected more, and is quiet about it rather than loud.")),
        "confident": Option(N_("Confident"), N_("Feels in the stronger position and lets it be felt.")),
    },
    Dial.COMMUNICATION_STYLE: {
        "direct": Option(N_("Direct"), N_("Comes to the point in short, clear sentences.")),
        "few_words": Option(N_("Few words"), N_("Answers in half a sentence and lets a silence work.")),
        "talkative": Option(N_("Talkative"), N_("Tells stories, wanders, and has to be led back.")),
        "formal": Option(N_("Formal"), N_("Keeps a polite distance and chooses words with care.")),
        "questioning": Option(N_("Questioning"), N_("Answers a question with a question.")),
        "evasive": Option(N_("Evasive"), N_("Avoids committing and speaks in generalities until asked precisely.")),
        "technical": Option(N_("Technical"), N_("Uses the terms of the trade and expects them to be understood.")),
    },
    Dial.DECISION_MAKING: {
        "evidence": Option(N_("By evidence"), N_("Decides on figures, references and things that can be checked.")),
        "consensus": Option(N_("By consensus"), N_("Needs to know what the others think before deciding.")),
        "instinct": Option(N_("By instinct"), N_("Decides on whether they trust the person in front of them.")),
        "caution": Option(N_("By caution"), N_("Prefers the smallest step that cannot go wrong.")),
        "cost": Option(N_("By cost"), N_("Asks what it costs, compares, and negotiates.")),
        "rules": Option(N_("By the rules"), N_("Follows the process and wants it followed by everyone.")),
        "fast": Option(N_("On the spot"), N_("Decides quickly and rarely looks back.")),
    },
    Dial.VOICE: {
        "warm": Option(N_("Warm voice"), N_("Round and friendly, at an easy pace.")),
        "calm": Option(N_("Calm voice"), N_("Even and unhurried, hard to unsettle.")),
        "bright": Option(N_("Bright voice"), N_("Light and lively.")),
        "brisk": Option(N_("Brisk voice"), N_("Quick and businesslike.")),
        "firm": Option(N_("Firm voice"), N_("Steady, low, used to being listened to.")),
        "soft": Option(N_("Soft voice"), N_("Quiet and hesitant.")),
        "dry": Option(N_("Dry voice"), N_("Flat, with an undertone of irony.")),
    },
}

ECOSYSTEMS: Mapping[str, Option] = {
    "customers": Option(N_("Customers"), N_("People who buy from you, use what you make, or may one day.")),
    "colleagues": Option(N_("Colleagues"), N_("Your own organization: team, peers, other departments, managers.")),
    "partners": Option(N_("Partners and suppliers"), N_("Resellers, suppliers and others you depend on.")),
    "careers": Option(N_("Careers"), N_("Candidates, recruiters, employers and your network.")),
    "public": Option(N_("Public and authorities"), N_("Patients, citizens, inspectors, associations.")),
}

VERTICALS: Mapping[str, Option] = {
    "software": Option(N_("Software and IT"), N_("Applications, cloud, security, services around them.")),
    "manufacturing": Option(N_("Manufacturing"), N_("Plants, machines, packaging, quality.")),
    "finance": Option(N_("Finance and insurance"), N_("Banks, insurers, advisers.")),
    "healthcare": Option(N_("Healthcare"), N_("Hospitals, practices, pharmacies, care.")),
    "retail": Option(N_("Retail and consumer"), N_("Shops, brands, delivery.")),
    "hospitality": Option(N_("Hospitality and travel"), N_("Hotels, restaurants, transport of people.")),
    "education": Option(N_("Education and training"), N_("Schools, universities, training organizations.")),
    "public": Option(N_("Public sector"), N_("Ministries, towns, associations.")),
    "services": Option(N_("Professional services"), N_("Consulting, law, agencies, recruiting.")),
}

EVALUATION_TEMPLATES: Mapping[str, Option] = {
    "discovery": Option(
        N_("Discovery call"),
        N_("Were the questions open, built on the answers, and did they reach the reason behind the need?"),
    ),
    "objections": Option(
        N_("Handling objections"),
        N_("Was an objection heard out, explored before it was answered, and answered in the other's terms?"),
    ),
    "negotiation": Option(
        N_("Negotiation"),
        N_("Were interests explored before positions, and was every concession traded, not given?"),
    ),
    "service": Option(
        N_("Service recovery"),
        N_("Was the feeling acknowledged, blame left aside, and a next step with a date agreed?"),
    ),
    "feedback": Option(
        N_("Giving feedback"),
        N_("Was behaviour described with an example and its effect, and the other view asked for?"),
    ),
    "coaching": Option(
        N_("Coaching"),
        N_("Did the other person find the way by questions, and leave with a step of their own?"),
    ),
    "interview": Option(
        N_("Interview"),
        N_("Did answers hold a concrete example with its result, and were good questions asked back?"),
    ),
}


def said_of(dial: Dial, words: str) -> str:
    """What a persona is told about itself: a choice with its description, or the author's own words as they are."""
    option = DIALS[dial].get(words)
    return f"{option.label}. {option.description}" if option else f"{words}."
