"""Work to be done after this transaction, written in it. Postgres is the truth; the queue is only a wake-up call.

`later("evaluate_attempt", attempt_id=…)` adds an entry. Once the outermost transaction has committed, the listeners
given to `when_committed` hear of it, and may fail: the reconciler wakes whatever was not picked up. Whoever performs an
entry takes a lease on it, renews it, and finishes it or puts it back; a lease that runs out is free for the next. Each
lease is one more try, and the number of the try fences off a worker that was paused past its lease.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, delete, event, inspect, or_, select, update
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from tenants import current
from tenants.clock import now
from tenants.db import Model, OrganizationOwned, db

LEASE = timedelta(seconds=30)
UNHEARD_AFTER = timedelta(seconds=8)
"""How long after its last wake-up call an entry that nobody took is called again."""
MOST_TRIES = 5
FIRST_DELAY = timedelta(seconds=5)
"""Before the second try; each further one waits twice as long."""


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
    begun: bool = False
    """Somebody had it in hand before, and was lost or failed."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to perform an entry, until it runs out. `tries` counts this try."""

    entry_id: UUID
    job: str
    arguments: dict[str, Any]
    request_id: str | None
    tries: int


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
    written: list[OutboxEntry] = db.session().info.setdefault("outbox_written", [])
    written.append(entry)
    return entry


@event.listens_for(Session, "after_commit")
def _gather(session: Session) -> None:
    """Fires for savepoints as well. An entry whose savepoint was rolled back is not persistent any more."""
    if not session.in_nested_transaction():
        session.info["outbox_calls"] = [
            Call(entry.organization_id, entry.id)
            for entry in session.info.pop("outbox_written", [])
            if inspect(entry).persistent
        ]


@event.listens_for(Session, "after_transaction_end")
def _deliver(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is not None:
        return
    session.info.pop("outbox_written", None)
    calls: list[Call] = session.info.pop("outbox_calls", [])
    if calls:
        for listener in _listeners:
            listener(calls)


def take(entry_id: UUID) -> Lease | None:
    """Takes the lease on an entry of the scope's organization; None when it is done, given up, or in other hands."""
    at = now()
    row = db.session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.id == entry_id, *_waiting(at))
        .values(leased_until=at + LEASE, tries=OutboxEntry.tries + 1, called_at=at)
        .returning(OutboxEntry.job, OutboxEntry.arguments, OutboxEntry.request_id, OutboxEntry.tries)
    ).one_or_none()
    return Lease(entry_id, row.job, row.arguments, row.request_id, row.tries) if row else None


def renew(lease: Lease) -> bool:
    """Whether the lease still holds; when it does, it holds for another `LEASE`."""
    return _change(lease, leased_until=now() + LEASE)


def finish(lease: Lease) -> bool:
    return _change(lease, done_at=now(), leased_until=None, error=None)


def put_back(lease: Lease, *, error: str) -> bool:
    """The try failed, and another may succeed after a while."""
    delay = FIRST_DELAY * 2 ** (lease.tries - 1)
    return _change(lease, error=error[:200], leased_until=None, called_at=now() + delay)


def give_up(lease: Lease, *, error: str) -> bool:
    """The try failed, and no other will be made."""
    return _change(lease, error=error[:200], leased_until=None, failed_at=now())


def _change(lease: Lease, **values: object) -> bool:
    mine = (OutboxEntry.id == lease.entry_id, OutboxEntry.tries == lease.tries, OutboxEntry.done_at.is_(None))
    changed = update(OutboxEntry).where(*mine).values(**values).returning(OutboxEntry.id)
    return db.session.execute(changed).one_or_none() is not None


def _waiting(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Neither done nor given up, and in nobody's hands."""
    return (
        OutboxEntry.done_at.is_(None),
        OutboxEntry.failed_at.is_(None),
        or_(OutboxEntry.leased_until.is_(None), OutboxEntry.leased_until < at),
    )


def unheard(*, limit: int = 200) -> list[Call]:
    """Entries of any organization that wait and that nobody holds, marked as called again (operations scope).

    Those that were begun come first: whoever had one in hand has kept somebody waiting already.
    """
    at = now()
    waiting = (
        select(OutboxEntry.organization_id, OutboxEntry.id)
        .where(*_waiting(at), OutboxEntry.called_at < at - UNHEARD_AFTER)
        .order_by(OutboxEntry.tries == 0, OutboxEntry.called_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("waiting")
    )
    rows = db.session.execute(
        update(OutboxEntry)
        .where(OutboxEntry.organization_id == waiting.c.organization_id, OutboxEntry.id == waiting.c.id)
        .values(called_at=at)
        .returning(OutboxEntry.organization_id, OutboxEntry.id, OutboxEntry.tries)
    )
    return [Call(row.organization_id, row.id, begun=row.tries > 0) for row in rows]


def is_waiting(job: str) -> bool:
    """Whether an entry for this job of the scope's organization is neither done nor given up."""
    waiting = (OutboxEntry.job == job, OutboxEntry.done_at.is_(None), OutboxEntry.failed_at.is_(None))
    return db.session.scalar(select(OutboxEntry.id).where(*waiting).limit(1)) is not None


def forget_done(*, before: datetime) -> None:
    """Deletes what was done before then, in every organization (operations scope). What was given up stays."""
    db.session.execute(delete(OutboxEntry).where(OutboxEntry.done_at < before))
