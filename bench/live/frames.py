"""Frames of sound that know whose they are and when they were sent, and an account of what came back.

A stamp is 24 bytes, which base64 makes 32 characters with nothing left over: what follows is encoded once for all.
"""

import os
import struct
from array import array
from collections import deque
from dataclasses import dataclass, field
from time import monotonic_ns

from pybase64 import b64encode

FRAME_SECONDS = 0.04
FRAME_BYTES = 1920
STAMP = struct.Struct("<IIQQ")
"""Call, number, nanoseconds at sending, and which content follows."""
CONTENTS = [os.urandom(FRAME_BYTES - STAMP.size) for _ in range(16)]

APPEND = b'{"type":"input_audio_buffer.append","audio":"'
DELTA = b'"delta":"'
END = b'"}'
ENCODED_BYTES = FRAME_BYTES // 3 * 4
_STAMP_CHARACTERS = STAMP.size // 3 * 4
_ENCODED_CONTENTS = [b64encode(content) + END for content in CONTENTS]
_APPENDS = [bytearray(APPEND + bytes(_STAMP_CHARACTERS) + content) for content in _ENCODED_CONTENTS]
_SENT_STAMP = slice(len(APPEND), len(APPEND) + _STAMP_CHARACTERS)
_DELTA_STAMP = slice(-len(DELTA) - ENCODED_BYTES - len(END), _STAMP_CHARACTERS - ENCODED_BYTES - len(END))


@dataclass(slots=True)
class Account:
    """What all callers of a row sent and got back. `delays` are round trips in nanoseconds."""

    sent: int = 0
    received: int = 0
    altered: int = 0
    reordered: int = 0
    measuring: bool = False
    delays: "array[int]" = field(default_factory=lambda: array("Q"))

    @property
    def lost(self) -> int:
        return self.sent - self.received

    def percentiles(self, *shares: float) -> list[float]:
        """In milliseconds."""
        ordered = sorted(self.delays)
        if not ordered:
            return [float("nan")] * len(shares)
        return [ordered[min(len(ordered) - 1, int(len(ordered) * share))] / 1e6 for share in shares]


@dataclass(slots=True)
class Track:
    """One caller's frames: numbered without gaps, and expected back in that order, bit by bit."""

    call: int
    account: Account
    sent: int = 0
    expected: int = 0
    under_way: deque[tuple[bytes, int, int]] = field(default_factory=deque)
    """What a frame's beginning will look like when it comes back, its number, and when it was sent."""

    def next(self) -> bytes:
        """As a browser sends it."""
        number, sent_at = self.sent, monotonic_ns()
        stamp = self._stamp(number, sent_at)
        self.under_way.append((stamp, number, sent_at))
        return stamp + CONTENTS[(self.call + number) % 16]

    def next_append(self) -> bytearray:
        """As the provider takes it; good until the next one."""
        number, sent_at = self.sent, monotonic_ns()
        stamp = b64encode(self._stamp(number, sent_at))
        self.under_way.append((DELTA + stamp, number, sent_at))
        event = _APPENDS[(self.call + number) % 16]
        event[_SENT_STAMP] = stamp
        return event

    def _stamp(self, number: int, sent_at: int) -> bytes:
        self.sent = number + 1
        self.account.sent += 1
        return STAMP.pack(self.call, number, sent_at, (self.call + number) % 16)

    def check(self, frame: bytes) -> None:
        self._compare(frame[: STAMP.size] if len(frame) == FRAME_BYTES else b"", frame, CONTENTS)

    def check_delta(self, event: bytes) -> None:
        """As the provider gives it: what is equal in base64 is equal in every bit."""
        self._compare(event[_DELTA_STAMP], event, _ENCODED_CONTENTS)

    def _compare(self, stamp: bytes, whole: bytes, contents: list[bytes]) -> None:
        account, under_way = self.account, self.under_way
        account.received += 1
        at = 0
        if not under_way or under_way[0][0] != stamp:
            at = next((at for at, (known, _, _) in enumerate(under_way) if known == stamp), -1)
        if at < 0 or not whole.endswith(contents[(self.call + under_way[at][1]) % 16]):
            account.altered += 1
            return
        _, number, sent_at = under_way[at]
        del under_way[at]
        if number < self.expected:
            account.reordered += 1
        else:
            self.expected = number + 1
        if account.measuring:
            account.delays.append(monotonic_ns() - sent_at)
