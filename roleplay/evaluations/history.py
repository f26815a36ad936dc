"""Attempts with their results, as lists for people to read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from roleplay.assignments.models import PracticeSession
from roleplay.attempts.models import Attempt, AttemptStatus, EndReason, Mode, Turn
from roleplay.evaluations.models import Evaluation
from roleplay.ports import Speaker
from roleplay.scenarios.models import ScenarioVersion
from tenants.db import db
from tenants.members import Member


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One line of a session's history (feature P6)."""

    id: UUID
    number: int
    mode: Mode
    status: AttemptStatus
    started_at: datetime
    ended_at: datetime | None
    end_reason: EndReason | None
    interactions: int
    """Turns of the learner."""
    score: int | None
    session_name: str


def attempts_in(session: PracticeSession) -> list[AttemptRow]:
    """Every attempt of the session, newest first."""
    here = (Attempt.practice_session_id == session.id, Attempt.status != AttemptStatus.DELETED)
    query = _attempts().where(*here).order_by(Attempt.number.desc())
    return [AttemptRow(*row) for row in db.session.execute(query)]


def recent_attempts(member: Member, *, limit: int) -> list[AttemptRow]:
    """The member's last attempts that are over."""
    query = (
        _attempts()
        .where(Attempt.member_id == member.id, Attempt.status.not_in([AttemptStatus.LIVE, AttemptStatus.DELETED]))
        .order_by(Attempt.started_at.desc())
        .limit(limit)
    )
    return [AttemptRow(*row) for row in db.session.execute(query)]


def _attempts() -> Select[Any]:
    interactions = (
        select(func.count())
        .where(
            Turn.organization_id == Attempt.organization_id,
            Turn.attempt_id == Attempt.id,
            Turn.speaker == Speaker.LEARNER,
        )
        .scalar_subquery()
    )
    score = (
        select(func.max(Evaluation.score))
        .where(Evaluation.organization_id == Attempt.organization_id, Evaluation.attempt_id == Attempt.id)
        .scalar_subquery()
    )
    return select(
        Attempt.id,
        Attempt.number,
        Attempt.mode,
        Attempt.status,
        Attempt.started_at,
        Attempt.ended_at,
        Attempt.end_reason,
        interactions,
        score,
        ScenarioVersion.title,
    ).join(Attempt.version)
