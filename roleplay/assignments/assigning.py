"""Giving a scenario to members: each becomes a participant and gets a practice session that can be followed."""

from collections.abc import Sequence

from sqlalchemy import select

from roleplay.assignments.models import Assignment, Participant, PracticeSession
from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.versions import version_in_use
from tenants import audit
from tenants.db import db
from tenants.errors import Conflict
from tenants.members import Member


def assignment_of(scenario: Scenario) -> Assignment | None:
    return db.session.scalar(select(Assignment).where(Assignment.scenario_id == scenario.id))


def assign(
    scenario: Scenario,
    *,
    members: Sequence[Member],
    sessions_per_week: int | None,
    instructions: str | None,
    by: Member,
) -> Assignment:
    """Gives the version in use to these members. Those who take part already keep what they have.

    Raises `Conflict` `scenario_not_in_use` while there is no version to practise.
    """
    version = version_in_use(scenario)
    if version is None:
        raise Conflict(code="scenario_not_in_use", about=scenario.id)
    assignment = assignment_of(scenario) or Assignment(scenario_id=scenario.id, created_by_id=by.id)
    assignment.sessions_per_week, assignment.instructions = sessions_per_week, instructions
    db.session.add(assignment)
    db.session.flush()
    for member in members:
        _invite(assignment, version, member, by=by)
    db.session.flush()
    return assignment


def _invite(assignment: Assignment, version: ScenarioVersion, member: Member, *, by: Member) -> None:
    known = db.session.scalar(
        select(Participant).where(Participant.assignment_id == assignment.id, Participant.member_id == member.id)
    )
    if known and known.removed_at is None:
        return
    if known:
        known.removed_at, known.invited_by_id = None, by.id
    else:
        db.session.add(Participant(assignment_id=assignment.id, member_id=member.id, invited_by_id=by.id))
    db.session.add(
        PracticeSession(
            member_id=member.id,
            created_by_id=by.id,
            scenario_version_id=version.id,
            name=version.title,
            is_private=False,
        )
    )
    audit.record("participant.invited", by=by, about=assignment.scenario_id, member_id=str(member.id))
