"""The only way to an evaluation: through the attempt that it judges."""

from uuid import UUID

from sqlalchemy import select

from roleplay.attempts.access import access_attempt
from roleplay.attempts.models import Attempt
from roleplay.evaluations.models import Evaluation
from tenants.db import db
from tenants.errors import NotFound
from tenants.members import Member
from tenants.permissions import Permission


def access_evaluation(member: Member, attempt_id: UUID, *, to: Permission = Permission.ATTEMPTS_READ_ANY) -> Evaluation:
    """The newest evaluation of an attempt that the member may read. `NotFound` also while there is none."""
    evaluation = newest_evaluation(access_attempt(member, attempt_id, to=to))
    if evaluation is None:
        raise NotFound
    return evaluation


def newest_evaluation(attempt: Attempt) -> Evaluation | None:
    """Of an attempt to which the caller has access; None while it waits for a worker."""
    query = select(Evaluation).where(Evaluation.attempt_id == attempt.id).order_by(Evaluation.created_at.desc())
    return db.session.scalar(query.limit(1))
