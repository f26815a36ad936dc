"""The browser's end of the call's socket, as far as a test needs one."""

import json
import socket
from secrets import token_hex
from threading import Condition, Thread
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

WAIT = 8.0
FRAME = b"\x10\x20" * 960
"""40 ms of sound."""
Message = dict[str, Any]


class TestBrowser:
    __test__ = False

    def __init__(self, url: str, *, origin: str | None = "http://localhost") -> None:
        self._socket = connect(url, origin=origin, max_size=None)  # type: ignore[arg-type]
        self._changed = Condition()
        self.messages: list[Message] = []
        self._seen = 0
        self._cids = 0
        self._page = token_hex(4)
        self.sound: dict[str, bytes] = {}
        self._item = ""
        self.close_code: int | None = None
        Thread(target=self._listen, daemon=True).start()

    @property
    def extensions(self) -> str:
        response = self._socket.response
        assert response
        return response.headers.get("Sec-WebSocket-Extensions", "")

    def _listen(self) -> None:
        try:
            while True:
                self._take(self._socket.recv())
        except ConnectionClosed as closed:
            with self._changed:
                self.close_code = closed.rcvd.code if closed.rcvd else 1006
                self._changed.notify_all()

    def _take(self, data: str | bytes) -> None:
        with self._changed:
            if isinstance(data, bytes):
                self.sound[self._item] = self.sound.get(self._item, b"") + data
            else:
                message = json.loads(data)
                self._item = message["item"] if message["type"] == "audio" else self._item
                self.messages.append(message)
            self._changed.notify_all()

    def send(self, kind: str, *, cid: str | None = None, **fields: object) -> str:
        self._cids += 1
        cid = cid or f"{self._page}-{self._cids}"
        self._socket.send(json.dumps({"type": kind, "cid": cid, **fields}))
        return cid

    def send_raw(self, data: str | bytes) -> None:
        self._socket.send(data)

    def speak(self, frames: int = 1, frame: bytes = FRAME) -> None:
        for _ in range(frames):
            self._socket.send(frame)

    def of_kind(self, kind: str) -> list[Message]:
        return [message for message in self.messages if message["type"] == kind]

    def wait_for(self, kind: str, **wanted: object) -> Message:
        """The next message of this kind with these fields that no earlier wait has passed."""
        with self._changed:
            found = self._changed.wait_for(lambda: self._pass(kind, wanted) or self.close_code, WAIT)
        left = self.messages[self._seen :]
        assert isinstance(found, dict), f"no {kind} {wanted} (closed: {self.close_code}) in {left}"
        return found

    def _pass(self, kind: str, wanted: dict[str, object]) -> Message | None:
        for index in range(self._seen, len(self.messages)):
            message = self.messages[index]
            if message["type"] == kind and wanted.items() <= message.items():
                self._seen = index + 1
                return message
        return None

    def wait_for_sound(self, item: str, ms: int) -> None:
        with self._changed:
            size = ms * 48
            assert self._changed.wait_for(lambda: len(self.sound.get(item, b"")) >= size, WAIT), (
                "the sound did not come"
            )

    def wait_until_closed(self) -> int:
        with self._changed:
            assert self._changed.wait_for(lambda: self.close_code is not None, WAIT), "the socket stayed open"
        assert self.close_code is not None
        return self.close_code

    def captions(self) -> dict[int, tuple[str, str]]:
        """The running transcript as a page would show it: the newest words of each turn."""
        shown = {m["turn"]: (m["speaker"], m["text"]) for m in self.of_kind("caption")}
        return {turn: words for turn, words in sorted(shown.items()) if words[1]}

    def leave(self) -> None:
        self._socket.close()

    def vanish(self) -> None:
        """As when the network goes: no closing handshake."""
        self._socket.socket.shutdown(socket.SHUT_RDWR)
