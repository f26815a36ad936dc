"""One's own practice: the session a learner opens from the catalog."""

from sqlalchemy import select

from roleplay.assignments.models import PracticeSession
from roleplay.scenarios.models import ScenarioVersion
from tenants import audit
from tenants.db import db
from tenants.members import Member


def practise(version: ScenarioVersion, *, by: Member) -> PracticeSession:
    """The member's private session for this version: the one there is, or a new one."""
    existing = db.session.scalar(
        select(PracticeSession).where(
            PracticeSession.member_id == by.id,
            PracticeSession.scenario_version_id == version.id,
            PracticeSession.is_private,
        )
    )
    if existing:
        return existing
    session = PracticeSession(
        member_id=by.id, created_by_id=by.id, scenario_version_id=version.id, name=version.title, is_private=True
    )
    db.session.add(session)
    db.session.flush()
    audit.record("session.created", by=by, about=session.id)
    return session
