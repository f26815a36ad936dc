"""One's own practice, and whether a session can still be practised."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from roleplay.assignments.models import PracticeSession, session_of
from roleplay.scenarios.models import ScenarioVersion
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.errors import Conflict, Forbidden, NotFound
from tenants.members import Member
from tenants.permissions import Permission


def practise(version: ScenarioVersion, *, by: Member) -> PracticeSession:
    """The member's private session for this version: the one there is, or a new one."""
    existing = db.session.scalar(
        select(PracticeSession).where(
            PracticeSession.member_id == by.id,
            PracticeSession.scenario_version_id == version.id,
            PracticeSession.is_private,
        )
    )
    return existing or practise_anew(version, by=by)


def practise_anew(version: ScenarioVersion, *, by: Member) -> PracticeSession:
    """A further private session. Raises `Forbidden` `read_only_seat` for whoever may open sessions and not create."""
    if not by.may(Permission.SESSIONS_CREATE):
        raise Forbidden(code="read_only_seat")
    session = session_of(version)
    session.member_id, session.created_by_id, session.is_private = by.id, by.id, True
    db.session.add(session)
    db.session.flush()
    audit.record("session.created", by=by, about=session.id)
    return session


def closed_because(session: PracticeSession) -> str | None:
    """Why nobody can start an attempt in it any more: `scenario_deleted`, or `scenario_archived` once the deadline has
    passed. None while it can be practised; a missed deadline alone closes nothing."""
    scenario = session.version.scenario
    if scenario.deleted_at:
        return "scenario_deleted"
    passed = session.deadline_at is not None and session.deadline_at < now()
    return "scenario_archived" if scenario.archived_at and passed else None


def instructions_of(session: PracticeSession) -> str | None:
    """Shown to whoever joins: those of the assignment, else those of the text."""
    return session.assignment.instructions if session.assignment else session.version.content.instructions


def begin(session: PracticeSession, *, at: datetime) -> None:
    """From its first attempt on a session stays, whatever becomes of the assignment.

    Raises `Conflict` when it is closed, and `NotFound` when it went away meanwhile.
    """
    if reason := closed_because(session):
        raise Conflict(code=reason, about=session.id)
    touched = update(PracticeSession).where(PracticeSession.id == session.id)
    first = func.coalesce(PracticeSession.begun_at, at)
    if not db.session.scalar(touched.values(begun_at=first).returning(PracticeSession.id)):
        raise NotFound


def count_attempt(session_id: UUID, by: int) -> None:
    """An attempt of the session has ended (+1) or was deleted (-1)."""
    count = PracticeSession.attempt_count + by
    db.session.execute(update(PracticeSession).where(PracticeSession.id == session_id).values(attempt_count=count))
