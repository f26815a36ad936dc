"""A browser's socket with a thread that writes and one that reads: what works on every server, at the price of both."""

from contextlib import suppress
from threading import Condition, Event, Thread
from typing import NamedTuple, Protocol

import orjson

from roleplay.relay.browser import Caller

MOST_QUEUED, LITTLE_QUEUED = 512 * 1024, 128 * 1024


class Transport(Protocol):
    """A WebSocket as flask-sock gives it. `receive` raises when the socket has closed."""

    def send(self, data: bytes | str) -> None: ...

    def receive(self, timeout: float | None = None) -> bytes | str | None: ...

    def close(self, reason: int | None = None, message: str | None = None) -> None: ...


class _Sound(NamedTuple):
    item: str
    pcm: bytes


class _Close(NamedTuple):
    code: int


class ThreadedBrowser:
    """See `browser.Browser`."""

    channel = None

    def __init__(self, transport: Transport, *, request_id: str) -> None:
        self._transport, self.request_id = transport, request_id
        self._queue: list[str | _Sound | _Close] = []
        self._queued = 0
        self._changed = Condition()
        self._closed = False
        self._may_read = Event()
        self._may_read.set()
        self._caller: Caller | None = None
        self.is_full = False
        Thread(target=self._write, daemon=True).start()

    def listen(self, caller: Caller) -> None:
        self._caller = caller
        with suppress(Exception):
            while not self._closed:
                self._may_read.wait()
                data = self._transport.receive()
                if isinstance(data, bytes):
                    caller.hear(self, data)
                elif data is not None:
                    caller.said(self, data)
        self._put(_Close(1000))
        caller.gone(self)

    def hold(self, on: bool) -> None:
        if on:
            self._may_read.clear()
        else:
            self._may_read.set()

    def tell(self, kind: str, seq: int, **fields: object) -> None:
        self._put(orjson.dumps({"type": kind, "seq": seq, **fields}).decode())

    def sound(self, item: str, pcm: bytes) -> None:
        self._put(_Sound(item, pcm))

    def drop_sound(self) -> dict[str, int]:
        dropped: dict[str, int] = {}
        with self._changed:
            for entry in self._queue:
                if isinstance(entry, _Sound):
                    dropped[entry.item] = dropped.get(entry.item, 0) + len(entry.pcm)
            self._queue = [entry for entry in self._queue if not isinstance(entry, _Sound)]
            self._queued = 0
        self._look_at_water()
        return dropped

    def close(self, code: int) -> None:
        self._put(_Close(code))

    def _put(self, entry: str | _Sound | _Close) -> None:
        with self._changed:
            if not self._closed:
                self._queue.append(entry)
                self._queued += len(entry.pcm) if isinstance(entry, _Sound) else 0
                self._changed.notify_all()
        self._look_at_water()

    def _look_at_water(self) -> None:
        full = self._queued > (LITTLE_QUEUED if self.is_full else MOST_QUEUED)
        if full is not self.is_full:
            self.is_full = full
            if self._caller:
                self._caller.pressed()

    def _write(self) -> None:
        try:
            while self._write_next():
                self._look_at_water()
        except Exception:  # noqa: S110 - the socket is gone, and its reader says so
            pass
        finally:
            self._closed = True
            self._may_read.set()
            with suppress(Exception):
                self._transport.close()

    def _write_next(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._queue))
            entry = self._queue.pop(0)
            self._queued -= len(entry.pcm) if isinstance(entry, _Sound) else 0
        match entry:
            case _Close(code):
                self._transport.close(code)
                return False
            case _Sound(_, pcm):
                self._transport.send(pcm)
            case _:
                self._transport.send(entry)
        return True
