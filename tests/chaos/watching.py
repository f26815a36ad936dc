"""How long an evaluation whose worker was killed takes to be in somebody's hands again, as the database tells it."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import create_engine, text

EVERY = 0.25
_HELD = text("select id, tries from outbox_entry where leased_until > now() and done_at is null and failed_at is null")
_NOW = text(
    "select id, tries, called_at, done_at, leased_until is not null as held from outbox_entry where id = any(:ids)"
)


@dataclass(frozen=True)
class _Killed:
    entry_id: UUID
    tries: int
    at: float


class Restarts:
    """`note` what is held just before a worker dies; a thread watches when each of it is taken again."""

    def __init__(self, operations_url: str) -> None:
        self._engine = create_engine(operations_url)
        self._killed: list[_Killed] = []
        self._noted: set[tuple[UUID, int]] = set()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self.seconds: list[float] = []
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def held(self) -> list[tuple[UUID, int]]:
        with self._engine.connect() as connection:
            return [(row.id, row.tries) for row in connection.execute(_HELD)]

    def note(self, held: list[tuple[UUID, int]]) -> None:
        at = time.time()
        with self._lock:
            self._killed += [_Killed(*one, at) for one in held if one not in self._noted]
            self._noted |= set(held)

    @property
    def waiting(self) -> int:
        return len(self._killed)

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()
        self._engine.dispose()

    def _watch(self) -> None:
        while not self._stop.wait(EVERY):
            with self._lock:
                killed = list(self._killed)
            if killed:
                self._look(killed)

    def _look(self, killed: list[_Killed]) -> None:
        with self._engine.connect() as connection:
            found = {row.id: row for row in connection.execute(_NOW, {"ids": [one.entry_id for one in killed]})}
        for one in killed:
            row = found[one.entry_id]
            if row.done_at and row.tries == one.tries:
                self._settle(one, None)
            elif row.tries > one.tries:
                taken = row.called_at if row.tries == one.tries + 1 and row.held else datetime.now(UTC)
                self._settle(one, max(0.0, taken.timestamp() - one.at))

    def _settle(self, one: _Killed, seconds: float | None) -> None:
        with self._lock:
            self._killed.remove(one)
            if seconds is not None:
                self.seconds.append(seconds)
