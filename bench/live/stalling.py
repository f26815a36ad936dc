"""A browser that stops reading while its engine goes on: what it costs, and whether the others notice."""

import asyncio
from collections.abc import Awaitable, Callable

from bench.live.callers import Caller, connect
from bench.live.frames import FRAME_SECONDS, Account
from bench.live.processes import memory_kb
from bench.live.talking import talk

OTHERS = 20
STALLED_SECONDS = 10.0
"""Shorter than what a relay puts up with, so that the sound may not be lost either."""


async def stall(
    make: Callable[[int, Account], Awaitable[Caller]], prepare: Callable[[int], None], pid: int
) -> dict[str, float]:
    prepare(OTHERS + 1)
    before, during, whole = Account(measuring=True), Account(measuring=True), Account()
    others = await connect(OTHERS, lambda number: make(number, before))
    (victim,) = await connect(1, lambda _: make(OTHERS, whole))
    everybody = [*others, victim]
    await talk(everybody, 3.0)
    for caller in others:
        caller.track.account = during
    kb = memory_kb(pid)
    victim.hold(True)
    await victim_speaks_fast(victim, others)
    cost = memory_kb(pid) - kb
    victim.hold(False)
    await asyncio.sleep(2.0)
    await talk(everybody, 1.0)
    await asyncio.sleep(1.0)
    for caller in everybody:
        caller.leave()
    return {
        "cost_kb": cost,
        "others_p99_before_ms": round(before.percentiles(0.99)[0], 2),
        "others_p99_during_ms": round(during.percentiles(0.99)[0], 2),
        "lost": whole.lost,
        "altered": whole.altered,
        "reordered": whole.reordered,
        "sent": whole.sent,
    }


async def victim_speaks_fast(victim: Caller, others: list[Caller]) -> None:
    """Its engine answers four times faster than it plays: 10 s make about 2 MB, more than any buffer holds."""
    fast = asyncio.ensure_future(_pour(victim))
    await talk(others, STALLED_SECONDS)
    fast.cancel()


async def _pour(victim: Caller) -> None:
    while True:
        for _ in range(4):
            if victim.waiting < 64 * 1024:
                victim.speak()
        await asyncio.sleep(FRAME_SECONDS)
