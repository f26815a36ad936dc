"""What a relay process says of itself, in Prometheus' words."""

from collections.abc import Iterator

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from roleplay.relay.switchboard import Switchboard

SOCKET_SECONDS = Histogram(
    "roleplay_call_socket_seconds",
    "How long a browser held its call.",
    buckets=(5, 15, 60, 180, 300, 600, 900, 1800, 3600),
)
SOCKET_FRAMES = Histogram(
    "roleplay_call_socket_frames",
    "Messages between one browser and its call.",
    ["direction"],
    buckets=(10, 100, 1_000, 5_000, 10_000, 20_000, 50_000, 100_000),
)
SOCKET_HIGH_WATER = Histogram(
    "roleplay_call_socket_high_water_bytes",
    "Most that waited for one browser.",
    buckets=(0, 4_096, 16_384, 65_536, 131_072, 262_144, 524_288, 1_048_576),
)
log = structlog.get_logger()


def note_socket(request_id: str, *, seconds: float, received: int, sent: int, high_water: int) -> None:
    """What one browser's part in a call came to: into the sums, and into the log, where the request names the call."""
    SOCKET_SECONDS.observe(seconds)
    SOCKET_FRAMES.labels("received").observe(received)
    SOCKET_FRAMES.labels("sent").observe(sent)
    SOCKET_HIGH_WATER.observe(high_water)
    told = {"seconds": round(seconds, 1), "received": received, "sent": sent, "high_water": high_water}
    log.info("socket closed", request_id=request_id, **told)


class _Calls(Collector):
    def __init__(self, switchboard: Switchboard) -> None:
        self._switchboard = switchboard

    def collect(self) -> Iterator[Metric]:
        yield GaugeMetricFamily("roleplay_live_calls", "Calls of this process.", self._switchboard.live)
        if self._switchboard.in_hub:
            yield from _sockets()


def _sockets() -> Iterator[Metric]:
    from roleplay.sockets.keeper import keeper  # noqa: PLC0415 - needs gevent

    open_now = tuple(keeper.channels)
    yield GaugeMetricFamily("roleplay_open_sockets", "Of browsers and to engines.", len(open_now))
    waiting = sum(channel.waiting for channel in open_now)
    yield GaugeMetricFamily("roleplay_queued_bytes", "What peers have not taken yet.", waiting)
    peak = max((channel.peak for channel in open_now), default=0)
    yield GaugeMetricFamily("roleplay_queue_high_water_bytes", "Most that waited for one peer.", max(keeper.peak, peak))
    frames = CounterMetricFamily("roleplay_frames", "Messages of browsers and engines.", labels=["direction"])
    frames.add_metric(["received"], keeper.received + sum(channel.wire.received for channel in open_now))
    frames.add_metric(["sent"], keeper.sent + sum(channel.wire.sent for channel in open_now))
    yield frames


def measures(switchboard: Switchboard) -> bytes:
    own = CollectorRegistry(auto_describe=False)
    own.register(_Calls(switchboard))
    return generate_latest(own) + generate_latest(REGISTRY)
