"""Where the calls of a process are worked on: by a few workers, and not by a thread for each of them.

A call with something to do lies here once, waits its turn, and is taken by one worker at a time, who does one thing for
it and puts it back. A call with nothing to do is not here: it costs no thread, and one bell rings for all of them.
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

WORKERS = 20
"""As many as may hold a connection to the database at once, with a third of the pool left for the way in and for the
watch: a worker never waits for a connection, and calls wait here, in order, instead of failing there."""
MOST_OF_ONE = 8
"""Workers that may be with calls of one owner at a time: whoever is slow to write holds up only himself."""

log = structlog.get_logger()


class Case(Protocol):
    @property
    def owner(self) -> Hashable: ...

    @property
    def next_at(self) -> float | None:
        """When there is something to do, by `monotonic`: in the past when it waits already, never when None."""

    def work(self) -> None:
        """Does one thing. Never called by two at once."""


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

    def open(self) -> None:
        self._bell.start()
        for number in range(WORKERS):
            Thread(target=self._serve, daemon=True, name=f"desk-{number}").start()

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
            return True

    def _put_back(self, case: Case) -> None:
        """To the end of the queue when there is more to do: it may have come while it was in hand."""
        with self._lock:
            share = self._shares[case.owner]
            share.in_hand -= 1
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
