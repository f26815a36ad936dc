"""The audit log: who did what, in the transaction that did it. The application adds and reads entries, no more."""

from typing import Any
from uuid import UUID

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tenants import current
from tenants.db import Model, OrganizationOwned, belongs_to, db
from tenants.members import Member


class AuditEvent(OrganizationOwned, Model):
    __tablename__ = "audit_event"
    __table_args__ = (belongs_to("member", "actor_id"),)

    action: Mapped[str] = mapped_column(String(60))
    """`noun.verb`, past tense: `attempt.started`."""
    actor_id: Mapped[UUID | None]
    """None when the product itself did it (a time limit, a schedule)."""
    object_id: Mapped[UUID | None]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Ids and settings, never what somebody said or a name: an erased person stays erased."""
    request_id: Mapped[str | None] = mapped_column(String(64))


def record(action: str, *, by: Member | None, about: UUID | None = None, **detail: object) -> None:
    db.session.add(
        AuditEvent(
            action=action,
            actor_id=by.id if by else None,
            object_id=about,
            detail=detail,
            request_id=current.request_id.get(),
        )
    )
