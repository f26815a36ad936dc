"""Giving a scenario to members: each becomes a participant and gets practice sessions that can be followed."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select

from roleplay.assignments import reminding, scheduling
from roleplay.assignments.models import Assignment, Participant, PracticeSession
from roleplay.assignments.weeks import week_of
from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.versions import version_in_use
from tenants import audit
from tenants.clock import now
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
    """Sets how the scenario is practised and invites these members. Those who take part already keep what they have; a
    higher frequency adds to the present week, a lower one holds from the next.

    Raises `Conflict` `scenario_not_in_use` while there is no version to practise.
    """
    version = _version_of(scenario)
    assignment = assignment_of(scenario) or Assignment(scenario_id=scenario.id, created_by_id=by.id)
    db.session.add(assignment)
    change(assignment, sessions_per_week=sessions_per_week, instructions=instructions, by=by)
    db.session.flush()
    if scenario.archived_at is None:
        _invite(assignment, version, members, deadline_at=None, by=by)
    return assignment


def change(assignment: Assignment, *, sessions_per_week: int | None, instructions: str | None, by: Member) -> None:
    """How often it is practised, and what participants are told. What was given stays: a higher frequency adds to the
    present week, a lower one holds from the next, and none brings no further week."""
    if (assignment.sessions_per_week, assignment.instructions) == (sessions_per_week, instructions):
        return
    if assignment.sessions_per_week != sessions_per_week:
        assignment.sessions_per_week, assignment.opened_week = sessions_per_week, None
    assignment.instructions = instructions
    audit.record("assignment.changed", by=by, about=assignment.scenario_id, sessions_per_week=sessions_per_week)


def follow(scenario: Scenario, before: ScenarioVersion | None, *, members: Sequence[Member], by: Member) -> None:
    """After a text was put in use: invites these members. A frequency or instructions that the text changed hold for
    everybody who takes part; what it left alone stays as the assignment has it."""
    assignment, says = assignment_of(scenario), _rhythm_in(_version_of(scenario))
    if assignment and before and says == _rhythm_in(before):
        says = assignment.sessions_per_week, assignment.instructions
    if assignment or members:
        assign(scenario, members=members, sessions_per_week=says[0], instructions=says[1], by=by)


def _rhythm_in(version: ScenarioVersion) -> tuple[int | None, str | None]:
    return version.content.sessions_per_week, version.content.instructions


def invite(scenario: Scenario, members: Sequence[Member], *, deadline_at: datetime | None = None, by: Member) -> int:
    """Makes these members participants, and returns how many were none. `deadline_at` is for a scenario without a
    rhythm; with one, the deadline is the week's end.

    Raises `Conflict` `scenario_not_in_use` or `scenario_archived`.
    """
    version = _version_of(scenario)
    if scenario.archived_at is not None:
        raise Conflict(code="scenario_archived", about=scenario.id)
    assignment = assignment_of(scenario)
    if assignment is None:
        assignment = Assignment(
            scenario_id=scenario.id,
            created_by_id=by.id,
            sessions_per_week=version.content.sessions_per_week,
            instructions=version.content.instructions,
        )
        db.session.add(assignment)
        db.session.flush()
    return len(_invite(assignment, version, members, deadline_at=deadline_at, by=by))


def _version_of(scenario: Scenario) -> ScenarioVersion:
    version = version_in_use(scenario)
    if version is None:
        raise Conflict(code="scenario_not_in_use", about=scenario.id)
    return version


def _invite(
    assignment: Assignment,
    version: ScenarioVersion,
    members: Sequence[Member],
    *,
    deadline_at: datetime | None,
    by: Member,
) -> list[Participant]:
    known = {one.member_id: one for one in db.session.scalars(_among(assignment, members))}
    new = [member for member in members if member.id not in known or known[member.id].removed_at]
    joined = [_join(assignment, member, known.get(member.id), by=by) for member in new]
    db.session.flush()
    if assignment.sessions_per_week:
        zone = scheduling.time_zone()
        scheduling.give_week(assignment, version, joined, week=week_of(now(), zone), zone=zone)
    else:
        scheduling.give_once(assignment, version, joined, deadline_at=deadline_at)
    reminding.announce(joined)
    return joined


def _join(assignment: Assignment, member: Member, known: Participant | None, *, by: Member) -> Participant:
    participant = known or Participant(assignment_id=assignment.id, member_id=member.id, calendar_sequence=0)
    participant.calendar_sequence += 1
    participant.invited_by_id, participant.joined_at, participant.removed_at = by.id, now(), None
    db.session.add(participant)
    audit.record("participant.invited", by=by, about=assignment.scenario_id, member_id=str(member.id))
    return participant


def _among(assignment: Assignment, members: Sequence[Member]) -> Select[Participant]:
    return select(Participant).where(
        Participant.assignment_id == assignment.id, Participant.member_id.in_([member.id for member in members])
    )


def remove(participant: Participant, *, by: Member) -> None:
    """Takes a member out of an assignment: untouched sessions go with their reminders and their place in the calendar,
    practised ones stay."""
    if participant.removed_at is None:
        participant.removed_at = now()
        participant.calendar_sequence += 1
        theirs = (
            PracticeSession.assignment_id == participant.assignment_id,
            PracticeSession.member_id == participant.member_id,
        )
        unpractised = select(PracticeSession).where(*theirs, PracticeSession.attempt_count == 0)
        reminding.tell_of_removal(participant, db.session.scalars(unpractised).all())
        db.session.execute(delete(PracticeSession).where(*theirs, PracticeSession.begun_at.is_(None)))
        audit.record(
            "participant.removed", by=by, about=participant.assignment_id, member_id=str(participant.member_id)
        )


def withdraw(scenario: Scenario, *, by: Member) -> None:
    """Before a scenario goes for good: nobody keeps a to-do that cannot be done. Practised sessions stay."""
    assignment = assignment_of(scenario)
    if assignment:
        still = (Participant.assignment_id == assignment.id, Participant.removed_at.is_(None))
        for participant in db.session.scalars(select(Participant).where(*still)):
            remove(participant, by=by)
