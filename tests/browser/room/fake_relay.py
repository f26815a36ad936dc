"""The other end of the room's socket: keeps what the browser says and says what a test wants."""

import json
import math
import struct
from collections.abc import Callable
from threading import Condition, Thread
from time import monotonic
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

RATE = 24_000
PATIENCE = 10.0


def tone(hz: float, seconds: float) -> bytes:
    return b"".join(
        struct.pack("<h", round(16_000 * math.sin(2 * math.pi * hz * index / RATE)))
        for index in range(round(seconds * RATE))
    )


class FakeRelay:
    def __init__(self) -> None:
        self.frames: list[bytes] = []
        self.messages: list[dict[str, Any]] = []
        self.arrivals: list[dict[str, str]] = []
        self._seq = 0
        self._changed = Condition()
        self._socket: ServerConnection | None = None
        self._server: Server = serve(self._hold, "localhost", 0, compression=None)
        self._thread = Thread(target=self._server.serve_forever)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"ws://localhost:{self._server.socket.getsockname()[1]}/relay/calls"

    def close(self) -> None:
        self.drop()
        self._server.shutdown()
        self._thread.join()

    def say(self, kind: str, **fields: object) -> None:
        assert self._socket
        self._seq += 1
        self._socket.send(json.dumps({"type": kind, "seq": self._seq, **fields}))

    def speak(self, item: str, hz: float, seconds: float) -> None:
        """Sends the sound at once, as an engine does that is faster than speech."""
        assert self._socket
        self.say("audio", item=item)
        pcm = tone(hz, seconds)
        for start in range(0, len(pcm), 9600):
            self._socket.send(pcm[start : start + 9600])

    def drop(self) -> None:
        """Cuts the line without a word."""
        if self._socket:
            self._socket.socket.close()

    def heard(self, kind: str) -> list[dict[str, Any]]:
        return [message for message in self.messages if message["type"] == kind]

    def wait_until(self, holds: Callable[[], object]) -> None:
        end = monotonic() + PATIENCE
        with self._changed:
            assert self._changed.wait_for(holds, timeout=end - monotonic()), "the browser did not do it in time"

    def _hold(self, socket: ServerConnection) -> None:
        assert socket.request
        self._socket = socket
        with self._changed:
            self.arrivals.append(dict(parse_qsl(urlsplit(socket.request.path).query)))
        remaining = {"remaining_ms": 600_000, "elapsed_ms": 0, "can_extend": True, "heartbeat_ms": 20_000}
        self.say("hello", attempt="a", epoch=len(self.arrivals), mode="voice", engine="fake", **remaining)
        self.say("state", state="listening")
        try:
            for data in socket:
                self._keep(data)
        except (ConnectionClosed, OSError):
            pass

    def _keep(self, data: str | bytes) -> None:
        with self._changed:
            if isinstance(data, bytes):
                self.frames.append(data)
            else:
                self.messages.append(json.loads(data))
            self._changed.notify_all()
        if isinstance(data, str) and self.messages[-1]["type"] != "ack":
            self.say("ack", cid=self.messages[-1]["cid"])
