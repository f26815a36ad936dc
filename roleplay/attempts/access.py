"""The only way to an attempt by its id."""

from uuid import UUID

from sqlalchemy import select

from roleplay.attempts.models import Attempt
from tenants.db import db
from tenants.errors import NotFound
from tenants.members import Member
from tenants.permissions import Permission


def access_attempt(member: Member, attempt_id: UUID, *, to: Permission = Permission.ATTEMPTS_START) -> Attempt:
    """The attempt, to take part in it (`ATTEMPTS_START`: its own learner alone) or to read it (`ATTEMPTS_READ_ANY`: its
    learner, and those who may read other members' assigned practice). Anything else is `NotFound`."""
    attempt = db.session.scalar(select(Attempt).where(Attempt.id == attempt_id))
    if attempt is None or not _may(member, attempt, to):
        raise NotFound
    return attempt


def _may(member: Member, attempt: Attempt, to: Permission) -> bool:
    if attempt.member_id == member.id:
        return member.may(Permission.ATTEMPTS_START)
    session = attempt.practice_session
    assigned = session is not None and not session.is_private
    return to is Permission.ATTEMPTS_READ_ANY and assigned and member.may(to)
