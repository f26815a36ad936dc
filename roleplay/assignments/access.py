"""The only ways to a practice session, and to a participant, by their ids."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from roleplay.assignments.models import Assignment, Participant, PracticeSession
from roleplay.scenarios.models import Scenario
from tenants.db import db
from tenants.errors import NotFound
from tenants.members import Member
from tenants.permissions import Permission


def access_own_session(member: Member, session_id: UUID) -> PracticeSession:
    """To practise it."""
    return _session(session_id, PracticeSession.member_id == member.id)


def access_session(member: Member, session_id: UUID) -> PracticeSession:
    """To look at it: one's own, and assigned ones for whoever may read other members' attempts."""
    mine = PracticeSession.member_id == member.id
    if member.may(Permission.ATTEMPTS_READ_ANY):
        return _session(session_id, mine | PracticeSession.is_private.is_(False))
    return _session(session_id, mine)


def _session(session_id: UUID, visible: ColumnElement[bool]) -> PracticeSession:
    session = db.session.scalar(select(PracticeSession).where(PracticeSession.id == session_id, visible))
    if session is None:
        raise NotFound
    return session


def access_participant(scenario: Scenario, member_id: UUID) -> Participant:
    """Who takes part in a scenario to which the caller has access. `NotFound` also once they were removed."""
    participant = db.session.scalar(
        select(Participant)
        .join(
            Assignment,
            (Assignment.organization_id == Participant.organization_id) & (Assignment.id == Participant.assignment_id),
        )
        .where(
            Assignment.scenario_id == scenario.id,
            Participant.member_id == member_id,
            Participant.removed_at.is_(None),
        )
    )
    if participant is None:
        raise NotFound
    return participant
