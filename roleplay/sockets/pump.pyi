"""What `pump.pyx` shows to Python."""

import _socket

from roleplay.sockets.channel import Channel
from roleplay.sockets.tls import Tls

class Pump:
    @property
    def fd(self) -> int: ...
    @property
    def beats(self) -> int: ...
    def beat(self, seconds: float) -> None: ...
    def look(self) -> int: ...

class Wire:
    missing: int
    free: bool
    deaf: bool
    heard: bool
    received: int
    sent: int
    def __init__(
        self, pump: Pump, channel: Channel, connected: _socket.socket, tls: Tls | None, masks: bool
    ) -> None: ...
    def listen(self, on: bool) -> None: ...
    def uncouple(self) -> None: ...
    def end(self) -> None: ...

class Coupling:
    heard: int
    spoken: int
    until: float
    def __init__(
        self,
        browser: Wire,
        engine: Wire,
        before: bytes,
        begins: bytes,
        item: bytes,
        event: bytes,
        key: bytes,
        behind: bytes,
        bytes_per_second: int,
    ) -> None: ...
    def open_ears(self) -> None: ...
    def open_mouth(self, item: str, until: float) -> None: ...
    def close(self) -> None: ...
