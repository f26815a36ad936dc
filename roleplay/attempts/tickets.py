"""One-use tickets: how a page that knows who is asking lets that person's browser open the call's socket.

A ticket is `<organization hex>.<secret>`: the organization first, because redeeming starts outside every scope.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select, update

from roleplay.attempts.models import Attempt, AttemptTicket
from tenants.clock import now
from tenants.db import db
from tenants.scope import current_organization_id, organization_scope
from tenants.sign_ins import SignIn, digest

LIFETIME = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Admission:
    organization_id: UUID
    attempt_id: UUID
    member_id: UUID
    sign_in_id: UUID | None


def issue(attempt: Attempt, *, to: SignIn | None) -> str:
    """A ticket for the attempt's own learner, bound to the sign-in that asked for it."""
    secret = secrets.token_urlsafe(32)
    db.session.add(
        AttemptTicket(
            attempt_id=attempt.id,
            sign_in_id=to.id if to else None,
            secret_hash=digest(secret),
            expires_at=now() + LIFETIME,
        )
    )
    return f"{current_organization_id().hex}.{secret}"


def redeem(token: str) -> Admission | None:
    """Uses the ticket up, in a transaction of its own; None when it is unknown, used or too old."""
    organization, _, secret = token.partition(".")
    try:
        organization_id = UUID(hex=organization)
    except ValueError:
        return None
    with organization_scope(organization_id):
        admission = _use(organization_id, secret)
        db.session.commit()
    return admission


def _use(organization_id: UUID, secret: str) -> Admission | None:
    at = now()
    used = db.session.execute(
        update(AttemptTicket)
        .where(
            AttemptTicket.secret_hash == digest(secret),
            AttemptTicket.used_at.is_(None),
            AttemptTicket.expires_at > at,
        )
        .values(used_at=at)
        .returning(AttemptTicket.attempt_id, AttemptTicket.sign_in_id)
    ).one_or_none()
    if used is None:
        return None
    member_id = db.session.scalar(select(Attempt.member_id).where(Attempt.id == used.attempt_id))
    return Admission(organization_id, used.attempt_id, member_id, used.sign_in_id) if member_id else None
