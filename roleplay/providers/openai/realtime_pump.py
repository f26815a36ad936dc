"""The line of a call in gevent's hub: what is said goes out, and what comes is read, without a greenlet of its own."""

from collections.abc import Mapping
from functools import cache
from ssl import SSLContext, create_default_context

from gevent.queue import Empty, SimpleQueue

from roleplay.ports.realtime import Coupling
from roleplay.providers.openai.realtime_line import (
    CONNECT_SECONDS,
    MOST_BYTES,
    Reader,
    lost_line,
    refused,
)
from roleplay.providers.openai.realtime_session import SOUND
from roleplay.sockets.channel import Channel
from roleplay.sockets.codec import NORMAL, TEXT
from roleplay.sockets.dialing import Refused, dial
from roleplay.sockets.wires import couple
from tenants.errors import ProviderFailed


@cache
def _tls() -> SSLContext:
    """One for the process: each holds the certificates of every authority."""
    return create_default_context()


class PumpedLine:
    """See `realtime_line.EngineLine`."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        context = _tls() if url.startswith("wss:") else None
        try:
            dialled = dial(url, headers, seconds=CONNECT_SECONDS, context=context)
        except Refused as answer:
            raise refused(answer.status) from None
        except OSError:
            raise ProviderFailed(code="unreachable", recoverable=True) from None
        self._reader: Reader | None = None
        self._early: SimpleQueue | None = SimpleQueue()
        self._closed = False
        self._channel = Channel(dialled.connected, self, client=True, most=MOST_BYTES, tls=dialled.tls)
        self._channel.start(dialled.already_read)

    def send(self, data: bytes) -> None:
        if not self._channel.send(TEXT, data):
            raise lost_line()

    def receive(self) -> str | bytes:
        assert self._early is not None
        try:
            data: str | bytes | None = self._early.get(timeout=CONNECT_SECONDS)
        except Empty:
            raise TimeoutError from None
        if data is None:
            raise lost_line()
        return data

    def read(self, reader: Reader) -> None:
        assert self._early is not None
        self._reader = reader
        early, self._early = self._early, None
        while not early.empty():
            data = early.get()
            if data is not None:
                reader.take(data)
        if self._closed:
            reader.closed()

    def hold(self, on: bool) -> None:
        self._channel.hold(on)

    def couple(self, browser: Channel) -> Coupling | None:
        return couple(browser, self._channel, SOUND)

    def close(self) -> None:
        self._channel.close(NORMAL)

    def take(self, data: str | bytes) -> None:
        if self._reader:
            self._reader.take(data)
        elif self._early is not None:
            self._early.put(data)

    def pressed(self, full: bool) -> None:
        if self._reader:
            self._reader.pressed(full)

    def closed(self, _code: int) -> None:
        self._closed = True
        if self._reader:
            self._reader.closed()
        elif self._early is not None:
            self._early.put(None)
