"""A Realtime server that a test plays by hand: it says what the test says, and keeps what it was told."""

import base64
import json
from queue import Queue
from threading import Condition, Thread
from typing import Any

from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve

WAIT = 8.0
Message = dict[str, Any]


class EngineLine:
    """One connection of the relay to the engine."""

    def __init__(self, socket: ServerConnection, number: int, *, plays_scenario: bool, modality: str) -> None:
        self._socket, self._number = socket, number
        self._changed = Condition()
        self.received: list[Message] = []
        self._seen = 0
        self._items = 0
        self.last_item: str | None = None
        self.closed = False
        self.heard = b""
        prompt = {"id": "roleplay-scenario"} if plays_scenario else None
        self._modality = modality
        self.send("session.created", session={"id": f"sess_{number}", "prompt": prompt})

    def send(self, kind: str, **fields: object) -> None:
        """As a provider puts it: without spaces, the type first."""
        self._socket.send(json.dumps({"type": kind, **fields}, separators=(",", ":")))

    def drop(self, code: int = 1011) -> None:
        self._socket.close(code)

    def listen(self) -> None:
        try:
            for text in self._socket:
                self._take(json.loads(text))
        except ConnectionClosed:
            pass
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def _take(self, message: Message) -> None:
        if message["type"] == "input_audio_buffer.append":
            self.heard += base64.b64decode(message["audio"])
        if message["type"] == "session.update" and not self.of_kind("session.update"):
            self.send("session.updated", session={"output_modalities": [self._modality]})
        with self._changed:
            self.received.append(message)
            self._changed.notify_all()

    def of_kind(self, kind: str) -> list[Message]:
        return [message for message in self.received if message["type"] == kind]

    def wait_for(self, kind: str) -> Message:
        """The next message of this kind that no earlier wait has passed."""
        with self._changed:
            found = self._changed.wait_for(lambda: self._pass(kind), WAIT)
        assert found, f"the engine was never told {kind}, only {[message['type'] for message in self.received]}"
        return found

    def _pass(self, kind: str) -> Message | None:
        for index in range(self._seen, len(self.received)):
            if self.received[index]["type"] == kind:
                self._seen = index + 1
                return self.received[index]
        return None

    def wait_until_closed(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.closed, WAIT), "the relay kept the line"

    def wait_until_heard(self, size: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.heard) >= size, WAIT), f"heard only {len(self.heard)} bytes"

    # What an engine says.

    def new_item(self, prefix: str) -> str:
        self._items += 1
        return f"{prefix}_{self._number}_{self._items}"

    def add_item(self, item: str, role: str) -> None:
        added = {"id": item, "type": "message", "role": role, "content": []}
        self.send("conversation.item.added", previous_item_id=self.last_item, item=added)
        self.last_item = item

    def begin_answer(self, *, item: str | None = None) -> tuple[str, str]:
        response, item = self.new_item("resp"), item or self.new_item("persona")
        self.send("response.created", response={"id": response})
        self.add_item(item, "assistant")
        return response, item

    def speak(self, response: str, item: str, text: str, ms: int) -> None:
        """Words and silence of that length, faster than it plays, in pieces of 100 ms."""
        part = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        self.send("response.output_audio_transcript.delta", **part, delta=text)
        for _ in range(ms // 100):
            self.send("response.output_audio.delta", **part, delta=base64.b64encode(b"\x01\x02" * 2400).decode())

    def end_answer(self, response: str, item: str, text: str, **changes: Any) -> None:
        part = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
        self.send("response.output_audio_transcript.done", **part, transcript=text)
        usage = {
            "total_tokens": 150,
            "input_tokens": 100,
            "output_tokens": 50,
            "input_token_details": {"text_tokens": 40, "audio_tokens": 60, "cached_tokens": 32},
            "output_token_details": {"text_tokens": 10, "audio_tokens": 40},
        }
        output = [{"id": item, "type": "message", "role": "assistant"}]
        done = {"id": response, "status": "completed", "output": output, "usage": usage, **changes}
        self.send("response.done", response=done)

    def answer(self, text: str, ms: int = 400, **changes: Any) -> str:
        response, item = self.begin_answer()
        self.speak(response, item, text, ms)
        self.end_answer(response, item, text, **changes)
        return item

    def start_speech(self, at_ms: int = 0) -> str:
        item = self.new_item("learner")
        self.send("input_audio_buffer.speech_started", item_id=item, audio_start_ms=at_ms)
        return item

    def stop_speech(self, item: str, at_ms: int = 1200) -> None:
        self.send("input_audio_buffer.speech_stopped", item_id=item, audio_end_ms=at_ms)
        self.commit(item)

    def commit(self, item: str) -> None:
        self.send("input_audio_buffer.committed", item_id=item, previous_item_id=self.last_item)
        self.add_item(item, "user")

    def transcribe(self, item: str, text: str) -> None:
        usage = {"type": "duration", "seconds": 1.2}
        kind = "conversation.item.input_audio_transcription.completed"
        self.send(kind, item_id=item, content_index=0, transcript=text, usage=usage)

    def hear(self, text: str) -> str:
        item = self.start_speech()
        self.stop_speech(item)
        self.transcribe(item, text)
        return item


class Upstream:
    def __init__(self) -> None:
        self._lines: Queue[EngineLine] = Queue()
        self._count = 0
        self.plays_scenario = False
        self.modality = "audio"
        self.refuse = False
        self.busy = 0
        """How many connections are turned away because all places are taken."""
        self._server = serve(self._serve, "127.0.0.1", 0, compression=None)
        Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}/v1/realtime"

    def _serve(self, socket: ServerConnection) -> None:
        if self.busy:
            self.busy -= 1
            error = {"type": "server_error", "code": "engine_busy", "message": "Full."}
            socket.send(json.dumps({"type": "error", "error": error}))
            socket.close(1013)
            return
        if self.refuse:
            socket.close(1011)
            return
        self._count += 1
        line = EngineLine(socket, self._count, plays_scenario=self.plays_scenario, modality=self.modality)
        self._lines.put(line)
        line.listen()

    @property
    def was_called(self) -> bool:
        """Whether there is a connection that no test has taken yet."""
        return not self._lines.empty()

    def line(self) -> EngineLine:
        """The next connection, once it was set up."""
        line = self._lines.get(timeout=WAIT)
        line.wait_for("session.update")
        return line

    def reset(self) -> None:
        self.plays_scenario, self.modality, self.refuse, self.busy = False, "audio", False, 0
        while not self._lines.empty():
            self._lines.get().drop(1000)

    def stop(self) -> None:
        self._server.shutdown()
