"""What people read for the words that code and database use."""

from flask import Flask
from flask_babel import lazy_gettext as _

from roleplay.evaluations.models import Reason
from roleplay.evaluations.scoring import Unscored
from roleplay.ports import Verdict
from roleplay.scenarios.content import ENOUGH_EXAMPLES, Difficulty, ScenarioType
from tenants.permissions import Role

TYPES = {
    ScenarioType.SALES: _("Sales"),
    ScenarioType.CUSTOMER_SUCCESS: _("Customer success"),
    ScenarioType.SUPPORT: _("Support"),
    ScenarioType.LEADERSHIP: _("Leadership"),
    ScenarioType.PEOPLE: _("People & HR"),
    ScenarioType.COMPLIANCE: _("Compliance"),
    ScenarioType.CAREER: _("Career"),
}
DIFFICULTIES = {
    Difficulty.GENTLE: _("Gentle"),
    Difficulty.REALISTIC: _("Realistic"),
    Difficulty.DEMANDING: _("Demanding"),
}
VERDICTS = {
    Verdict.MET: _("Met"),
    Verdict.PARTLY: _("Partly met"),
    Verdict.NOT_MET: _("Not met"),
    Verdict.NOT_SCORED: _("Not scored"),
}
ROLES = {
    Role.OWNER: _("Owner"),
    Role.ADMIN: _("Admin"),
    Role.AUTHOR: _("Author"),
    Role.COACH: _("Coach"),
    Role.LEARNER: _("Learner"),
}
SPOKEN_LANGUAGES = {"en": _("English"), "fr": _("French")}

UNSCORED_REASONS = {
    Reason.NOTHING_SAID: _("Nothing was said in this conversation, so there is nothing to judge."),
    Reason.NOT_TRANSCRIBED: _("You spoke, but none of it could be written down. Check the microphone."),
    Reason.TOO_SHORT: _("There was too little to judge fairly. A few exchanges are enough."),
    Reason.NO_GOAL_SCORED: _("The judge could not tell for any goal, and no score is guessed."),
    Reason.PROVIDER_FAILED: _("The judge could not be reached."),
    Reason.INTERNAL: _("Something failed on our side."),
}
GOAL_REASONS = {
    Unscored.ABSTAINED: _("Not counted: the judge gave no verdict."),
    Unscored.NO_QUOTE: _("Not counted: the judge's quote is not in the transcript."),
    Unscored.NOT_JUDGED: _("Not counted: the judge left this goal out."),
}
_ENGINES = {
    "Practice engine": _("Practice engine"),
    "Practice engine with a dialogue server": _("Practice engine with a dialogue server"),
    "OpenAI Realtime": _("OpenAI Realtime"),
    "Voice server": _("Voice server"),
}


def register(app: Flask) -> None:
    app.jinja_env.globals.update(
        types=TYPES,
        difficulties=DIFFICULTIES,
        spoken_languages=SPOKEN_LANGUAGES,
        verdicts=VERDICTS,
        roles=ROLES,
        unscored_reasons=UNSCORED_REASONS,
        goal_reasons=GOAL_REASONS,
        engine_name=engine_name,
        enough_examples=ENOUGH_EXAMPLES,
    )


def engine_name(label: str | None) -> str:
    """The stored name of an engine or judge, as people read it."""
    return str(_ENGINES.get(label or "", label or "–"))
