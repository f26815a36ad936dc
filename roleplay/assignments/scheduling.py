"""The rhythm of an assignment: each week's sessions for each participant, with their deadline at the week's end.

A session is one of (assignment, member, week, ordinal), and the database holds that there is no second: making a week
twice changes nothing. Only the present week is ever made. A week that passed while nothing ran is not made up for,
because nobody could have practised in it.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.dialects.postgresql import insert

from roleplay.assignments.models import Assignment, Participant, PracticeSession
from roleplay.assignments.weeks import share, week_ends_at, week_of
from roleplay.scenarios.models import Scenario, ScenarioVersion
from tenants.clock import now
from tenants.db import db
from tenants.members import Member
from tenants.organizations import Organization
from tenants.scope import current_organization_id

AT_ONCE = 1000
"""Rows in one statement."""


def time_zone() -> str:
    """Of the scope's organization: its weeks begin and end there."""
    return db.session.get_one(Organization, current_organization_id()).time_zone


def open_week() -> int:
    """Makes what is missing of the present week, and returns how many sessions that was. An archived or deleted
    scenario gets no further week."""
    zone = time_zone()
    week = week_of(now(), zone)
    made = 0
    for assignment, version in db.session.execute(_in_rhythm()):
        made += give_week(assignment, version, _participants(assignment), week=week, zone=zone)
        assignment.opened_week = week
    return made


def give_week(
    assignment: Assignment, version: ScenarioVersion, participants: Sequence[Participant], *, week: date, zone: str
) -> int:
    deadline_at = week_ends_at(week, zone)
    rows = [
        {**_said_of(version), **_belonging(assignment, one), "week": week, "ordinal": n, "deadline_at": deadline_at}
        for one in participants
        for n in range(1, share(assignment.sessions_per_week or 0, joined_at=one.joined_at, week=week, zone=zone) + 1)
    ]
    return sum(_insert(rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE))


def give_once(
    assignment: Assignment,
    version: ScenarioVersion,
    participants: Sequence[Participant],
    *,
    deadline_at: datetime | None,
) -> int:
    """One session for each, without a rhythm."""
    rows = [{**_said_of(version), **_belonging(assignment, one), "deadline_at": deadline_at} for one in participants]
    return sum(_insert(rows[start : start + AT_ONCE]) for start in range(0, len(rows), AT_ONCE))


def rhythms() -> list[tuple[UUID, str, date | None]]:
    """Each organization with a rhythm, its time zone, and the earliest of the weeks last opened (operations scope);
    None when one was never opened."""
    opened = func.min(func.coalesce(Assignment.opened_week, date.min))
    query = (
        _in_rhythm()
        .join(Organization, Organization.id == Assignment.organization_id)
        .with_only_columns(Assignment.organization_id, Organization.time_zone, opened)
        .group_by(Assignment.organization_id, Organization.time_zone)
    )
    return [(row[0], row[1], row[2]) for row in db.session.execute(query)]


def _in_rhythm() -> Select[Assignment, ScenarioVersion]:
    """Assignments whose weeks go on, each with the version in use."""
    return (
        select(Assignment, ScenarioVersion)
        .join(
            Scenario,
            (Scenario.organization_id == Assignment.organization_id) & (Scenario.id == Assignment.scenario_id),
        )
        .join(
            ScenarioVersion,
            (ScenarioVersion.organization_id == Scenario.organization_id)
            & (ScenarioVersion.scenario_id == Scenario.id)
            & (ScenarioVersion.number == Scenario.version_number),
        )
        .where(Assignment.sessions_per_week.is_not(None), Scenario.archived_at.is_(None), Scenario.deleted_at.is_(None))
    )


def _participants(assignment: Assignment) -> Sequence[Participant]:
    """Those who take part now and still are active members."""
    query = (
        select(Participant)
        .join(Participant.member)
        .where(
            Participant.assignment_id == assignment.id,
            Participant.removed_at.is_(None),
            Member.deactivated_at.is_(None),
        )
    )
    return db.session.scalars(query).all()


def _said_of(version: ScenarioVersion) -> dict[str, Any]:
    return {
        "scenario_version_id": version.id,
        "name": version.title,
        "type": version.type,
        "persona_name": version.text["persona"]["name"],
        "is_private": False,
    }


def _belonging(assignment: Assignment, participant: Participant) -> dict[str, Any]:
    return {
        "assignment_id": assignment.id,
        "member_id": participant.member_id,
        "created_by_id": participant.invited_by_id,
    }


def _insert(rows: list[dict[str, Any]]) -> int:
    made = insert(PracticeSession).values(rows).on_conflict_do_nothing().returning(PracticeSession.id)
    return len(db.session.execute(made).all())
