"""Watches every channel of the process, and the hub that they share."""

from time import monotonic
from typing import TYPE_CHECKING, Any

from gevent import get_hub
from prometheus_client import Histogram

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel

LOOK_EVERY = 1.0
LAG_EVERY = 0.1

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
        self._look: Any = None
        self._lag: Any = None
        self._rang_at = 0.0

    def watch(self, channel: "Channel") -> None:
        self.channels.add(channel)
        if self._look is None:
            loop = get_hub().loop
            self._look, self._lag = loop.timer(LOOK_EVERY, LOOK_EVERY), loop.timer(LAG_EVERY, LAG_EVERY)
            self._look.start(self._keep)
            self._rang_at = monotonic()
            self._lag.start(self._measure)

    def release(self, channel: "Channel") -> None:
        if channel in self.channels:
            self.channels.remove(channel)
            self.received += channel.wire.received
            self.sent += channel.wire.sent
            self.peak = max(self.peak, channel.peak)

    def round_trip(self, seconds: float, browser: bool) -> None:
        ROUND_TRIP.labels("browser" if browser else "engine").observe(seconds)

    def _keep(self) -> None:
        now = monotonic()
        for channel in tuple(self.channels):
            channel.keep(now)

    def _measure(self) -> None:
        now = monotonic()
        HUB_LAG.observe(max(0.0, now - self._rang_at - LAG_EVERY))
        self._rang_at = now


keeper = Keeper()
