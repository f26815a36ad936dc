"""What a judge is asked: the frozen criteria of the scenario version, and what was said."""

from collections.abc import Iterable, Sequence

from roleplay.attempts.models import Turn, TurnStatus
from roleplay.evaluations.models import Reason
from roleplay.evaluations.quoting import word_count
from roleplay.ports import Criterion, EvaluationRequest, Speaker, SpokenTurn
from roleplay.scenarios.content import Direction, Lever, ScenarioContent
from roleplay.scenarios.options import EVALUATION_TEMPLATES

FEWEST_WORDS = 8
"""A learner who says less in the whole conversation has practised nothing that could be judged."""


def unscorable(turns: Sequence[Turn]) -> Reason | None:
    """Why this conversation cannot be judged; None when it can."""
    learner = [turn for turn in turns if turn.speaker == Speaker.LEARNER]
    words = sum(word_count(turn.text) for turn in learner)
    if words >= FEWEST_WORDS:
        return None
    if words:
        return Reason.TOO_SHORT
    lost = any(turn.status == TurnStatus.NOT_TRANSCRIBED for turn in learner)
    return Reason.NOT_TRANSCRIBED if lost else Reason.NOTHING_SAID


def request_for(content: ScenarioContent, turns: Iterable[Turn], *, language: str) -> EvaluationRequest:
    """The same content and turns give the same request. Turns without words stay out; numbers stay as they are."""
    persona = content.persona
    return EvaluationRequest(
        language=language,
        scenario=f"{content.title}. {content.context}",
        objective=content.objective,
        learner_role=content.learner_role,
        persona=f"{persona.name}, {persona.job}, {persona.organization}",
        goals=tuple(
            Criterion(
                id=goal.id,
                text=goal.text,
                positive=goal.examples.positive,
                negative=goal.examples.negative,
                worked=goal.worked,
                missing=goal.missing,
                better=goal.better,
            )
            for goal in content.goals
        ),
        opens=_criteria(content.levers_that(Direction.OPENS)),
        closes=_criteria(content.levers_that(Direction.CLOSES)),
        turns=tuple(_spoken(turn) for turn in turns if turn.text.strip()),
        instructions=_instructions(content),
        next_step=content.next_step,
    )


def _instructions(content: ScenarioContent) -> str | None:
    """What the author asks the judge to look at, beyond the goals: a template, words of their own, or both."""
    template = EVALUATION_TEMPLATES.get(content.evaluation_template or "")
    said = (f"{template.label}: {template.description}" if template else None, content.evaluation_instructions)
    return "\n".join(filter(None, said)) or None


def _criteria(levers: Iterable[Lever]) -> tuple[Criterion, ...]:
    return tuple(Criterion(lever.id, lever.text, lever.examples.positive, lever.examples.negative) for lever in levers)


def _spoken(turn: Turn) -> SpokenTurn:
    return SpokenTurn(turn.number, Speaker(turn.speaker), turn.text, turn.started_ms, turn.ended_ms)
