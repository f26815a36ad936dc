"""What a test about assignments starts from: a scenario in use, given to members, at a moment that the test chooses."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from roleplay.assignments.assigning import assign
from roleplay.assignments.models import Assignment, PracticeSession
from roleplay.scenarios import authoring
from roleplay.scenarios.models import Scenario
from tenants.db import db
from tenants.members import Member
from tenants.organizations import Organization
from tests.authoring import write

PARIS = "Europe/Paris"
WEDNESDAY = datetime(2026, 11, 18, 10, tzinfo=ZoneInfo(PARIS)).astimezone(UTC)


def in_paris(by: Member) -> None:
    """Moves the organization there, where clocks change and midnight is not that of UTC."""
    db.session.get_one(Organization, by.organization_id).time_zone = PARIS


def in_use(by: Member, **changes: object) -> Scenario:
    scenario = write(by, **changes)
    authoring.put_in_use(scenario, by=by)
    return scenario


def give(scenario: Scenario, members: Sequence[Member], *, by: Member, per_week: int | None = None) -> Assignment:
    return assign(scenario, members=members, sessions_per_week=per_week, instructions="Take your time.", by=by)


def sessions_of(member: Member) -> list[PracticeSession]:
    """As the database has them now, in the order of their weeks."""
    query = db.session.query(PracticeSession).populate_existing().filter_by(member_id=member.id)
    return query.order_by(PracticeSession.week, PracticeSession.ordinal, PracticeSession.id).all()
