"""Who takes part in a scenario (feature P3). `training` has what became of their sessions."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select

from roleplay.assignments.models import Assignment, Participant
from roleplay.scenarios.models import Scenario
from tenants.db import db
from tenants.identities import Identity
from tenants.members import Member, named


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    member_id: UUID
    name: str
    email: str
    invited_at: datetime


def participants_in(scenario: Scenario, *, limit: int, search: str = "") -> list[ParticipantRow]:
    """Those who take part now, by name; `search` looks for each word in name and e-mail."""
    query = (
        select(Participant.member_id, Identity.name, Identity.email, Participant.joined_at)
        .join(
            Assignment,
            (Assignment.organization_id == Participant.organization_id) & (Assignment.id == Participant.assignment_id),
        )
        .join(Participant.member)
        .join(Identity, Identity.id == Member.identity_id)
        .where(Assignment.scenario_id == scenario.id, Participant.removed_at.is_(None), *named(search))
        .order_by(func.lower(Identity.name))
        .limit(limit)
    )
    return [ParticipantRow(*row) for row in db.session.execute(query)]


def count_participants(scenario: Scenario) -> int:
    """How many take part now."""
    return db.session.scalar(select(func.count()).select_from(participating(scenario).subquery())) or 0


def participating(scenario: Scenario) -> Select[UUID]:
    """The ids of the members who take part now."""
    query = select(Participant.member_id).join(
        Assignment,
        (Assignment.organization_id == Participant.organization_id) & (Assignment.id == Participant.assignment_id),
    )
    return query.where(Assignment.scenario_id == scenario.id, Participant.removed_at.is_(None))
