"""The clock that makes callers talk: every frame at its own time, all of them spread evenly over 40 ms."""

import asyncio
import ctypes
import os
import struct
from collections.abc import Sequence

from bench.live.callers import Caller
from bench.live.frames import Ticker

TICK_NANOSECONDS = 500_000
"""The event loop's own timers count in milliseconds, which would send the frames of 25 calls in one burst."""
_CLOCK_MONOTONIC = 1


async def talk(callers: Sequence[Caller], seconds: float) -> float:
    """All of them talk; returns how late the latest frame was sent, in seconds."""
    ticker = Ticker(callers, seconds)
    loop = asyncio.get_running_loop()
    timer = _timer()

    def ring() -> None:
        os.read(timer, 8)
        ticker.tick()

    loop.add_reader(timer, ring)
    try:
        await ticker.done.wait()
    finally:
        loop.remove_reader(timer)
        os.close(timer)
    return ticker.latest


def _timer() -> int:
    """A descriptor that becomes readable at every tick; Python has these from 3.13 on."""
    libc = ctypes.CDLL(None, use_errno=True)
    timer = libc.timerfd_create(_CLOCK_MONOTONIC, os.O_NONBLOCK | os.O_CLOEXEC)
    every = struct.pack("llll", 0, TICK_NANOSECONDS, 0, TICK_NANOSECONDS)
    if timer < 0 or libc.timerfd_settime(timer, 0, every, None) < 0:
        raise OSError(ctypes.get_errno(), "no timer")
    return int(timer)
