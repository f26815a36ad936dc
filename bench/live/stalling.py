"""A browser that stops reading while its engine goes on: what it costs, and whether the others notice."""

from collections.abc import Callable

import gevent

from bench.live.callers import Caller, connect, talk
from bench.live.frames import Account
from bench.live.processes import memory_kb

OTHERS = 20
STALLED_SECONDS = 10.0
"""Shorter than what a relay puts up with, so that the sound may not be lost either."""


def stall(make: Callable[[int, Account], Caller], prepare: Callable[[int], None], pid: int) -> dict[str, float]:
    prepare(OTHERS + 1)
    before, during, whole = Account(measuring=True), Account(measuring=True), Account()
    others = connect(OTHERS, lambda number: make(number, before))
    (victim,) = connect(1, lambda _: make(OTHERS, whole))
    everybody = [*others, victim]
    talk(everybody, 3.0)
    for caller in others:
        caller.track.account = during
    kb = memory_kb(pid)
    victim.channel.hold(True)
    victim_speaks_fast(victim, others)
    cost = memory_kb(pid) - kb
    victim.channel.hold(False)
    gevent.sleep(2.0)
    talk(everybody, 1.0)
    gevent.sleep(1.0)
    for caller in everybody:
        caller.leave()
    return {
        "cost_kb": cost,
        "others_p99_before_ms": round(before.percentile(0.99), 2),
        "others_p99_during_ms": round(during.percentile(0.99), 2),
        "lost": whole.lost,
        "altered": whole.altered,
        "reordered": whole.reordered,
        "sent": whole.sent,
    }


def victim_speaks_fast(victim: Caller, others: list[Caller]) -> None:
    """Its engine answers four times faster than it plays: 10 s make about 2 MB, more than any buffer holds."""
    fast = gevent.spawn(_pour, victim)
    talk(others, STALLED_SECONDS)
    fast.kill()


def _pour(victim: Caller) -> None:
    while True:
        for _ in range(4):
            if victim.channel.waiting < 64 * 1024:
                victim.speak()
        gevent.sleep(0.04)
