"""Watches every channel of the process, and the hub that they share."""

from time import monotonic
from typing import TYPE_CHECKING, Any

from gevent import get_hub
from prometheus_client import Histogram

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel

RINGS_EVERY = 0.1
RINGS = 10
"""In which every channel is looked after once. All of them at the same time would make the sound of each wait."""

HUB_LAG = Histogram(
    "roleplay_hub_lag_seconds",
    "How late a timer of the hub rang.",
    buckets=(0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
)
ROUND_TRIP = Histogram(
    "roleplay_socket_round_trip_seconds",
    "From a ping to its pong, by the peer.",
    ["peer"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5),
)


class Keeper:
    def __init__(self) -> None:
        self.channels: set[Channel] = set()
        self.received = self.sent = self.peak = 0
        """Of the channels that are closed."""
        self._timer: Any = None
        self._rang_at = 0.0
        self._round: list[Channel] = []
        """Still to be looked after in this one."""
        self._share = 0

    def watch(self, channel: "Channel") -> None:
        self.channels.add(channel)
        if self._timer is None:
            self._timer = get_hub().loop.timer(RINGS_EVERY, RINGS_EVERY)
            self._rang_at = monotonic()
            self._timer.start(self._ring)

    def release(self, channel: "Channel") -> None:
        if channel in self.channels:
            self.channels.remove(channel)
            self.received += channel.wire.received
            self.sent += channel.wire.sent
            self.peak = max(self.peak, channel.peak)

    def round_trip(self, seconds: float, browser: bool) -> None:
        ROUND_TRIP.labels("browser" if browser else "engine").observe(seconds)

    def _ring(self) -> None:
        now = monotonic()
        HUB_LAG.observe(max(0.0, now - self._rang_at - RINGS_EVERY))
        self._rang_at = now
        if not self._round:
            self._round = list(self.channels)
            self._share = -(-len(self._round) // RINGS)
        share, self._round = self._round[: self._share], self._round[self._share :]
        for channel in share:
            if channel in self.channels:
                channel.keep(now)


keeper = Keeper()
