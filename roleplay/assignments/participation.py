"""Who takes part in a scenario, and what has become of their sessions (feature P3)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from roleplay.assignments.models import Assignment, Participant, PracticeSession, status_of
from roleplay.scenarios.models import Scenario, ScenarioVersion
from tenants.db import db
from tenants.identities import Identity
from tenants.members import Member


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    member_id: UUID
    name: str
    email: str
    invited_at: datetime


@dataclass(frozen=True, slots=True)
class ParticipationRow:
    """One session that a participant was given."""

    session_id: UUID
    name: str
    attempts: int
    deadline_at: datetime | None
    created_at: datetime

    @property
    def status(self) -> str:
        return status_of(self.attempts, self.deadline_at)


def participants_in(scenario: Scenario, *, limit: int) -> list[ParticipantRow]:
    """Those who take part now, by name."""
    query = (
        select(Participant.member_id, Identity.name, Identity.email, Participant.joined_at)
        .join(
            Assignment,
            (Assignment.organization_id == Participant.organization_id) & (Assignment.id == Participant.assignment_id),
        )
        .join(Participant.member)
        .join(Identity, Identity.id == Member.identity_id)
        .where(Assignment.scenario_id == scenario.id, Participant.removed_at.is_(None))
        .order_by(func.lower(Identity.name))
        .limit(limit)
    )
    return [ParticipantRow(*row) for row in db.session.execute(query)]


def participating(scenario: Scenario) -> set[UUID]:
    """The ids of the members who take part now."""
    query = select(Participant.member_id).join(
        Assignment,
        (Assignment.organization_id == Participant.organization_id) & (Assignment.id == Participant.assignment_id),
    )
    here = query.where(Assignment.scenario_id == scenario.id, Participant.removed_at.is_(None))
    return set(db.session.scalars(here))


def participation_in(scenario: Scenario, *, limit: int) -> list[ParticipationRow]:
    """The sessions that were given out with this scenario, newest first; private practice stays private."""
    query = (
        select(
            PracticeSession.id,
            Identity.name,
            PracticeSession.attempt_count,
            PracticeSession.deadline_at,
            PracticeSession.created_at,
        )
        .join(PracticeSession.version)
        .join(
            Member,
            (Member.organization_id == PracticeSession.organization_id) & (Member.id == PracticeSession.member_id),
        )
        .join(Identity, Identity.id == Member.identity_id)
        .where(ScenarioVersion.scenario_id == scenario.id, PracticeSession.is_private.is_(False))
        .order_by(PracticeSession.created_at.desc(), PracticeSession.id)
        .limit(limit)
    )
    return [ParticipationRow(*row) for row in db.session.execute(query)]
