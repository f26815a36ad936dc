"""What went out of the persona's speech, item by item, and how much of it can have been heard.

The browser is the authority (`played`); between its reports the sound is assumed to play from the moment it was sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

BYTES_PER_MS = 48
_LATENCY = 0.25
"""Seconds that a browser may be behind the assumption: network, jitter buffer, sound card."""
_LONG_HEARD = 5.0
"""Seconds after its end from which an item counts as heard, whatever was or was not reported of it."""


@dataclass(slots=True)
class _Item:
    starts: float
    ends: float = 0.0
    given: int = 0
    taken_back: int = 0
    reported_ms: int | None = None
    settled: bool = False

    @property
    def sent_ms(self) -> int:
        return (self.given - self.taken_back) // BYTES_PER_MS


class Playback:
    """One thread sends sound while another controls the call; what both count, each counts for itself."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._items: dict[str, _Item] = {}
        self.until = 0.0
        """When all that was sent will have been played."""
        self._held_at: float | None = None
        self._flushed = ""
        self._guess = 0
        self._touched: list[str] = []

    @property
    def flushed(self) -> str:
        """The item whose cut waits for the browser's account; empty when none does."""
        return self._flushed

    @property
    def is_held(self) -> bool:
        return self._held_at is not None

    @property
    def seconds_left(self) -> float:
        """Until the browser has played all it was sent, if it plays at all."""
        return max(0.0, self.until - self._now())

    @property
    def is_out(self) -> bool:
        return bool(self._items) and self.until + _LATENCY > self._now()

    def sent_ms(self, item: str) -> int:
        known = self._items.get(item)
        return known.sent_ms if known else 0

    def send(self, item: str, size: int) -> None:
        starts = max(self._now(), self.until)
        known = self._items.get(item)
        if known is None:
            known = self._items[item] = _Item(starts)
        known.given += size
        known.ends = self.until = starts + size / (BYTES_PER_MS * 1000)

    def flowed(self, item: str, size: int, until: float) -> None:
        """Sound that went out behind the last piece told here; `until` is when all of it will have been played."""
        known = self._items[item]
        known.given += size
        known.ends = self.until = until

    def take_back(self, item: str, size: int) -> None:
        """Sound that was queued and never left."""
        if item in self._items:
            self._items[item].taken_back += size

    def hold(self) -> None:
        self._held_at = self._now()

    def go_on(self) -> None:
        if self._held_at is not None:
            pause = self._clock() - self._held_at
            self._held_at = None
            self.until += pause
            for item in tuple(self._items.values()):
                item.starts += pause
                item.ends += pause

    def report(self, item: str, ms: int) -> None:
        """What the browser counted; when the last item is through, nothing is out any more."""
        known = self._items.get(item)
        if known is None:
            return
        known.reported_ms = min(ms, known.sent_ms)
        if item == next(reversed(self._items)) and known.reported_ms >= known.sent_ms:
            self.until = min(self.until, self._now() - _LATENCY)

    def cut(self) -> str:
        """Nothing more of what was sent will be played. Returns the item at the playhead, to be asked about."""
        now = self._now()
        started = [name for name, item in tuple(self._items.items()) if item.starts <= now]
        self._flushed = started[-1] if started else next(iter(self._items), "")
        for item in tuple(self._items.values()):
            item.settled = item.settled or item.ends + _LONG_HEARD < now
        self._touched = [name for name, item in tuple(self._items.items()) if not item.settled]
        self._guess = self._estimate(self._items[self._flushed], now) if self._flushed else 0
        self.until = now - _LATENCY
        return self._flushed

    def settle(self) -> list[tuple[str, int, int]]:
        """(item, ms heard, ms sent) for each item that the cut may have touched, each item once. Heard never exceeds
        sent: a provider refuses to truncate behind the end."""
        settled = []
        before = True
        for name in self._touched:
            item = self._items[name]
            before = before and name != self._flushed
            item.settled = True
            settled.append((name, self._heard(name, item, before=before), item.sent_ms))
        self._flushed, self._touched = "", []
        return settled

    def _heard(self, name: str, item: _Item, *, before: bool) -> int:
        if before:
            return item.sent_ms if item.reported_ms is None else item.reported_ms
        guess = self._guess if name == self._flushed else 0
        return min(item.sent_ms, guess if item.reported_ms is None else item.reported_ms)

    def _estimate(self, item: _Item, now: float) -> int:
        return max(0, min(item.sent_ms, round((now - item.starts - _LATENCY / 2) * 1000)))

    def _now(self) -> float:
        return self._clock() if self._held_at is None else self._held_at
