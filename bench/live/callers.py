"""Browsers that talk and listen all the time: one frame up and one down every 40 ms, twice what a talk is."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Self

import orjson
from picows import WSCloseCode, WSMsgType, WSTransport, ws_connect

from bench.live.frames import Account, Talker
from bench.live.wire import spare

ORIGIN = "http://localhost"
BEGIN_SECONDS = 30


class Caller(Talker):
    __slots__ = ("gone", "ready")

    def __init__(self, call: int, account: Account, *, binary: bool) -> None:
        super().__init__(call, account, binary=binary)
        self.ready = asyncio.Event()
        self.gone = False

    async def dial(self, url: str, trust: ssl.SSLContext | None = None) -> Self:
        """Returns when the call has begun."""
        await ws_connect(
            lambda: self, url, ssl_context=trust, extra_headers={"Origin": ORIGIN}, websocket_handshake_timeout=60
        )
        await asyncio.wait_for(self.ready.wait(), BEGIN_SECONDS)
        if self.gone:
            raise RuntimeError(f"call {self.track.call} was closed: {self.transport.close_handshake}")
        return self

    def on_ws_connected(self, transport: WSTransport) -> None:
        spare(transport)
        self.transport = transport

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.gone = True
        self.ready.set()

    def pause_writing(self) -> None:
        """What does not fit the socket waits in its transport; a frame is due when it is due."""

    def resume_writing(self) -> None:
        pass

    def hold(self, held: bool) -> None:
        """Stops reading, as a browser does that is stuck."""
        socket = self.transport.underlying_transport
        socket.pause_reading() if held else socket.resume_reading()

    @property
    def waiting(self) -> int:
        """Bytes that the socket has not taken yet."""
        return self.transport.underlying_transport.get_write_buffer_size()

    def leave(self) -> None:
        self.transport.send_close(WSCloseCode.OK)


class RelayCaller(Caller):
    """As the room does it: binary frames, and small JSON beside them."""

    __slots__ = ("_cid", "_item")

    def __init__(self, call: int, account: Account) -> None:
        super().__init__(call, account, binary=True)
        self._item = ""
        self._cid = 0

    def read(self, message: bytes) -> None:
        told = orjson.loads(message)
        if told["type"] == "audio":
            self._begin(told["item"])
        elif told["type"] == "state" and told["state"] in {"thinking", "speaking"}:
            self.ready.set()

    def _begin(self, item: str) -> None:
        """The room accounts for an item when the next one follows."""
        if self._item:
            self._cid += 1
            report = {"type": "played", "cid": f"c{self._cid}", "item": self._item, "ms": self.heard // 48}
            self.transport.send(WSMsgType.TEXT, orjson.dumps(report))
        self._item, self.heard = item, 0


class JsonCaller(Caller):
    """What passes through a plain proxy: the provider's own JSON, end to end."""

    __slots__ = ()

    def __init__(self, call: int, account: Account) -> None:
        super().__init__(call, account, binary=False)

    def read(self, message: bytes) -> None:
        self.ready.set()


async def connect(count: int, make: Callable[[int], Awaitable[Caller]], *, at_once: int = 8) -> list[Caller]:
    """That many callers, each ready to talk."""
    turn = asyncio.Semaphore(at_once)

    async def one(number: int) -> Caller:
        async with turn:
            return await make(number)

    return await asyncio.gather(*map(one, range(count)))
