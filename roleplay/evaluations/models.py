"""Evaluations: what a judge said of an attempt, goal by goal, with quotes that were found in the transcript."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roleplay.attempts.models import Attempt, Turn
from roleplay.ports import Verdict
from tenants.db import Model, OrganizationOwned, belongs_to


class EvaluationStatus(StrEnum):
    EVALUATING = "evaluating"
    EVALUATED = "evaluated"
    NOT_SCORED = "not_scored"
    FAILED = "failed"


class Reason(StrEnum):
    """Why there is no score."""

    NOTHING_SAID = "nothing_said"
    NOT_TRANSCRIBED = "not_transcribed"
    """The learner spoke, and none of it could be written down."""
    TOO_SHORT = "too_short"
    NO_GOAL_SCORED = "no_goal_scored"
    """The judge abstained on every goal, or could not quote what it claimed."""
    PROVIDER_FAILED = "provider_failed"
    """The judge could not be reached, or answered nonsense."""
    INTERNAL = "internal"


class Evaluation(OrganizationOwned, Model):
    __tablename__ = "evaluation"
    __table_args__ = (
        belongs_to("attempt", "attempt_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "attempt_id", "rubric_digest"),
        CheckConstraint("score between 0 and 100", name="score_is_a_percentage"),
    )

    attempt_id: Mapped[UUID]
    rubric_digest: Mapped[str] = mapped_column(String(64))
    """Of the scenario version: the same criteria for everyone who practised it."""
    language: Mapped[str] = mapped_column(String(2))
    """Of the feedback."""
    status: Mapped[EvaluationStatus] = mapped_column(String(20))
    reason: Mapped[Reason | None] = mapped_column(String(40))
    score: Mapped[int | None]
    """0–100, computed by `scoring.total`; None when nothing could be scored."""
    judge: Mapped[str | None] = mapped_column(String(80))
    """Who judged, as the debrief says it."""
    summary: Mapped[str] = mapped_column(Text, default="")
    worked: Mapped[list[Any]] = mapped_column(default=list)
    missing: Mapped[list[Any]] = mapped_column(default=list)
    key_moments: Mapped[list[Any]] = mapped_column(default=list)
    """`{"turn": number, "title": …, "suggestion": …}`, in the order of the turns."""
    suggestions: Mapped[list[Any]] = mapped_column(default=list)
    next_step: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    attempt: Mapped[Attempt] = relationship(viewonly=True)
    goals: Mapped[list["GoalResult"]] = relationship(viewonly=True, order_by="GoalResult.position")


class GoalResult(OrganizationOwned, Model):
    __tablename__ = "goal_result"
    __table_args__ = (
        belongs_to("evaluation", "evaluation_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "evaluation_id", "goal_id"),
    )

    evaluation_id: Mapped[UUID]
    position: Mapped[int]
    goal_id: Mapped[str] = mapped_column(String(60))
    goal: Mapped[str] = mapped_column(Text)
    """The goal's text as it was judged."""
    weight: Mapped[int]
    verdict: Mapped[Verdict] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(40))
    """A `scoring.Unscored`, when the verdict is not_scored."""
    score: Mapped[int | None]
    feedback: Mapped[str] = mapped_column(Text)
    better: Mapped[str | None] = mapped_column(Text)

    evidence: Mapped[list["Evidence"]] = relationship(viewonly=True, order_by="Evidence.position")


class Evidence(OrganizationOwned, Model):
    """A quote that code found word for word in a turn of the learner."""

    __tablename__ = "evidence"
    __table_args__ = (
        belongs_to("goal_result", "goal_result_id", ondelete="CASCADE"),
        belongs_to("turn", "turn_id", ondelete="CASCADE"),
        Index("ix_evidence_goal_result", "organization_id", "goal_result_id", "position"),
        Index("ix_evidence_turn", "organization_id", "turn_id"),
    )

    goal_result_id: Mapped[UUID]
    turn_id: Mapped[UUID]
    position: Mapped[int]
    quote: Mapped[str] = mapped_column(Text)

    turn: Mapped[Turn] = relationship(viewonly=True)
