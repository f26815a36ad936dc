"""What authors read for the parts of a scenario, and where on the pages each part is written."""

from collections.abc import Mapping

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms.fields.choices import SelectChoice

from roleplay.assignments.overview import Standing
from roleplay.scenarios.content import Difficulty
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


def anchor(reason: Reason) -> str:
    """The id of the control, or of the group of controls, in which a reason can be put right."""
    parts = reason.field.split(".")
    if parts[0] == "persona":
        return parts[1] if len(parts) > 1 else "name"
    if parts[0] == "goals" and len(parts) > 1:
        return "-".join(parts[:3])
    return parts[0]


def choices_of(options: Mapping[str, Option]) -> list[SelectChoice]:
    """Keys and translated labels, for a field."""
    return [SelectChoice(key, gettext(option.label)) for key, option in options.items()]


def descriptions_of(options: Mapping[str, Option]) -> dict[str, str]:
    return {key: gettext(option.description) for key, option in options.items()}


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
