"""A browser's socket in gevent's hub: nothing of it waits in a thread or a greenlet, and its request is over."""

import _socket
from time import monotonic

import orjson
from gevent.event import Event

from roleplay.relay.browser import Caller
from roleplay.relay.measures import note_socket
from roleplay.relay.socket import MOST_BYTES
from roleplay.sockets.channel import Channel
from roleplay.sockets.codec import BINARY, TEXT


class _Lobby:
    """Keeps one request of the process open as long as any browser is there. A server that is to stop waits for its
    open requests; one for all of them costs what one costs."""

    def __init__(self) -> None:
        self._present = 0
        self._kept = False
        self._emptied = Event()

    def enter(self) -> None:
        self._present += 1

    def leave(self) -> None:
        self._present -= 1
        if not self._present:
            self._emptied.set()

    def stay(self) -> None:
        """Waits, if nobody else does."""
        if self._kept:
            return
        self._kept = True
        while self._present:
            self._emptied.wait()
            self._emptied.clear()
        self._kept = False


_lobby = _Lobby()


class PumpedBrowser:
    """See `browser.Browser`."""

    def __init__(self, connected: _socket.socket, *, request_id: str) -> None:
        self.request_id = request_id
        self.is_full = False
        self.channel = Channel(connected, self, client=False, most=MOST_BYTES)
        self._caller: Caller | None = None
        self._opened_at = monotonic()

    def listen(self, caller: Caller) -> None:
        self._caller = caller
        _lobby.enter()
        self.channel.start()
        _lobby.stay()

    def hold(self, on: bool) -> None:
        self.channel.hold(on)

    def tell(self, kind: str, seq: int, **fields: object) -> None:
        self.channel.send(TEXT, orjson.dumps({"type": kind, "seq": seq, **fields}))

    def sound(self, item: str, pcm: bytes) -> None:
        self.channel.send(BINARY, pcm, item=item)

    def drop_sound(self) -> dict[str, int]:
        return self.channel.revoke()

    def close(self, code: int) -> None:
        self.channel.close(code)

    def take(self, data: str | bytes) -> None:
        if self._caller is None:
            return
        if isinstance(data, bytes):
            self._caller.hear(self, data)
        else:
            self._caller.said(self, data)

    def pressed(self, full: bool) -> None:
        self.is_full = full
        if self._caller:
            self._caller.pressed()

    def closed(self, _code: int) -> None:
        _lobby.leave()
        channel, seconds = self.channel, monotonic() - self._opened_at
        note_socket(
            self.request_id,
            seconds=seconds,
            received=channel.wire.received,
            sent=channel.wire.sent,
            high_water=channel.peak,
        )
        if self._caller:
            self._caller.gone(self)
