"""Every channel of a process is looked after about once a second, a few at a time."""

from types import SimpleNamespace
from typing import Any

import gevent

from roleplay.sockets.keeper import RINGS, Keeper


class Kept:
    def __init__(self, at_once: list[int]) -> None:
        self.times: list[float] = []
        self.wire = SimpleNamespace(received=3, sent=2)
        self.peak = 7
        self._at_once = at_once

    def keep(self, now: float) -> None:
        self.times.append(now)
        self._at_once.append(len(self.times))


def test_all_of_them_in_turn_and_none_that_is_closed() -> None:
    keeper, order = Keeper(), list[int]()
    channels: list[Any] = [Kept(order) for _ in range(2 * RINGS + 1)]
    for channel in channels:
        keeper.watch(channel)
    closed = channels.pop()
    keeper.release(closed)
    while not all(len(channel.times) > 1 for channel in channels):
        gevent.sleep(0.05)
    assert order == sorted(order), "somebody had a second turn before everybody had a first"
    assert len({channel.times[0] for channel in channels}) > RINGS // 2, "they were looked after all at once"
    assert not closed.times
    assert (keeper.received, keeper.sent, keeper.peak) == (3, 2, 7)
