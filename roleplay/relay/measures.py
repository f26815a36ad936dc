"""What a relay process says of itself, in Prometheus' words."""

from collections.abc import Iterator

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from roleplay.relay.switchboard import Switchboard


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
    frames.add_metric(["received"], keeper.received + sum(channel.received for channel in open_now))
    frames.add_metric(["sent"], keeper.sent + sum(channel.sent for channel in open_now))
    yield frames


def measures(switchboard: Switchboard) -> bytes:
    own = CollectorRegistry(auto_describe=False)
    own.register(_Calls(switchboard))
    return generate_latest(own) + generate_latest(REGISTRY)
