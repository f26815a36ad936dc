"""One open socket of a browser: what is sent to it goes out in order from a queue of its own, so that a browser that
stalls holds up the sound it is sent, and never the control of the call."""

import json
from collections.abc import Iterator
from contextlib import suppress
from threading import Condition, Thread
from typing import NamedTuple, Protocol

MOST_QUEUED = 512 * 1024
"""Bytes of sound that may wait for a slow browser before the engine is made to wait, too."""


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


class Browser:
    def __init__(self, transport: Transport, *, request_id: str) -> None:
        self._transport, self.request_id = transport, request_id
        self._queue: list[str | _Sound | _Close] = []
        self._queued = 0
        self._changed = Condition()
        self.closed = False
        self._item = ""
        Thread(target=self._write, daemon=True).start()

    def messages(self) -> Iterator[bytes | str]:
        """What the browser says, until it goes or is closed."""
        with suppress(Exception):
            while not self.closed:
                data = self._transport.receive()
                if data is not None:
                    yield data
        self._put(_Close(1000))

    def tell(self, kind: str, seq: int, **fields: object) -> None:
        self._put(json.dumps({"type": kind, "seq": seq, **fields}, ensure_ascii=False))

    def sound(self, item: str, pcm: bytes) -> None:
        """Waits while the browser is far behind; to be called by whoever reads the engine, and nobody else."""
        with self._changed:
            self._changed.wait_for(lambda: self.closed or self._queued < MOST_QUEUED)
        self._put(_Sound(item, pcm))

    def drop_sound(self) -> dict[str, int]:
        """Forgets the sound that has not left yet; returns how many bytes of each item that was."""
        dropped: dict[str, int] = {}
        with self._changed:
            for entry in self._queue:
                if isinstance(entry, _Sound):
                    dropped[entry.item] = dropped.get(entry.item, 0) + len(entry.pcm)
            self._queue = [entry for entry in self._queue if not isinstance(entry, _Sound)]
            self._queued = 0
            self._changed.notify_all()
        return dropped

    def close(self, code: int) -> None:
        """Closes once everything before it is out."""
        self._put(_Close(code))

    def _put(self, entry: str | _Sound | _Close) -> None:
        with self._changed:
            if not self.closed:
                self._queue.append(entry)
                self._queued += len(entry.pcm) if isinstance(entry, _Sound) else 0
                self._changed.notify_all()

    def _write(self) -> None:
        try:
            while self._write_next():
                pass
        except Exception:  # noqa: S110 - the socket is gone, and its reader says so
            pass
        finally:
            with self._changed:
                self.closed = True
                self._changed.notify_all()
            with suppress(Exception):
                self._transport.close()

    def _write_next(self) -> bool:
        with self._changed:
            self._changed.wait_for(lambda: bool(self._queue))
            entry = self._queue.pop(0)
            if isinstance(entry, _Sound):
                self._queued -= len(entry.pcm)
                self._changed.notify_all()
        match entry:
            case _Close(code):
                self._transport.close(code)
                return False
            case _Sound(_, pcm):
                self._transport.send(pcm)
            case _:
                self._transport.send(entry)
        return True
