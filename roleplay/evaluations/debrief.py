"""Everything that the debrief of one attempt shows, gathered once."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from roleplay.attempts.models import Attempt, AttemptStatus, Mode, Turn
from roleplay.attempts.transcript import turns_of
from roleplay.evaluations.access import newest_evaluation
from roleplay.evaluations.models import Evaluation, GoalResult
from roleplay.evaluations.speech import SpeechFacts, speech_facts
from roleplay.scenarios.content import ScenarioContent
from tenants.db import db


@dataclass(frozen=True, slots=True)
class Debrief:
    attempt: Attempt
    content: ScenarioContent
    turns: list[Turn]
    evaluation: Evaluation | None
    goals: list[GoalResult]
    """With their evidence loaded."""
    facts: SpeechFacts
    last_score: int | None
    """Of the attempt before this one in the same session."""
    best_score: int | None
    """Of the other attempts in the same session."""

    @property
    def learner(self) -> str:
        return self.attempt.member.name

    @property
    def is_pending(self) -> bool:
        return self.attempt.status in {AttemptStatus.LIVE, AttemptStatus.ENDED, AttemptStatus.EVALUATING}

    @property
    def duration(self) -> timedelta:
        """Time in conversation, pauses left out."""
        end = self.attempt.ended_at or self.attempt.started_at
        return end - self.attempt.started_at - timedelta(milliseconds=self.attempt.paused_ms)


def debrief_of(attempt: Attempt) -> Debrief:
    content = attempt.version.content
    turns = turns_of(attempt)
    evaluation = newest_evaluation(attempt)
    others = _other_scores(attempt)
    earlier = [score for number, score in others if number < attempt.number]
    return Debrief(
        attempt=attempt,
        content=content,
        turns=turns,
        facts=speech_facts(turns, language=content.language, spoken=attempt.mode == Mode.VOICE),
        evaluation=evaluation,
        goals=_goals(evaluation) if evaluation else [],
        last_score=earlier[-1] if earlier else None,
        best_score=max((score for _, score in others), default=None),
    )


def _goals(evaluation: Evaluation) -> list[GoalResult]:
    query = (
        select(GoalResult)
        .where(GoalResult.evaluation_id == evaluation.id)
        .order_by(GoalResult.position)
        .options(selectinload(GoalResult.evidence))
    )
    return list(db.session.scalars(query))


def _other_scores(attempt: Attempt) -> list[tuple[int, int]]:
    """Number and score of the member's other scored attempts in the session, in order."""
    if attempt.practice_session_id is None:
        return []
    query = (
        select(Attempt.number, Evaluation.score)
        .join(Evaluation.attempt)
        .where(
            Attempt.practice_session_id == attempt.practice_session_id,
            Attempt.id != attempt.id,
            Evaluation.score.is_not(None),
        )
        .order_by(Attempt.number)
    )
    return [(number, score) for number, score in db.session.execute(query) if score is not None]
