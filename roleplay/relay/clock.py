"""The clock of one call, from what the attempt says. Pure: whoever asks brings the time."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from roleplay.attempts.lifecycle import PAUSE_LIMIT
from roleplay.attempts.models import Attempt

FAREWELL = 8
NOTICES = (FAREWELL, 30, 120)
"""Seconds before the end at which the persona is told; at the last it says goodbye."""
_MS = timedelta(milliseconds=1)


@dataclass(slots=True)
class CallClock:
    started_at: datetime
    ends_at: datetime
    paused_at: datetime | None
    paused_ms: int
    _told: int = field(default=max(NOTICES) + 1)

    def follow(self, attempt: Attempt) -> None:
        """Takes over a changed end, pause or extension."""
        self.started_at, self.ends_at = attempt.started_at, attempt.ends_at
        self.paused_at, self.paused_ms = attempt.paused_at, attempt.paused_ms

    def remaining_ms(self, at: datetime) -> int:
        return max(0, round((self.ends_at - (self.paused_at or at)) / _MS))

    def elapsed_ms(self, at: datetime) -> int:
        """Since the attempt started, pauses left out."""
        return max(0, round(((self.paused_at or at) - self.started_at) / _MS) - self.paused_ms)

    def pause_left(self, at: datetime) -> float:
        """Seconds that the pause may go on."""
        paused = self.paused_ms * _MS + (at - (self.paused_at or at))
        return max(0.0, (PAUSE_LIMIT - paused).total_seconds())

    def is_over(self, at: datetime) -> bool:
        return self.paused_at is None and at >= self.ends_at

    def next_notice_in(self, at: datetime) -> float | None:
        """Seconds until the next notice is due; None when all were given or the clock stands still."""
        ahead = [notice for notice in NOTICES if notice < self._told]
        if self.paused_at or not ahead:
            return None
        return max(0.0, self.remaining_ms(at) / 1000 - max(ahead))

    def take_notice(self, at: datetime) -> int | None:
        """The notice that is due, once. Of several missed ones only the last still matters."""
        remaining = self.remaining_ms(at) / 1000
        due = [notice for notice in NOTICES if remaining <= notice < self._told]
        if not due or self.paused_at:
            return None
        self._told = min(due)
        return self._told

    def forget_notices(self, at: datetime) -> None:
        """After an extension, those that lie ahead again are given again."""
        remaining = self.remaining_ms(at) / 1000
        self._told = min((notice for notice in NOTICES if notice >= remaining), default=max(NOTICES) + 1)
