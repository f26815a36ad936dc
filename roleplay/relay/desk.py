"""Where the calls of a process are worked on: by a few workers, and not by a thread for each of them.

A call with something to do lies here once, waits its turn, and is taken by one worker at a time, who does a few things
for it and puts it back. A call with nothing to do is not here: it costs no thread, and one bell rings for all of them.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Lock, Thread
from time import monotonic
from typing import Protocol

import structlog
from flask import Flask

from roleplay.relay.bell import Bell

WORKERS = 100
"""At the most. A few do as long as the database answers. When it is away for a moment, each may stay with one call for
seconds, and holds no connection meanwhile."""
MOST_OF_ONE = 20
"""Workers that may be with calls of one owner at a time. They are fewer than there are connections to the database
(30 in a process): one whose writes hang holds up only himself."""

log = structlog.get_logger()


class Case(Protocol):
    @property
    def owner(self) -> Hashable: ...

    @property
    def next_at(self) -> float | None:
        """When there is something to do, by `monotonic`: in the past when it waits already, never when None."""

    def work(self) -> None:
        """Does one thing, or a few that are short. Never called by two at once."""


@dataclass(slots=True)
class _Share:
    in_hand: int = 0
    waiting: list[Case] = field(default_factory=list)
    """Those for which the owner has to be served less first."""


class Desk:
    def __init__(self, app: Flask) -> None:
        self._app = app
        self._lock = Lock()
        self._queue: SimpleQueue[Case] = SimpleQueue()
        self._here: set[Case] = set()
        """What is queued, set aside or in hand."""
        self._shares: dict[Hashable, _Share] = {}
        self._bell = Bell(self.bring)
        self._workers = self._free = 0

    def open(self) -> None:
        self._bell.start()
        self._employ()

    def _employ(self) -> None:
        """One more, unless somebody is free."""
        with self._lock:
            if self._free or self._workers == WORKERS:
                return
            self._workers += 1
            self._free += 1
        Thread(target=self._serve, daemon=True, name=f"desk-{self._workers}").start()

    def bring(self, case: Case) -> None:
        """There is something to do for it. Does not wait."""
        with self._lock:
            if case not in self._here:
                self._here.add(case)
                self._queue.put(case)

    def _serve(self) -> None:
        with self._app.app_context():
            while True:
                case = self._queue.get()
                if self._take(case):
                    self._employ()
                    self._attend(case)

    def _attend(self, case: Case) -> None:
        try:
            case.work()
        except Exception:
            log.exception("work failed")
        finally:
            self._put_back(case)

    def _take(self, case: Case) -> bool:
        with self._lock:
            share = self._shares.setdefault(case.owner, _Share())
            if share.in_hand == MOST_OF_ONE:
                share.waiting.append(case)
                return False
            share.in_hand += 1
            self._free -= 1
            return True

    def _put_back(self, case: Case) -> None:
        """To the end of the queue when there is more to do: it may have come while it was in hand."""
        with self._lock:
            share = self._shares[case.owner]
            share.in_hand -= 1
            self._free += 1
            if share.waiting:
                self._queue.put(share.waiting.pop(0))
            elif not share.in_hand:
                del self._shares[case.owner]
            at = case.next_at
            if at is not None and at <= monotonic():
                self._queue.put(case)
            else:
                self._here.remove(case)
                self._bell.set(case, at)
