"""The opening handshake of a client, waiting as gevent waits; afterwards the socket belongs to a channel."""

import _socket
import base64
import hashlib
import os
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from hmac import compare_digest
from urllib.parse import urlsplit

from gevent import Timeout

from roleplay.sockets.tls import Tls

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_MOST_HEAD = 16 * 1024
_PORTS = {"ws": 80, "wss": 443}


class Refused(Exception):
    """The server answered, and not with a WebSocket; `status` is what it said, 0 when that made no sense."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True, slots=True)
class Dialled:
    connected: _socket.socket
    tls: Tls | None
    already_read: bytes
    """What the server said right behind its handshake."""


def dial(url: str, headers: Mapping[str, str], *, seconds: float, context: ssl.SSLContext | None = None) -> Dialled:
    """Raises `Refused`, or an `OSError` when there is no server that speaks (`ssl.SSLError` is one)."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    with Timeout(seconds, TimeoutError(f"no answer within {seconds} seconds")):
        connected = socket.create_connection((host, port))
        try:
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return _shake_hands(connected, url, headers, context)
        except EOFError:
            raise ConnectionAbortedError from None
        finally:
            connected.close()


def raw(connected: socket.socket) -> _socket.socket:
    """The same connection, without the waiting around it; the given one holds nothing any more."""
    family, kind, protocol = connected.family, connected.type, connected.proto
    own = _socket.socket(family, kind, protocol, connected.detach())
    own.setblocking(False)
    return own


def _shake_hands(
    connected: socket.socket, url: str, headers: Mapping[str, str], context: ssl.SSLContext | None
) -> Dialled:
    parts = urlsplit(url)
    tls = None
    if parts.scheme == "wss":
        tls = Tls(context or ssl.create_default_context(), parts.hostname or "")
        tls.shake_hands(connected.sendall, lambda: connected.recv(4096))
    key = base64.b64encode(os.urandom(16)).decode()
    request = _request(url, key, headers)
    connected.sendall(tls.encrypt(request) if tls else request)
    head, behind = _read_head(lambda: _receive(connected, tls))
    _check(head, key)
    return Dialled(raw(connected), tls, behind)


def _receive(connected: socket.socket, tls: Tls | None) -> bytes:
    data = connected.recv(4096)
    if not data:
        raise EOFError
    if tls is None:
        return data
    pieces = [(bytes(piece), owed) for piece, owed in tls.decrypt(data)]
    connected.sendall(b"".join(owed for _, owed in pieces))
    return b"".join(piece for piece, _ in pieces)


def _request(url: str, key: str, headers: Mapping[str, str]) -> bytes:
    parts = urlsplit(url)
    fields = {
        "Host": parts.netloc.rpartition("@")[2],
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Key": key,
        "Sec-WebSocket-Version": "13",
        **headers,
    }
    lines = [f"GET {parts.path or '/'}{'?' if parts.query else ''}{parts.query} HTTP/1.1"]
    return "\r\n".join([*lines, *(f"{name}: {value}" for name, value in fields.items()), "", ""]).encode("ascii")


def _read_head(receive: Callable[[], bytes]) -> tuple[str, bytes]:
    data = receive()
    while b"\r\n\r\n" not in data:
        if len(data) > _MOST_HEAD:
            raise Refused(0)
        data += receive()
    head, _, behind = data.partition(b"\r\n\r\n")
    return head.decode("latin-1"), behind


def _check(head: str, key: str) -> None:
    first, *lines = head.split("\r\n")
    status = 0
    with suppress(ValueError, IndexError):
        status = int(first.split(" ")[1])
    if status != 101:
        raise Refused(status)
    pairs = (line.partition(":") for line in lines)
    fields = {name.strip().lower(): value.strip() for name, _, value in pairs}
    wanted = base64.b64encode(hashlib.sha1((key + _MAGIC).encode(), usedforsecurity=False).digest())
    given = fields.get("sec-websocket-accept", "").encode("latin-1")
    if not compare_digest(given, wanted) or "sec-websocket-extensions" in fields:
        raise Refused(0)
