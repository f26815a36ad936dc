"""A member's sessions and attempts with their results, as lists for people to read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from roleplay.assignments.models import PracticeSession
from roleplay.attempts.models import Attempt, AttemptStatus, Mode, Turn
from roleplay.evaluations.models import Evaluation
from roleplay.ports import Speaker
from roleplay.scenarios.models import ScenarioVersion
from tenants.clock import now
from tenants.db import db
from tenants.members import Member


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One line of the to-do list (feature P1)."""

    id: UUID
    name: str
    type: str
    persona: str
    deadline_at: datetime | None
    created_at: datetime
    attempts: int
    best_score: int | None

    @property
    def status(self) -> str:
        """Completed with at least one attempt; else overdue once the deadline has passed; else to do."""
        if self.attempts:
            return "completed"
        return "overdue" if self.deadline_at and self.deadline_at < now() else "to_do"


@dataclass(frozen=True, slots=True)
class AttemptRow:
    """One line of a session's history (feature P6)."""

    id: UUID
    number: int
    mode: Mode
    status: AttemptStatus
    started_at: datetime
    ended_at: datetime | None
    interactions: int
    """Turns of the learner."""
    score: int | None
    session_name: str


def sessions_of(member: Member, *, limit: int) -> list[SessionRow]:
    """Newest first; an attempt counts once it has ended."""
    ended = Attempt.status != AttemptStatus.LIVE
    query = (
        select(
            PracticeSession.id,
            PracticeSession.name,
            ScenarioVersion.type,
            ScenarioVersion.text["persona"]["name"].astext,
            PracticeSession.deadline_at,
            PracticeSession.created_at,
            func.count(Attempt.id.distinct()).filter(ended),
            func.max(Evaluation.score),
        )
        .join(PracticeSession.version)
        .outerjoin(
            Attempt,
            (Attempt.organization_id == PracticeSession.organization_id)
            & (Attempt.practice_session_id == PracticeSession.id),
        )
        .outerjoin(
            Evaluation,
            (Evaluation.organization_id == Attempt.organization_id) & (Evaluation.attempt_id == Attempt.id),
        )
        .where(PracticeSession.member_id == member.id)
        .group_by(
            PracticeSession.organization_id, PracticeSession.id, ScenarioVersion.organization_id, ScenarioVersion.id
        )
        .order_by(PracticeSession.created_at.desc())
        .limit(limit)
    )
    return [SessionRow(*row) for row in db.session.execute(query)]


def attempts_in(session: PracticeSession) -> list[AttemptRow]:
    """Every attempt of the session, newest first."""
    query = _attempts().where(Attempt.practice_session_id == session.id).order_by(Attempt.number.desc())
    return [AttemptRow(*row) for row in db.session.execute(query)]


def recent_attempts(member: Member, *, limit: int) -> list[AttemptRow]:
    """The member's last attempts that are over."""
    query = (
        _attempts()
        .where(Attempt.member_id == member.id, Attempt.status != AttemptStatus.LIVE)
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
        interactions,
        score,
        ScenarioVersion.title,
    ).join(Attempt.version)
