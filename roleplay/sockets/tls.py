"""Encryption without a socket: what comes in is decrypted, what goes out is encrypted, and nothing waits."""

import ssl
from collections.abc import Callable
from typing import Any

_PIECE = bytearray(64 * 1024)
"""Shared by every connection: what is decrypted into it is taken before anything else is."""
_VIEW = memoryview(_PIECE)


class Tls:
    __slots__ = ("_incoming", "_object", "_outgoing", "_raw")

    def __init__(self, context: ssl.SSLContext, host: str | None = None) -> None:
        """As the client of `host`, or as a server."""
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=host is None, server_hostname=host)
        # What the object itself passes reading and writing on to; without it, the way is a little longer.
        self._raw: Any = getattr(self._object, "_sslobj", self._object)

    def shake_hands(self, send: Callable[[bytes], object], receive: Callable[[], bytes]) -> None:
        """Waits in `receive`. Raises `ssl.SSLError` when the two do not agree, `EOFError` when the peer hangs up."""
        while True:
            try:
                self._object.do_handshake()
            except ssl.SSLWantReadError:
                send(self.owed())
                data = receive()
                if not data:
                    raise EOFError from None
                self._incoming.write(data)
            else:
                send(self.owed())
                return

    def encrypt(self, data: bytes) -> bytes:
        self._raw.write(data)
        return self._outgoing.read()

    def owed(self) -> bytes:
        """What the protocol itself wants to say to the peer."""
        return self._outgoing.read() if self._outgoing.pending else b""

    def give(self, data: bytes | memoryview) -> None:
        """What came from the peer, to be read piece by piece."""
        self._incoming.write(data)

    def piece(self) -> memoryview | None:
        """Decrypted, and good until the next one is asked for; None when more has to be given first, or a hang-up was.
        Raises `ssl.SSLError`. A piece takes in a whole record, so that nothing decrypted is left inside."""
        if not self._incoming.pending:
            return None
        try:
            size = int(self._raw.read(len(_PIECE), _PIECE))
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            return None
        return _VIEW[:size] if size else None
