"""Browsers that talk and listen all the time: one frame up and one down every 40 ms, twice what a talk is."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from typing import Self

import orjson
from picows import WSCloseCode, WSFrame, WSListener, WSTransport, ws_connect

from bench.live.frames import Account, Track
from bench.live.wire import BINARY, CLOSE, TEXT, spare

ORIGIN = "http://localhost"
BEGIN_SECONDS = 30
_DELTA_EVENT = b'{"type":"response.output_audio.delta"'


class Caller(WSListener):
    __slots__ = ("gone", "ready", "track", "transport")

    def __init__(self, call: int, account: Account) -> None:
        self.track = Track(call, account)
        self.ready = asyncio.Event()
        self.transport: WSTransport = None
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

    def speak(self) -> None:
        raise NotImplementedError

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

    __slots__ = ("_cid", "_item", "_played")

    def __init__(self, call: int, account: Account) -> None:
        super().__init__(call, account)
        self._item = ""
        self._played = 0
        self._cid = 0

    def speak(self) -> None:
        self.transport.send(BINARY, self.track.next())

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if kind is BINARY:
            self._played += frame.payload_size
            self.track.check(frame.get_payload_as_bytes())
        elif kind is TEXT:
            self._read(orjson.loads(frame.get_payload_as_bytes()))
        elif kind is CLOSE:
            transport.disconnect()

    def _read(self, message: dict[str, str]) -> None:
        if message["type"] == "audio":
            self._begin(message["item"])
        elif message["type"] == "state" and message["state"] in {"thinking", "speaking"}:
            self.ready.set()

    def _begin(self, item: str) -> None:
        """The room accounts for an item when the next one follows."""
        if self._item:
            self._cid += 1
            report = {"type": "played", "cid": f"c{self._cid}", "item": self._item, "ms": self._played // 48}
            self.transport.send(TEXT, orjson.dumps(report))
        self._item, self._played = item, 0


class JsonCaller(Caller):
    """What passes through a plain proxy: the provider's own JSON, end to end."""

    __slots__ = ()

    def speak(self) -> None:
        self.transport.send(TEXT, self.track.next_append())

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        data = frame.get_payload_as_bytes()
        if data.startswith(_DELTA_EVENT):
            self.track.check_delta(data)
        elif frame.msg_type is TEXT:
            self.ready.set()
        elif frame.msg_type is CLOSE:
            transport.disconnect()


async def connect(count: int, make: Callable[[int], Awaitable[Caller]], *, at_once: int = 8) -> list[Caller]:
    """That many callers, each ready to talk."""
    turn = asyncio.Semaphore(at_once)

    async def one(number: int) -> Caller:
        async with turn:
            return await make(number)

    return await asyncio.gather(*map(one, range(count)))
