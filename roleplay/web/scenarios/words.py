"""What authors read for the parts of a scenario, and where on the pages each part is written."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from roleplay.assignments.overview import Standing
from roleplay.scenarios.content import Difficulty, ScenarioType
from roleplay.scenarios.options import DIALS, Dial, Option
from roleplay.scenarios.validity import Problem, Reason, Step

STEPS = {
    Step.DETAILS: _("Details"),
    Step.PERSONA: _("Persona mapping"),
    Step.PERSONALITY: _("Personality"),
    Step.EVALUATION: _("Evaluation Instructions"),
    Step.FREQUENCY: _("Instruction/frequency"),
    Step.PARTICIPANTS: _("Participants"),
}
FIELDS = {
    "title": _("Name"),
    "summary": _("In one sentence"),
    "type": _("Scenario type"),
    "use_case": _("Use case"),
    "language": _("Spoken language"),
    "time_limit_minutes": _("Time limit"),
    "fixed_time": _("No extra time"),
    "difficulty": _("Difficulty"),
    "learner_role": _("The learner's role"),
    "context": _("Context"),
    "stakes": _("What is at stake"),
    "objective": _("Objective"),
    "goals": _("Goals"),
    "levers": _("Levers"),
    "facts": _("Facts"),
    "tuning": _("Scenario tuning"),
    "next_step": _("One exercise to do next"),
    "opening": _("First words"),
    "evaluation_template": _("Evaluation template"),
    "evaluation_instructions": _("Evaluation Instructions"),
    "instructions": _("Instructions"),
    "sessions_per_week": _("Frequency"),
    "persona": _("Persona"),
    "persona.name": _("Name of the persona"),
    "persona.job": _("Job"),
    "persona.organization": _("Organization of the persona"),
    "persona.biography": _("Biography"),
    "persona.motivations": _("What they want"),
    "persona.concerns": _("What they worry about"),
    "persona.behaviours": _("How it shows"),
    "persona.ecosystem": _("Ecosystem"),
    "persona.vertical": _("Vertical"),
    "persona.linkedin_url": _("LinkedIn URL"),
    "persona.profile_text": _("Profile text"),
    "persona.trait": _("Personality trait"),
    "persona.emotional_state": _("Emotional state"),
    "persona.communication_style": _("Communication style"),
    "persona.decision_making": _("Decision making process"),
    "persona.voice": _("Voice character"),
}
DIAL_HINTS = {
    Dial.TRAIT: _("What kind of person the learner meets."),
    Dial.EMOTIONAL_STATE: _("The mood in which the conversation begins."),
    Dial.COMMUNICATION_STYLE: _("How the persona talks."),
    Dial.DECISION_MAKING: _("What it takes to get a yes."),
    Dial.VOICE: _("How the persona sounds. Each voice engine plays it with the nearest voice it has."),
}
DIFFICULTY_HINTS = {
    Difficulty.GENTLE: _("One good argument moves the persona, and a misstep is soon forgiven."),
    Difficulty.REALISTIC: _("It takes two or three different good moves; a misstep costs one."),
    Difficulty.DEMANDING: _("Every argument is tested, and missteps are remembered."),
}
TYPE_HINTS = {
    "": _("It sorts the catalog and the report."),
    ScenarioType.SALES: _("Discovery, objections, price, closing."),
    ScenarioType.CUSTOMER_SUCCESS: _("Keeping and growing customers you have: renewals, reviews, bad news."),
    ScenarioType.SUPPORT: _("Helping somebody with a problem, from the first call to the complaint."),
    ScenarioType.LEADERSHIP: _("Leading people: feedback, delegation, change, conflict in a team."),
    ScenarioType.PEOPLE: _("Hiring, annual reviews, absence, and other talks of a people team."),
    ScenarioType.COMPLIANCE: _("Rules that must be kept and explained, even when it is unwelcome."),
    ScenarioType.CAREER: _("One's own path: interviews, salary, networking."),
}
LIMIT_HINTS = {
    5: _("One point, tried quickly."),
    10: _("A whole conversation; the usual length."),
    15: _("Room for a subject with several sides."),
    30: _("As long as a real meeting."),
}
STANDINGS = {
    Standing.DRAFT: (_("Draft"), ""),
    Standing.READY: (_("In use"), "note"),
    Standing.PUBLISHED: (_("In the catalog"), "good"),
    Standing.ARCHIVED: (_("Archived"), "warn"),
}
_PROBLEMS = {
    Problem.MISSING: _("not filled in yet"),
    Problem.TOO_LONG: _("too long"),
    Problem.WRONG: _("cannot be read as it is"),
}
_ROWS = {"goals": _("Goal"), "levers": _("Lever"), "facts": _("Fact")}


def name_of(field: str) -> str:
    """A path such as `goals.0.text` or `persona.motivations.2`, as people read it."""
    first, _dot, rest = field.partition(".")
    if first in _ROWS and rest:
        return f"{_ROWS[first]} {int(rest.split('.')[0]) + 1}"
    while field not in FIELDS and "." in field:
        field = field.rpartition(".")[0]
    return str(FIELDS.get(field, field))


def sentence(reason: Reason) -> str:
    return str(gettext("%(field)s: %(problem)s", field=name_of(reason.field), problem=_PROBLEMS[reason.problem]))


def anchor(reason: Reason, text: Mapping[str, Any]) -> str:
    """The id of the control in which a reason can be put right: there the focus goes."""
    first, _dot, rest = reason.field.partition(".")
    if first == "persona":
        first = rest.partition(".")[0] or "name"
    elif first in _ROWS:
        return _row_anchor(first, rest, text)
    return f"{first}-0" if first in {*DIALS, "difficulty", "evaluation_template"} else first


def _row_anchor(group: str, rest: str, text: Mapping[str, Any]) -> str:
    """Levers stand in two lists on the page, by what they do."""
    number, _dot, part = rest.partition(".")
    if not number.isdecimal():
        return "opens-add" if group == "levers" else f"{group}-add"
    at = int(number)
    if group == "levers":
        levers = text["levers"]
        group = levers[at]["direction"]
        at = sum(1 for lever in levers[:at] if lever["direction"] == group)
    names = [name for name in part.split(".") if name in {"positive", "negative", "better", "asked_by", "lines"}]
    return f"{group}-{at}-{names[0] if names else 'text'}"


def choices_of(options: Mapping[str, Option]) -> list[SelectChoice]:
    """Keys and translated labels, for a field."""
    return [SelectChoice(key, gettext(option.label)) for key, option in options.items()]


def descriptions_of(options: Mapping[str, Option]) -> dict[str, str]:
    return {key: gettext(option.description) for key, option in options.items()}


def told(hints: Mapping[Any, Any]) -> dict[Any, str]:
    """The hints in the language of the page."""
    return {key: str(hint) for key, hint in hints.items()}


def label_in(options: Mapping[str, Option], value: str | None) -> str:
    """A choice as people read it; the author's own words as they are."""
    option = options.get(value or "")
    return str(gettext(option.label)) if option else value or ""


def dials_of(persona: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """For each side of the personality: what it is called, what was chosen, and what that does."""
    shown = []
    for dial, options in DIALS.items():
        option = options.get(persona.get(dial) or "")
        description = str(gettext(option.description)) if option else ""
        shown.append((str(FIELDS[f"persona.{dial}"]), label_in(options, persona.get(dial)), description))
    return shown
