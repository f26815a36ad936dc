"""The prompts of the judge: our own instructions, and other people's words as data that cannot end its own block."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from roleplay.ports import Criterion, EvaluationRequest

PROMPTS = Path(__file__).parents[3] / "templates" / "prompts"
LANGUAGES = {"en": "English", "fr": "French", "de": "German", "es": "Spanish", "it": "Italian", "nl": "Dutch"}


@cache
def _environment() -> SandboxedEnvironment:
    """Plain text: nothing is escaped for HTML."""
    return SandboxedEnvironment(loader=FileSystemLoader(PROMPTS), autoescape=False, undefined=StrictUndefined)


def instructions(template: str, *, language: str, marker: str) -> str:
    """Holds no word of a customer: only the markers of this call and the language of the feedback."""
    opening, closing = _markers(marker)
    return (
        _environment()
        .get_template(template)
        .render(opening=opening, closing=closing, language=LANGUAGES.get(language, language))
    )


def case_file(request: EvaluationRequest, *, marker: str, goal: Criterion | None = None) -> str:
    """The conversation, and the one goal to judge or else all of them. What every call shares comes first."""
    shared: dict[str, Any] = {
        "scenario": request.scenario,
        "objective": request.objective,
        "learner_role": request.learner_role,
        "persona": request.persona,
        "transcript": [
            {"number": turn.number, "speaker": turn.speaker.value, "text": turn.text} for turn in request.turns
        ],
        "opens": [lever.text for lever in request.opens],
        "closes": [lever.text for lever in request.closes],
        "author_notes": request.instructions,
    }
    asked = (
        {"goal": _goal(goal)}
        if goal
        else {"goals": [each.text for each in request.goals], "next_step": request.next_step}
    )
    opening, closing = _markers(marker)
    return f"{opening}\n{_json({**shared, **asked})}\n{closing}"


def _goal(goal: Criterion) -> dict[str, Any]:
    return {
        "text": goal.text,
        "positive": list(goal.positive),
        "negative": list(goal.negative),
        "worked": goal.worked,
        "missing": goal.missing,
    }


def _json(data: dict[str, Any]) -> str:
    """Without angle brackets, so that no word in it can look like a marker."""
    return json.dumps(data, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")


def _markers(marker: str) -> tuple[str, str]:
    return f"<material-{marker}>", f"</material-{marker}>"
