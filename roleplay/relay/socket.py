"""The transport under flask-sock, with what it leaves open closed before the handshake.

* simple-websocket drops what `send` could not send at once, which under gevent corrupts the stream of a browser that
  stalls: every send is whole here, one at a time, and gives up on a browser that takes nothing for long.
* It accepts compression, which costs twice the processor time and saves nothing on sound: it is not offered here.
* Nagle's algorithm holds small frames back: it is off.

Message size and pings are options of flask-sock (`THREADED`); the Origin is checked in `route`. With calls pumped in
the hub, only the handshake is flask-sock's: its reader never starts, and the connection is taken over (`take_over`).
"""

import _socket
import socket
from threading import Lock
from typing import Any

from flask import Flask

from roleplay.sockets.dialing import raw

MOST_BYTES = 64 * 1024
THREADED = {"ping_interval": 20, "max_message_size": MOST_BYTES, "receive_bytes": 16 * 1024}
SEND_SECONDS = 15
_SOCKET_KEYS = ("gunicorn.socket", "werkzeug.socket")


class WholeSends:
    """A socket whose `send` sends everything or fails."""

    def __init__(self, wrapped: socket.socket) -> None:
        # Reads follow a select, so the limit meets only sends.
        wrapped.settimeout(SEND_SECONDS)
        self._socket = wrapped
        self._lock = Lock()

    def send(self, data: bytes) -> int:
        with self._lock:
            try:
                self._socket.sendall(data)
            except TimeoutError:
                self._abandon()
                raise
        return len(data)

    def _abandon(self) -> None:
        """Half a frame may be out: nothing that follows could be understood."""
        self._socket.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._socket, name)


class _NoReader:
    """In the place of the thread that would read."""

    name = ""

    def __init__(self, target: object) -> None:
        pass

    def start(self) -> None:
        pass


PUMPED = {"thread_class": _NoReader}


def configure(app: Flask, *, in_hub: bool) -> None:
    app.config["SOCK_SERVER_OPTIONS"] = PUMPED if in_hub else THREADED


def prepare(environ: dict[str, Any], *, in_hub: bool) -> None:
    environ.pop("HTTP_SEC_WEBSOCKET_EXTENSIONS", None)
    for key in _SOCKET_KEYS:
        if key in environ:
            environ[key].setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if not in_hub:
                environ[key] = WholeSends(environ[key])


def take_over(transport: Any) -> _socket.socket:
    """The connection behind flask-sock's transport, which is closed for everybody else."""
    connected = raw(transport.sock)
    transport.connected = False
    return connected
