"""The frames of RFC 6455, without extensions. Pure: bytes in, messages out, and messages in, bytes out."""

import os
from collections.abc import Callable, Generator, Iterator
from struct import Struct

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10
NORMAL, GOING_AWAY, PROTOCOL_ERROR, NO_STATUS, ABNORMAL = 1000, 1001, 1002, 1005, 1006
NOT_UTF8, POLICY, TOO_BIG, INTERNAL_ERROR = 1007, 1008, 1009, 1011

_SHORT, _LONG, _HEAD = Struct("!H"), Struct("!Q"), Struct("!BBH")
_MOST_CONTROL = 125
MANY = 2**62
_FIN, _RESERVED, _OPCODE, _MASKED, _LENGTH = 0x80, 0x70, 0x0F, 0x80, 0x7F

Octets = bytes | bytearray | memoryview


def pure_mask(data: Octets, mask: Octets) -> bytes:
    """Masks and unmasks where the compiled function is not at hand."""
    size = len(data)
    key = int.from_bytes((bytes(mask) * (size // 4 + 1))[:size], "big")
    return (int.from_bytes(data, "big") ^ key).to_bytes(size, "big")


apply_mask: Callable[[Octets, Octets], bytes]
try:
    from websockets.speedups import apply_mask as compiled_mask
except ImportError:
    apply_mask = pure_mask
else:
    # It takes whatever has a buffer; its stub says bytes.
    apply_mask = compiled_mask  # type: ignore[assignment]


class Malformed(Exception):
    """The peer broke the protocol; `code` is what the connection closes with."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Parser:
    """Takes bytes as they come and gives whole messages and control frames.

    A message is `str` or `bytes`; a fragmented one comes once it is complete. `most` is its size limit in bytes, and no
    more than that is ever kept. `masked` says what every frame of the peer must be: a browser's is, a server's is not.
    """

    __slots__ = ("_kind", "_message", "_most", "_needed", "_rest", "masked")

    def __init__(self, *, masked: bool, most: int) -> None:
        self.masked, self._most = masked, most
        self._rest: bytearray | None = None
        self._needed = 0
        self._kind = 0
        self._message: bytearray | None = None

    @property
    def missing(self) -> int:
        """Bytes that a frame, or only its head, still lacks; 0 between two messages, and more than any frame has in the
        middle of a fragmented one."""
        if self._message is not None:
            return MANY
        return self._needed - len(self._rest) if self._rest is not None else 0

    def whole(self, data: bytes | memoryview) -> str | bytes | None:
        """The message, when `data` is exactly one of middle length: sound almost always is, and this is its cheapest
        way. None leaves it to `feed`."""
        start, end = (8, len(data)) if self.masked else (4, len(data))
        if end < start or self._rest is not None or self._message is not None:
            return None
        first, second, size = _HEAD.unpack_from(data)
        if second != (0xFE if self.masked else 0x7E) or start + size != end or size > self._most:
            return None
        if first == _FIN | BINARY:
            return apply_mask(data[8:], data[4:8]) if self.masked else bytes(data[4:])
        if first == _FIN | TEXT:
            return _text(apply_mask(data[8:], data[4:8]) if self.masked else data[4:])
        return None

    def feed(self, data: bytes | memoryview) -> Iterator[tuple[int, str | bytes]]:
        """(opcode, payload) of everything that is complete now. Raises `Malformed`; nothing is given after that."""
        rest = self._rest
        if rest is None:
            used = yield from self._frames(data)
            if used < len(data):
                self._rest = bytearray(data[used:])
            return
        rest += data
        if len(rest) < self._needed:
            return
        with memoryview(rest) as whole:
            used = yield from self._frames(whole)
        if used == len(rest):
            self._rest = None
        else:
            del rest[:used]

    def _frames(self, data: bytes | memoryview) -> Generator[tuple[int, str | bytes], None, int]:
        """Gives the frames that `data` begins with, and returns how many bytes those were."""
        at, end = 0, len(data)
        while end - at >= 2:
            first, second = data[at], data[at + 1]
            size, start = second & _LENGTH, at + 2
            if size > _MOST_CONTROL:
                start += 2 if size == 126 else 8
                if start > end:
                    self._needed = start - at
                    return at
                size = (_SHORT if size == 126 else _LONG).unpack_from(data, at + 2)[0]
            self._check(first, second, size)
            mask_at, start = start, start + 4 if self.masked else start
            if start + size > end:
                self._needed = start + size - at
                return at
            payload: bytes | memoryview = data[start : start + size]
            if self.masked:
                payload = apply_mask(payload, data[mask_at:start])
            at = start + size
            if first in {_FIN | BINARY, _FIN | TEXT}:
                yield first & _OPCODE, _finished(first & _OPCODE, payload)
            else:
                yield from self._rarer(first, payload)
        self._needed = 2
        return at

    def _check(self, first: int, second: int, size: int) -> None:
        """Refuses a frame by its header, before any of its payload is waited for."""
        opcode = first & _OPCODE
        if first & _RESERVED or bool(second & _MASKED) is not self.masked:
            raise Malformed(PROTOCOL_ERROR)
        if opcode >= CLOSE:
            if opcode > PONG or not first & _FIN or size > _MOST_CONTROL:
                raise Malformed(PROTOCOL_ERROR)
            return
        if opcode > BINARY or (opcode == CONTINUATION) is (self._message is None):
            raise Malformed(PROTOCOL_ERROR)
        if size + len(self._message or b"") > self._most:
            raise Malformed(TOO_BIG)

    def _rarer(self, first: int, payload: bytes | memoryview) -> Iterator[tuple[int, str | bytes]]:
        opcode = first & _OPCODE
        if opcode >= CLOSE:
            yield opcode, bytes(payload)
            return
        if self._message is None:
            self._kind, self._message = opcode, bytearray()
        self._message += payload
        if first & _FIN:
            whole, self._message = self._message, None
            yield self._kind, _finished(self._kind, whole)


def _finished(kind: int, payload: Octets) -> str | bytes:
    return bytes(payload) if kind == BINARY else _text(payload)


def _text(payload: Octets) -> str:
    try:
        return str(payload, "utf-8")
    except UnicodeDecodeError:
        raise Malformed(NOT_UTF8) from None


def close_code(payload: bytes) -> int:
    """What a close frame says; raises `Malformed` when a peer may not say that."""
    if not payload:
        return NO_STATUS
    if len(payload) == 1:
        raise Malformed(PROTOCOL_ERROR)
    code: int = _SHORT.unpack_from(payload)[0]
    _text(payload[2:])
    if not (1000 <= code <= 1003 or 1007 <= code <= 1014 or 3000 <= code <= 4999):
        raise Malformed(PROTOCOL_ERROR)
    return code


def close_payload(code: int) -> bytes:
    return b"" if code == NO_STATUS else _SHORT.pack(code)


def frame(opcode: int, payload: bytes) -> bytes:
    """A whole message or a control frame, as a server sends it."""
    size = len(payload)
    if size <= _MOST_CONTROL:
        return bytes((_FIN | opcode, size)) + payload
    if size < 0x10000:
        return b"%c\x7e%b%b" % (_FIN | opcode, _SHORT.pack(size), payload)
    return b"%c\x7f%b%b" % (_FIN | opcode, _LONG.pack(size), payload)


def masked_frame(opcode: int, payload: bytes) -> bytes:
    """The same as a client sends it."""
    size, mask = len(payload), _next_mask()
    hidden = apply_mask(payload, mask)
    if size <= _MOST_CONTROL:
        return b"%c%c%b%b" % (_FIN | opcode, _MASKED | size, mask, hidden)
    if size < 0x10000:
        return b"%c\xfe%b%b%b" % (_FIN | opcode, _SHORT.pack(size), mask, hidden)
    return b"%c\xff%b%b%b" % (_FIN | opcode, _LONG.pack(size), mask, hidden)


def _masks() -> Iterator[bytes]:
    while True:
        pool = os.urandom(4096)
        for at in range(0, len(pool), 4):
            yield pool[at : at + 4]


_next_mask = _masks().__next__
