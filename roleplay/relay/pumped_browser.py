"""A browser's socket in gevent's hub: nothing of it waits in a thread or a greenlet but the request that opened it."""

import _socket

import orjson
from gevent.event import Event

from roleplay.relay.browser import Caller
from roleplay.relay.socket import MOST_BYTES
from roleplay.sockets.channel import Channel
from roleplay.sockets.codec import BINARY, TEXT
from roleplay.sockets.queue import Revocable


class PumpedBrowser:
    """See `browser.Browser`."""

    def __init__(self, connected: _socket.socket, *, request_id: str) -> None:
        self.request_id = request_id
        self.is_full = False
        self._channel = Channel(connected, self, client=False, most=MOST_BYTES)
        self._caller: Caller | None = None
        self._gone = Event()

    def listen(self, caller: Caller) -> None:
        self._caller = caller
        self._channel.start()
        self._gone.wait()

    def hold(self, on: bool) -> None:
        self._channel.hold(on)

    def tell(self, kind: str, seq: int, **fields: object) -> None:
        self._channel.send(TEXT, orjson.dumps({"type": kind, "seq": seq, **fields}))

    def sound(self, item: str, pcm: bytes) -> None:
        self._channel.send(BINARY, pcm, Revocable(item, len(pcm)))

    def drop_sound(self) -> dict[str, int]:
        return self._channel.revoke()

    def close(self, code: int) -> None:
        self._channel.close(code)

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
        self._gone.set()
        if self._caller:
            self._caller.gone(self)
