"""Rings for whatever has something to do at a certain time. One thread keeps the time for all."""

from collections.abc import Callable, Iterator
from heapq import heappop, heappush
from itertools import count
from threading import Condition, Thread
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

PAUSE = 0.02
"""Seconds between two looks at the least: with many calls something is always due, and it is done together."""


class Bell(Generic[T]):
    """`ring` is called in the thread that keeps the time, and may not wait."""

    def __init__(self, ring: Callable[[T], None]) -> None:
        self._ring = ring
        self._changed = Condition()
        self._numbers = count()
        self._due: list[tuple[float, int]] = []
        self._set: dict[T, tuple[float, int]] = {}
        self._whose: dict[int, T] = {}

    def start(self) -> None:
        Thread(target=self._keep_time, daemon=True, name="bell").start()

    def set(self, whose: T, at: float | None) -> None:
        """Rings once at that time, by `monotonic`, and at no other; never when None."""
        with self._changed:
            known = self._set.pop(whose, None)
            if known:
                del self._whose[known[1]]
            if at is None:
                return
            entry = self._set[whose] = known if known and known[0] == at else self._enter(at)
            self._whose[entry[1]] = whose

    def _enter(self, at: float) -> tuple[float, int]:
        """What was set before stays in the heap, nobody's, until its time comes."""
        entry = (at, next(self._numbers))
        heappush(self._due, entry)
        if self._due[0] is entry:
            self._changed.notify()
        return entry

    def _keep_time(self) -> None:
        while True:
            for whose in self._wait():
                self._ring(whose)

    def _wait(self) -> list[T]:
        with self._changed:
            self._changed.wait(max(PAUSE, self._due[0][0] - monotonic()) if self._due else None)
            return [self._forget(number) for number in self._rung() if number in self._whose]

    def _rung(self) -> Iterator[int]:
        now = monotonic()
        while self._due and self._due[0][0] <= now:
            yield heappop(self._due)[1]

    def _forget(self, number: int) -> T:
        whose = self._whose.pop(number)
        del self._set[whose]
        return whose
