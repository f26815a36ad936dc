"""Named times at which a call has something to do."""

from collections.abc import Callable
from time import monotonic


class Alarms:
    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._due: dict[str, float] = {}

    def set(self, name: str, seconds: float) -> None:
        """Rings once, that many seconds from now; setting it again moves it."""
        self._due[name] = self._clock() + seconds

    def is_set(self, name: str) -> bool:
        return name in self._due

    def clear(self, *names: str) -> None:
        for name in names:
            self._due.pop(name, None)

    def clear_all(self) -> None:
        self._due.clear()

    @property
    def next_at(self) -> float | None:
        """When the next one rings, by the clock; None when none is set."""
        return min(self._due.values(), default=None)

    def rung(self) -> list[str]:
        """Those that are due, earliest first; they ring no more."""
        now = self._clock()
        due = sorted((at, name) for name, at in tuple(self._due.items()) if at <= now)
        self.clear(*(name for _, name in due))
        return [name for _, name in due]
