"""The only way to a practice session by its id."""

from uuid import UUID

from sqlalchemy import select

from roleplay.assignments.models import PracticeSession
from tenants.db import db
from tenants.errors import NotFound
from tenants.members import Member


def access_own_session(member: Member, session_id: UUID) -> PracticeSession:
    session = db.session.scalar(
        select(PracticeSession).where(PracticeSession.id == session_id, PracticeSession.member_id == member.id)
    )
    if session is None:
        raise NotFound
    return session
