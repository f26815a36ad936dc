"""Two channels with a call between them, as small as can be, and the peers at their far ends."""

import socket
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from time import monotonic

import gevent

from roleplay.providers.openai.realtime_events import read_sound
from roleplay.providers.openai.realtime_session import SOUND, audio_frame
from roleplay.sockets import wires
from roleplay.sockets.channel import Channel
from roleplay.sockets.codec import BINARY, CLOSE, TEXT, Parser
from roleplay.sockets.dialing import raw
from roleplay.sockets.tls import Tls
from tests.relay.tls_peer import Server

SECONDS = 5.0


class Side:
    """A channel, and the peer at the other end of its socket."""

    def __init__(
        self, take: Callable[[str | bytes], None], *, client: bool, shaken: tuple[Tls, Server] | None = None
    ) -> None:
        ours, self.peer = socket.socketpair()
        self.peer.setblocking(False)
        self.take, self.full, self.code = take, False, 0
        self._server = shaken[1] if shaken else None
        self.channel = Channel(raw(ours), self, client=client, most=2**17, tls=shaken[0] if shaken else None)
        self._parser = Parser(masked=client, most=2**24)
        self.got: list[str | bytes] = []
        self.channel.start()

    def pressed(self, full: bool) -> None:
        self.full = full

    def closed(self, code: int) -> None:
        self.code = code

    def sealed(self, data: bytes) -> bytes:
        return self._server.write(data) if self._server else data

    def read(self) -> None:
        try:
            while data := self.peer.recv(65_536):
                data = self._server.read(data) if self._server else data
                self.got += [payload for opcode, payload in self._parser.feed(data) if opcode != CLOSE]
        except BlockingIOError:
            pass


class Pair:
    """A browser and an engine, and a call between them that looks at every piece of sound unless it flows."""

    def __init__(self, shaken: tuple[Tls, Server] | None = None) -> None:
        self.browser, self.engine = Side(self._hear, client=False), Side(self._speak, client=True, shaken=shaken)
        self.coupling = wires.couple(self.browser.channel, self.engine.channel, SOUND)
        self.others: list[str] = []
        self.looked_at = self.heard = self.spoken = 0
        self._last: str | None = None

    def _hear(self, data: str | bytes) -> None:
        if isinstance(data, str):
            self._happen(data)
        elif len(data) % 2 == 0:
            self.looked_at += 1
            self.heard += len(data)
            self.engine.channel.send(TEXT, audio_frame(data))
            if self.coupling:
                self.coupling.open_ears()

    def _speak(self, data: str | bytes) -> None:
        sound = read_sound(data)
        if sound is None:
            self._happen(str(data))
            return
        (item, pcm), event = sound
        if event is None or event != self._last:
            self.looked_at += 1
            self.spoken += len(pcm)
            self.browser.channel.send(BINARY, pcm, item=item)
            if self.coupling:
                self.coupling.open_mouth(item, 0.0)
        self._last = event

    def _happen(self, what: str) -> None:
        self._last = None
        self.others.append(what)
        if self.coupling:
            self.coupling.close()

    @property
    def accounted(self) -> tuple[int, int]:
        flowed = (self.coupling.heard, self.coupling.spoken) if self.coupling else (0, 0)
        return self.heard + flowed[0], self.spoken + flowed[1]

    def pour(self, data: bytes) -> None:
        """From the engine, while the browser reads nothing."""
        self.engine.peer.setblocking(True)
        self.engine.peer.sendall(data)
        self.engine.peer.setblocking(False)
        gevent.sleep(0.0015)

    def feed(self, *, browser: Iterable[bytes] = (), engine: Iterable[bytes] = ()) -> None:
        for side, pieces in ((self.browser, browser), (self.engine, engine)):
            for piece in pieces:
                self._push(side, side.sealed(piece))

    def _push(self, side: Side, data: bytes) -> None:
        while data:
            with suppress(BlockingIOError):
                data = data[side.peer.send(data) :]
            gevent.sleep(0)
            self.browser.read()
            self.engine.read()

    def wait(self, done: Callable[[], bool]) -> None:
        deadline = monotonic() + SECONDS
        while not done():
            assert monotonic() < deadline, "it did not come"
            gevent.sleep(0.0005)
            self.browser.read()
            self.engine.read()


@contextmanager
def pair(*, compiled: bool, shaken: tuple[Tls, Server] | None = None) -> Iterator[Pair]:
    before = wires._compiled
    wires._compiled = compiled
    made = Pair(shaken)
    try:
        yield made
    finally:
        wires._compiled = before
        for side in (made.browser, made.engine):
            side.channel.hung_up()
            side.peer.close()
