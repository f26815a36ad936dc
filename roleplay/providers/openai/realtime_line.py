"""What a call to a Realtime server goes over: messages out, messages in, and nothing of what they mean."""

from collections.abc import Mapping
from contextlib import suppress
from threading import Event, Thread
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect
from websockets.uri import get_proxy, parse_uri

from roleplay.ports.realtime import Coupling
from tenants.errors import ProviderFailed

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel

MOST_BYTES = 16 * 2**20
CONNECT_SECONDS = 10


class Reader(Protocol):
    """Whoever reads a line. On a line of the hub none of these may wait."""

    def take(self, data: str | bytes) -> None: ...

    def pressed(self, full: bool) -> None: ...

    def closed(self) -> None: ...


class EngineLine(Protocol):
    def send(self, data: bytes) -> None:
        """Raises `ProviderFailed` on a line that is dead."""

    def receive(self) -> str | bytes:
        """The next message, before anybody reads. Raises `TimeoutError`, or `ProviderFailed` on a dead line."""

    def read(self, reader: Reader) -> None:
        """Hands on every message from now on; returns at once."""

    def hold(self, on: bool) -> None:
        """Reads no more for a while, so that the server waits."""

    def couple(self, browser: "Channel") -> Coupling | None:
        """See `roleplay.ports.realtime.RealtimeCall`."""

    def close(self) -> None: ...


def lost_line() -> ProviderFailed:
    return ProviderFailed(code="line_lost", recoverable=True)


def refused(status: int) -> ProviderFailed:
    return ProviderFailed(code=f"http_{status}", recoverable=status == 429 or status >= 500)


def is_local(url: str) -> bool:
    return urlsplit(url).hostname in {"127.0.0.1", "localhost", "::1"}


def is_direct(url: str) -> bool:
    """Whether no proxy stands between; through one only the threaded line finds its way."""
    return is_local(url) or get_proxy(parse_uri(url)) is None


class ThreadedLine:
    """A thread that reads; whoever sends waits until the system has taken it."""

    def __init__(self, url: str, headers: Mapping[str, str]) -> None:
        self._socket = _dial(url, headers)
        self._may_read = Event()
        self._may_read.set()

    def send(self, data: bytes) -> None:
        try:
            self._socket.send(data, text=True)
        except (ConnectionClosed, OSError):
            raise lost_line() from None

    def receive(self) -> str | bytes:
        try:
            return self._socket.recv(timeout=CONNECT_SECONDS)
        except ConnectionClosed:
            raise lost_line() from None

    def read(self, reader: Reader) -> None:
        Thread(target=self._read, args=(reader,), daemon=True).start()

    def _read(self, reader: Reader) -> None:
        with suppress(ConnectionClosed):
            for data in self._socket:
                self._may_read.wait()
                reader.take(data)
        reader.closed()

    def hold(self, on: bool) -> None:
        if on:
            self._may_read.clear()
        else:
            self._may_read.set()

    def couple(self, browser: "Channel") -> None:
        return None

    def close(self) -> None:
        self._may_read.set()
        with suppress(Exception):
            self._socket.close()


def _dial(url: str, headers: Mapping[str, str]) -> ClientConnection:
    try:
        return connect(
            url,
            additional_headers=headers,
            proxy=None if is_local(url) else True,
            compression=None,
            max_size=MOST_BYTES,
            open_timeout=CONNECT_SECONDS,
            close_timeout=2,
        )
    except InvalidStatus as answer:
        raise refused(answer.response.status_code) from None
    except (OSError, WebSocketException):
        raise ProviderFailed(code="unreachable", recoverable=True) from None
