"""The only way to an attempt by its id."""

from uuid import UUID

from sqlalchemy import select

from roleplay.attempts.models import Attempt, AttemptStatus
from tenants.db import db
from tenants.errors import Forbidden, NotFound
from tenants.members import Member
from tenants.permissions import Permission


def access_attempt(member: Member, attempt_id: UUID, *, to: Permission = Permission.ATTEMPTS_START) -> Attempt:
    """The attempt, to take part in it (`ATTEMPTS_START`: its own learner alone) or to read it (`ATTEMPTS_READ_ANY`: its
    learner, and those who may read other members' assigned practice). Anything else is `NotFound`."""
    attempt = db.session.scalar(select(Attempt).where(Attempt.id == attempt_id))
    if attempt is None or attempt.status == AttemptStatus.DELETED or not _may(member, attempt, to):
        raise NotFound
    return attempt


def access_to_delete(member: Member, attempt_id: UUID) -> Attempt:
    """The attempt, for whoever may delete what was said in it: private practice its learner, assigned practice those
    with `ATTEMPTS_DELETE`. Raises `Forbidden` `assigned_chat` for a learner who may read it and not delete it."""
    attempt = access_attempt(member, attempt_id, to=Permission.ATTEMPTS_READ_ANY)
    if not may_delete(member, attempt):
        raise Forbidden(code="assigned_chat")
    return attempt


def may_delete(member: Member, attempt: Attempt) -> bool:
    session = attempt.practice_session
    assigned = session is not None and not session.is_private
    return member.may(Permission.ATTEMPTS_DELETE) if assigned else attempt.member_id == member.id


def _may(member: Member, attempt: Attempt, to: Permission) -> bool:
    if attempt.member_id == member.id:
        return member.may(Permission.ATTEMPTS_START)
    session = attempt.practice_session
    assigned = session is not None and not session.is_private
    return to is Permission.ATTEMPTS_READ_ANY and assigned and member.may(to)
