"""Delete chat: what was said and how it was judged go for good. The row of the attempt stays, without a word."""

from sqlalchemy import delete

from roleplay.assignments import practising
from roleplay.attempts.models import Attempt, AttemptStatus, AttemptTicket, EndReason, Turn
from roleplay.evaluations.models import Evaluation
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.members import Member


def delete_chat(attempt: Attempt, *, by: Member) -> None:
    """Of an attempt to which the caller has access. One that is live ends here, and is not evaluated.

    A session that has no attempt left is to do again; the number of the attempt is not given twice.
    """
    db.session.refresh(attempt, with_for_update=True)
    if attempt.status == AttemptStatus.DELETED:
        return
    if attempt.status == AttemptStatus.LIVE:
        attempt.ended_at, attempt.end_reason = min(now(), attempt.ends_at), EndReason.LEARNER
    elif attempt.practice_session_id:
        practising.count_attempt(attempt.practice_session_id, -1)
    attempt.status = AttemptStatus.DELETED
    for table in (Evaluation, Turn, AttemptTicket):
        db.session.execute(delete(table).where(table.attempt_id == attempt.id))
    audit.record("attempt.deleted", by=by, about=attempt.id)
