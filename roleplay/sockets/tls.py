"""Encryption without a socket: what comes in is decrypted, what goes out is encrypted, and nothing waits."""

import ssl
from collections.abc import Callable, Iterator

_PIECE = bytearray(64 * 1024)
"""Shared by every connection: what is decrypted into it is taken before anything else is."""
_VIEW = memoryview(_PIECE)


class Tls:
    __slots__ = ("_incoming", "_object", "_outgoing")

    def __init__(self, context: ssl.SSLContext, host: str | None = None) -> None:
        """As the client of `host`, or as a server."""
        self._incoming, self._outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=host is None, server_hostname=host)

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
        self._object.write(data)
        return self.owed()

    def owed(self) -> bytes:
        """What the protocol itself wants to say to the peer."""
        return self._outgoing.read() if self._outgoing.pending else b""

    def decrypt(self, data: bytes | memoryview) -> Iterator[memoryview]:
        """Pieces that hold until the next one is asked for. Raises `ssl.SSLError`; a hang-up is no piece."""
        self._incoming.write(data)
        while self._incoming.pending or self._object.pending():
            try:
                size = int(self._object.read(len(_PIECE), _PIECE))
            except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
                return
            if not size:
                return
            yield _VIEW[:size]
