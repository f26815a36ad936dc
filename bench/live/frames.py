"""Frames of sound that know when they were sent, and an account of what came back."""

import os
from dataclasses import dataclass, field
from struct import Struct
from time import monotonic_ns

FRAME_SECONDS = 0.04
FRAME_BYTES = 1920
STAMP = Struct("<IIQQ")
"""Call, number, nanoseconds at sending, and which content follows."""
_CONTENTS = [os.urandom(FRAME_BYTES - STAMP.size) for _ in range(64)]


def make(call: int, number: int) -> bytes:
    which = (call * 7 + number) % len(_CONTENTS)
    return STAMP.pack(call, number, monotonic_ns(), which) + _CONTENTS[which]


@dataclass(slots=True)
class Account:
    """What all callers of a row sent and got back. `delays` are round trips in seconds."""

    sent: int = 0
    received: int = 0
    altered: int = 0
    reordered: int = 0
    measuring: bool = False
    delays: list[float] = field(default_factory=list)

    @property
    def lost(self) -> int:
        return self.sent - self.received

    def percentile(self, share: float) -> float:
        """In milliseconds."""
        ordered = sorted(self.delays)
        return 1000 * ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


@dataclass(slots=True)
class Track:
    """One caller's frames: numbered without gaps, and expected back in that order, bit by bit."""

    call: int
    account: Account
    sent: int = 0
    expected: int = 0

    def next(self) -> bytes:
        frame = make(self.call, self.sent)
        self.sent += 1
        self.account.sent += 1
        return frame

    def check(self, frame: bytes) -> None:
        account = self.account
        account.received += 1
        if len(frame) != FRAME_BYTES:
            account.altered += 1
            return
        call, number, sent_at, which = STAMP.unpack_from(frame)
        if (
            call != self.call
            or which != (call * 7 + number) % len(_CONTENTS)
            or frame[STAMP.size :] != _CONTENTS[which]
        ):
            account.altered += 1
            return
        if number != self.expected:
            account.reordered += number < self.expected
        self.expected = max(self.expected, number + 1)
        if account.measuring:
            account.delays.append((monotonic_ns() - sent_at) / 1e9)
