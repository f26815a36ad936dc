"""A wire without the compiled pump: a watcher of its own, and every message through its channel."""

import _socket
import ssl
from typing import TYPE_CHECKING, Any

from gevent import get_hub

from roleplay.sockets.tls import Tls

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel

_READABLE = 1
_BUFFER = bytearray(64 * 1024)
"""Shared by every wire: what is read into it is taken before the next one reads."""
_VIEW = memoryview(_BUFFER)


class Wire:
    """A connected socket that is read, and what its channel and whoever reads it have to know of each other."""

    def __init__(self, channel: "Channel", connected: _socket.socket, tls: Tls | None, masks: bool) -> None:
        self._channel, self._socket, self._tls = channel, connected, tls
        self._watcher: Any = None
        self.missing = 0
        """Bytes that the channel waits for in the middle of a message."""
        self.free = True
        """The socket is open, and nothing waits to be sent."""
        self.deaf = False
        """Nothing more is listened to."""
        self.heard = True
        """Something came since somebody unset this."""
        self.received = self.sent = 0

    def listen(self, on: bool) -> None:
        if self._watcher is None:
            self._watcher = get_hub().loop.io(self._socket.fileno(), _READABLE)
        if on:
            self._watcher.start(self._read)
        else:
            self._watcher.stop()

    def uncouple(self) -> None:
        """Nothing goes past the channel any more."""

    def end(self) -> None:
        self.free = False
        if self._watcher is not None:
            self._watcher.stop()
            self._watcher.close()

    def _read(self) -> None:
        try:
            size = self._socket.recv_into(_BUFFER)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            size = 0
        if not size:
            self._channel.hung_up()
            return
        self.heard = True
        if self.deaf:
            return
        if self._tls is None:
            self._channel.take(_VIEW[:size])
        else:
            self._decrypt(self._tls, _VIEW[:size])

    def _decrypt(self, tls: Tls, data: memoryview) -> None:
        try:
            for piece, owed in tls.decrypt(data):
                self._channel.push(owed)
                self._channel.take(piece)
        except ssl.SSLError:
            self._channel.hung_up()
