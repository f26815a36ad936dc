"""One open WebSocket. Everything happens in callbacks of gevent's hub, which may not wait: neither may a listener."""

import _socket
import ssl
from time import monotonic
from typing import Any, Protocol

import structlog
from gevent import get_hub

from roleplay.sockets import codec
from roleplay.sockets.keeper import keeper
from roleplay.sockets.queue import HIGH_WATER, LOW_WATER, WriteQueue
from roleplay.sockets.tls import Tls
from roleplay.sockets.wires import wire

PING_EVERY = 20.0
STALLED_AFTER = 15.0
"""Seconds without a byte taken after which a peer that owes us reading is given up."""
CLOSES_WITHIN = 2.0
"""Seconds that a peer has to answer a closing handshake."""
_WRITABLE = 2

log = structlog.get_logger()


class Listener(Protocol):
    """Whoever owns a channel. None of these may wait."""

    def take(self, data: str | bytes) -> None:
        """A whole message."""

    def pressed(self, full: bool) -> None:
        """More waits to be sent than the peer takes; or, `full` no more, that is over."""

    def closed(self, code: int) -> None:
        """Nothing more will come, and nothing more can be sent. Said once."""


class Channel:
    """Takes over a connected, non-blocking socket on which the opening handshake is done. `client` is our side."""

    def __init__(
        self, connected: _socket.socket, listener: Listener, *, client: bool, most: int, tls: Tls | None = None
    ) -> None:
        self._socket, self._listener, self._tls = connected, listener, tls
        self._parser = codec.Parser(masked=not client, most=most)
        self.frame = codec.masked_frame if client else codec.frame
        self._queue = WriteQueue()
        self.wire = wire(self, connected, tls, masks=client)
        self._writer: Any = None
        self._timer: Any = None
        self._code = codec.ABNORMAL
        self._over = self._close_sent = self._full = self._held = False
        self._moved_at = self._pinged_at = 0.0
        self._ping_at = monotonic() + PING_EVERY
        self.peak = 0

    def start(self, already_read: bytes = b"") -> None:
        """Listens from now on, to what was read behind the handshake first."""
        keeper.watch(self)
        self.wire.listen(True)
        if already_read:
            self.take(already_read)

    @property
    def is_open(self) -> bool:
        return not (self._over or self._close_sent)

    @property
    def waiting(self) -> int:
        """Bytes that the peer has not taken yet."""
        return self._queue.size

    def send(self, opcode: int, payload: bytes, *, item: str | None = None) -> bool:
        """False on a channel that is closed or closing. What belongs to an `item` can be taken back (`revoke`)."""
        if self._over or self._close_sent:
            return False
        self.wire.sent += 1
        data = self.frame(opcode, payload)
        if self._tls is not None:
            data = self._encrypt(data)
        sent = 0 if self._queue.size else self._try(data)
        if sent != len(data):
            self.keep_back(data, sent, item=item, weight=len(payload))
        return True

    def revoke(self) -> dict[str, int]:
        """Takes back what belongs to items and has not begun to leave; returns the size of each item's share."""
        revoked = self._queue.revoke()
        self._relieve()
        return revoked

    def hold(self, on: bool) -> None:
        """Reads no more for a while, and so lets the peer wait. Closing goes on."""
        if self._over or self._held is on:
            return
        self._held = on
        self.wire.listen(not on)

    def close(self, code: int) -> None:
        """Behind everything that waits to be sent."""
        if self._over or self._close_sent:
            return
        self._put(self.frame(codec.CLOSE, codec.close_payload(code)))
        self._close_sent, self.wire.free = True, False
        self.wire.uncouple()
        self.hold(False)
        self._see_off()

    def keep(self, now: float) -> None:
        """Pings, and gives a dead peer up. To be called about every second."""
        if self._queue.size and now - self._moved_at > STALLED_AFTER:
            self._give_up("takes nothing")
        elif now >= self._ping_at and not self._close_sent:
            if self._pinged_at and not self.wire.heard and not self._held:
                self._give_up("says nothing")
                return
            self.wire.heard, self._pinged_at, self._ping_at = False, monotonic(), now + PING_EVERY
            self._put(self.frame(codec.PING, b""))

    def _give_up(self, why: str) -> None:
        log.info("peer given up", why=why, client=not self._parser.masked, waiting=self._queue.size)
        self._end()

    def take(self, data: bytes | memoryview) -> None:
        """What the wire read, decrypted."""
        try:
            self._parse(data)
        except codec.Malformed as malformed:
            self._refuse(malformed.code)
        except Exception:
            log.exception("message not taken")
            self._refuse(codec.INTERNAL_ERROR)
        self.wire.missing = self._parser.missing

    def hung_up(self) -> None:
        """Without a closing handshake."""
        self._end()

    def _parse(self, data: bytes | memoryview) -> None:
        message = self._parser.whole(data)
        if message is not None:
            self.wire.received += 1
            if not self._close_sent:
                self._listener.take(message)
            return
        for opcode, payload in self._parser.feed(data):
            if self.wire.deaf:
                return
            if opcode <= codec.BINARY:
                self.wire.received += 1
                if not self._close_sent:
                    self._listener.take(payload)
            elif opcode != codec.PONG:
                self._control(opcode, payload)  # type: ignore[arg-type]
            elif self._pinged_at:
                keeper.round_trip(monotonic() - self._pinged_at, self._parser.masked)
                self._pinged_at = 0.0

    def _control(self, opcode: int, payload: bytes) -> None:
        if opcode == codec.PING:
            # Who pings and does not read is not answered without end.
            if self._queue.size < LOW_WATER and self.is_open:
                self._put(self.frame(codec.PONG, payload))
            return
        self._code = codec.close_code(payload)
        self.wire.deaf = True
        self.close(self._code)
        self._see_off()

    def _refuse(self, code: int) -> None:
        """The peer is not understood: it is told so, and not listened to any more."""
        self.wire.deaf = True
        self.close(code)

    def _put(self, data: bytes) -> None:
        self.push(data if self._tls is None else self._encrypt(data))

    def _encrypt(self, data: bytes) -> bytes:
        assert self._tls
        try:
            return self._tls.encrypt(data)
        except ssl.SSLError:
            self.broken()
            return b""

    def push(self, data: bytes) -> None:
        """Sends at once what can be sent at once, and keeps the rest."""
        if self._over or not data:
            return
        sent = 0 if self._queue.size else self._try(data)
        if sent != len(data):
            self.keep_back(data, sent)

    def keep_back(self, data: bytes, sent: int, *, item: str | None = None, weight: int = 0) -> None:
        queue = self._queue
        if not queue.size:
            self._moved_at = monotonic()
            self._wait_until_writable()
        queue.push(data, item=item, weight=weight, gone=sent)
        self.wire.free = False
        self.peak = max(self.peak, queue.size)
        if queue.size > HIGH_WATER and not self._full:
            self._full = True
            self._listener.pressed(True)

    def _try(self, data: bytes) -> int:
        """How much of it left at once."""
        try:
            return self._socket.send(data)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            self.broken()
            return 0

    def broken(self) -> None:
        """Not here: whoever sends is in the middle of something."""
        get_hub().loop.run_callback(self._end)

    def _wait_until_writable(self) -> None:
        if self._writer is None:
            self._writer = get_hub().loop.io(self._socket.fileno(), _WRITABLE)
        self._writer.start(self._write)

    def _write(self) -> None:
        head = self._queue.head()
        sent = self._try(b"".join(head))
        if sent:
            self._moved_at = monotonic()
            self._queue.left(sent)
        self._relieve()

    def _relieve(self) -> None:
        if not self._queue.size and self._writer is not None:
            self._writer.stop()
            self._writer.close()
            self._writer = None
            self.wire.free = self.is_open
        if self._full and self._queue.size < LOW_WATER:
            self._full = False
            self._listener.pressed(False)
        self._see_off()

    def _see_off(self) -> None:
        """When everything is out: ends if the peer has said goodbye, too, and waits for that only for a while."""
        if not self._close_sent or self._queue.size or self._over:
            return
        if self._code != codec.ABNORMAL:
            get_hub().loop.run_callback(self._end)
        elif self._timer is None:
            self._timer = get_hub().loop.timer(CLOSES_WITHIN)
            self._timer.start(self._end)

    def _end(self) -> None:
        if self._over:
            return
        self._over = True
        self.wire.end()
        for watcher in (self._writer, self._timer):
            if watcher is not None:
                watcher.stop()
                watcher.close()
        self._writer = self._timer = None
        self._socket.close()
        self._queue.clear()
        keeper.release(self)
        try:
            self._listener.closed(self._code)
        except Exception:
            log.exception("end not taken")
