"""Work to be done after this transaction, written in it. Postgres is the truth; the queue is only a wake-up call.

`later("evaluate_attempt", attempt_id=…)` adds an entry. Once the outermost transaction has committed, the listeners
given to `when_committed` hear of it, and may fail: the reconciler wakes whatever was not picked up. Whoever performs an
entry holds a lease on it, renews it, and marks it done; a lease that runs out is free for the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, event, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from tenants import current
from tenants.clock import now
from tenants.db import Model, OrganizationOwned, db
from tenants.scope import current_organization_id

LEASE = timedelta(seconds=30)
UNHEARD_AFTER = timedelta(seconds=8)
"""How long after its last wake-up call an entry that nobody took is called again."""
MOST_TRIES = 5


class OutboxEntry(OrganizationOwned, Model):
    __tablename__ = "outbox_entry"
    __table_args__ = (
        Index("ix_outbox_entry_open", "called_at", postgresql_where="done_at is null and failed_at is null"),
    )

    job: Mapped[str] = mapped_column(String(60))
    arguments: Mapped[dict[str, Any]]
    request_id: Mapped[str | None] = mapped_column(String(64))
    called_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(200))
    """A class name or code; never a message, which could hold what somebody said."""


@dataclass(frozen=True, slots=True)
class Call:
    """Enough to wake a worker: no argument, no content."""

    organization_id: UUID
    entry_id: UUID


Listener = Callable[[list[Call]], None]
_listeners: list[Listener] = []


def when_committed(listener: Listener) -> None:
    if listener not in _listeners:
        _listeners.append(listener)


def later(job: str, **arguments: str | int | bool | UUID | None) -> OutboxEntry:
    entry = OutboxEntry(
        job=job,
        arguments={key: str(value) if isinstance(value, UUID) else value for key, value in arguments.items()},
        request_id=current.request_id.get(),
        called_at=now(),
    )
    db.session.add(entry)
    db.session.flush()
    _pending(db.session()).append(Call(current_organization_id(), entry.id))
    return entry


def _pending(session: Session) -> list[Call]:
    calls: list[Call] = session.info.setdefault("outbox", [])
    return calls


@event.listens_for(Session, "after_commit")
def _mark(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info["outbox_committed"] = True


@event.listens_for(Session, "after_transaction_end")
def _deliver(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None:
        return
    committed = session.info.pop("outbox_committed", False)
    calls: list[Call] = session.info.pop("outbox", [])
    if committed and calls:
        for listener in _listeners:
            listener(calls)


def take(entry_id: UUID) -> OutboxEntry | None:
    """Takes the lease on an entry of the scope's organization; None when it is done, given up, or in other hands."""
    at = now()
    return db.session.scalar(
        update(OutboxEntry)
        .where(
            OutboxEntry.id == entry_id,
            OutboxEntry.done_at.is_(None),
            OutboxEntry.failed_at.is_(None),
            (OutboxEntry.leased_until.is_(None)) | (OutboxEntry.leased_until < at),
        )
        .values(leased_until=at + LEASE, tries=OutboxEntry.tries + 1, called_at=at)
        .returning(OutboxEntry)
    )


def renew(entry_id: UUID) -> None:
    db.session.execute(update(OutboxEntry).where(OutboxEntry.id == entry_id).values(leased_until=now() + LEASE))


def finish(entry_id: UUID) -> None:
    db.session.execute(
        update(OutboxEntry).where(OutboxEntry.id == entry_id).values(done_at=now(), leased_until=None, error=None)
    )


def put_back(entry_id: UUID, *, error: str, for_good: bool, delay: timedelta = timedelta(seconds=5)) -> bool:
    """The try failed. Returns whether the entry is given up: not recoverable, or tried often enough."""
    entry = db.session.scalars(select(OutboxEntry).where(OutboxEntry.id == entry_id)).one()
    given_up = for_good or entry.tries >= MOST_TRIES
    entry.error = error[:200]
    entry.leased_until = None
    entry.called_at = now() + delay
    if given_up:
        entry.failed_at = now()
    return given_up


def unheard(*, limit: int = 200) -> list[Call]:
    """Entries of any organization that wait and that nobody holds, marked as called again (operations scope)."""
    at = now()
    waiting = (
        select(OutboxEntry.organization_id, OutboxEntry.id)
        .where(
            OutboxEntry.done_at.is_(None),
            OutboxEntry.failed_at.is_(None),
            OutboxEntry.called_at < at - UNHEARD_AFTER,
            (OutboxEntry.leased_until.is_(None)) | (OutboxEntry.leased_until < at),
        )
        .order_by(OutboxEntry.called_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    rows = db.session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.organization_id == waiting.c.organization_id, OutboxEntry.id == waiting.c.id)
        .values(called_at=at)
        .returning(OutboxEntry.organization_id, OutboxEntry.id)
    )
    return [Call(row.organization_id, row.id) for row in rows]
