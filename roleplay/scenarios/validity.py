"""What a draft still lacks before anyone can practise it. Pure; the reasons come in reading order."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from pydantic import ValidationError

from roleplay.scenarios.content import Persona, ScenarioContent
from roleplay.scenarios.options import Dial
from tenants.errors import Invalid


class Step(StrEnum):
    """The six steps of writing a scenario, in their order."""

    DETAILS = "details"
    PERSONA = "persona"
    PERSONALITY = "personality"
    EVALUATION = "evaluation"
    FREQUENCY = "frequency"
    PARTICIPANTS = "participants"


class Problem(StrEnum):
    MISSING = "missing"
    TOO_LONG = "too_long"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a scenario cannot be practised yet; `field` is a path such as `persona.name` or `goals.0.text`."""

    step: Step
    field: str
    problem: Problem


_STEPS = {
    **dict.fromkeys((f"persona.{dial}" for dial in Dial), Step.PERSONALITY),
    "persona": Step.PERSONA,
    "opening": Step.PERSONA,
    "evaluation_template": Step.EVALUATION,
    "evaluation_instructions": Step.EVALUATION,
    "instructions": Step.FREQUENCY,
    "sessions_per_week": Step.FREQUENCY,
}
_PROBLEMS = {
    "missing": Problem.MISSING,
    "string_too_short": Problem.MISSING,
    "too_short": Problem.MISSING,
    "string_too_long": Problem.TOO_LONG,
    "too_long": Problem.TOO_LONG,
}


def content_of(text: Mapping[str, Any]) -> ScenarioContent:
    """The draft as a whole scenario. Raises `Invalid` `scenario_not_valid` while something is missing."""
    try:
        return ScenarioContent.model_validate(said(text))
    except ValidationError as error:
        raise Invalid(code="scenario_not_valid") from error


def reasons_against(text: Mapping[str, Any]) -> list[Reason]:
    """Empty when the draft can be practised."""
    try:
        ScenarioContent.model_validate(said(text))
    except ValidationError as error:
        found = {_reason(each["loc"], each["type"]) for each in error.errors(include_url=False, include_input=False)}
        return sorted(_most_precise(found), key=lambda reason: (list(Step).index(reason.step), _position(reason.field)))
    return []


def _most_precise(found: set[Reason]) -> list[Reason]:
    """Without "no goals" where a goal says itself what it lacks."""
    return [one for one in found if not any(other.field.startswith(f"{one.field}.") for other in found)]


def said(text: Mapping[str, Any]) -> dict[str, Any]:
    """The draft without what was left blank. The persona is there even when nothing is known of it."""
    kept = {key: value for key, value in text.items() if not _blank(value)}
    persona = {key: value for key, value in (text.get("persona") or {}).items() if not _blank(value)}
    return {**kept, "persona": persona}


def _blank(value: object) -> bool:
    return value is None or value in ("", [], {}) or (isinstance(value, str) and not value.strip())


def _reason(location: tuple[int | str, ...], kind: str) -> Reason:
    field = ".".join(str(part) for part in location)
    step = _STEPS.get(field) or _STEPS.get(str(location[0]) if location else "", Step.DETAILS)
    return Reason(step, field, _PROBLEMS.get(kind, Problem.WRONG))


_ORDER = [*(f"persona.{name}" for name in Persona.model_fields), *ScenarioContent.model_fields]


def _position(field: str) -> tuple[int, str]:
    """In the order in which a scenario is written, the persona before its first words."""
    parts = field.split(".")
    name = ".".join(parts[:2]) if parts[0] == "persona" else parts[0]
    return (_ORDER.index(name) if name in _ORDER else len(_ORDER), field)
