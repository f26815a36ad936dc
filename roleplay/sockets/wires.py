"""Which wires the channels of a process have: those of the compiled pump where it was built, else plain ones."""

import _socket
from functools import cache
from typing import TYPE_CHECKING, Any

from gevent import get_hub

from roleplay.sockets import plain
from roleplay.sockets.coding import Coding
from roleplay.sockets.tls import Tls

try:
    from roleplay.sockets import pump
except ImportError:
    pump = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel

EVERY = 0.00105
"""Seconds between two looks at sockets that have something to say all the time. It delays them by half of that on
average, and is what makes many cheap: they are read, and what is passed on leaves, in one go."""
_READABLE = 1
_compiled = pump is not None


def go_plain() -> None:
    """For this process, even where the pump was built."""
    global _compiled  # noqa: PLW0603 - chosen once, when a process starts
    _compiled = False


def are_compiled() -> bool:
    return _compiled


def wire(channel: "Channel", connected: _socket.socket, tls: Tls | None, *, masks: bool) -> "plain.Wire | pump.Wire":
    if not _compiled:
        return plain.Wire(channel, connected, tls, masks)
    return pump.Wire(_pulse(get_hub()).pump, channel, connected, tls, masks)


def couple(browser: "Channel", engine: "Channel", coding: Coding) -> "pump.Coupling | None":
    """The two channels, for sound to go between them by itself; None without the pump."""
    if isinstance(browser.wire, plain.Wire) or isinstance(engine.wire, plain.Wire):
        return None
    return pump.Coupling(browser.wire, engine.wire, *coding)


class _Pulse:
    """Has the pump look when something comes after a rest, and from then on at every beat that it finds something."""

    def __init__(self, hub: Any) -> None:
        self.pump = pump.Pump()
        self._something = hub.loop.io(self.pump.fd, _READABLE)
        self._beats = hub.loop.io(self.pump.beats, _READABLE)
        self._something.start(self._wake)

    def _wake(self) -> None:
        self._something.stop()
        self._beats.start(self._beat)
        self._beat()

    def _beat(self) -> None:
        self.pump.beat(EVERY)
        if not self.pump.look():
            self._beats.stop()
            self._something.start(self._wake)


_pulse = cache(_Pulse)
