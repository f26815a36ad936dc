"""Encryption without a socket: what comes in is decrypted, what goes out is encrypted, and nothing waits.

All connections of a process share the two memories that their libraries' halves read from and write to, which are then
always near the processor, and cost a call nothing. So they are empty whenever anybody else may run: what was given is
taken out in the same breath, and dropped when it cannot be.
"""

import ssl
from collections.abc import Callable, Iterator
from typing import Any

_INCOMING, _OUTGOING = ssl.MemoryBIO(), ssl.MemoryBIO()
_PIECE = bytearray(64 * 1024)
"""What is decrypted into it is taken before anything else is."""
_VIEW = memoryview(_PIECE)


class Tls:
    __slots__ = ("_object", "raw")

    incoming, outgoing = _INCOMING, _OUTGOING

    def __init__(self, context: ssl.SSLContext, host: str | None = None) -> None:
        """As the client of `host`, or as a server."""
        self._object = context.wrap_bio(_INCOMING, _OUTGOING, server_side=host is None, server_hostname=host)
        self.raw: Any = getattr(self._object, "_sslobj", self._object)
        """What the object itself passes reading and writing on to; without it, the way is a little longer."""

    def shake_hands(self, send: Callable[[bytes], object], receive: Callable[[], bytes]) -> None:
        """Waits in both. Raises `ssl.SSLError` when the two do not agree, `EOFError` when the peer hangs up."""
        data = b""
        while True:
            done, owed = self._answer(data)
            if owed:
                send(owed)
            if done:
                return
            data = receive()
            if not data:
                raise EOFError

    def _answer(self, data: bytes) -> tuple[bool, bytes]:
        """Whether the hands are shaken, and what to say to the peer."""
        _INCOMING.write(data)
        try:
            self._object.do_handshake()
        except ssl.SSLWantReadError:
            return False, _OUTGOING.read()
        except ssl.SSLError:
            _forget()
            raise
        owed = _OUTGOING.read()
        for piece, more in self.decrypt(b""):
            owed += more
            if piece:
                raise ssl.SSLError("the peer spoke before it was asked")
        return True, owed

    def encrypt(self, data: bytes) -> bytes:
        try:
            self.raw.write(data)
        finally:
            hidden = _OUTGOING.read()
        return hidden

    def decrypt(self, data: bytes | memoryview) -> Iterator[tuple[memoryview, bytes]]:
        """Piece by piece, each good until the next one, and what the protocol itself wants to say to the peer by then.
        To be gone through at once. Raises `ssl.SSLError`."""
        _INCOMING.write(data)
        try:
            # A piece takes in a whole record, so that nothing decrypted is left inside.
            while _INCOMING.pending and (size := int(self.raw.read(len(_PIECE), _PIECE))):
                yield _VIEW[:size], _OUTGOING.read()
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            yield _VIEW[:0], _OUTGOING.read()
        finally:
            _forget()


def _forget() -> None:
    _INCOMING.read()
    _OUTGOING.read()
