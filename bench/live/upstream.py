"""A Realtime server that sends every piece of sound back at once, and holds a conversation meanwhile."""

import base64
import hashlib
import itertools
import random
import ssl
from time import monotonic
from typing import Any

import gevent
import orjson
from gevent import socket

from roleplay.sockets.channel import Channel
from roleplay.sockets.codec import TEXT
from roleplay.sockets.dialing import raw
from roleplay.sockets.tls import Tls

TURN_SECONDS = 15.0
"""In which the persona and the learner each finish one turn."""
_APPEND = '{"type":"input_audio_buffer.append","audio":"'
_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_USAGE = {
    "total_tokens": 150,
    "input_tokens": 100,
    "output_tokens": 50,
    "input_token_details": {"text_tokens": 40, "audio_tokens": 60, "cached_tokens": 32},
    "output_token_details": {"text_tokens": 10, "audio_tokens": 40},
}
WORDS = "Nobody told me that the date was fixed, and I would have said so."


class Line:
    """One connection. `talks` adds turns, transcripts and usage, as a provider does."""

    def __init__(self, number: int) -> None:
        self._number = number
        self._events = itertools.count()
        self._turn = 0
        self._talks = False
        self._prefix = ""
        self._turn_ends = 0.0
        self.channel: Channel | None = None

    def start(self, channel: Channel) -> None:
        self.channel = channel
        self._prepare()
        channel.start()
        self._say("session.created", session={"id": f"sess_{self._number}"})

    def take(self, data: str | bytes) -> None:
        assert isinstance(data, str)
        assert self.channel
        if data.startswith(_APPEND):
            event = next(self._events)
            echo = f'{self._prefix}"event_id":"e{self._number}_{event}","delta":"{data[len(_APPEND) : -2]}"}}'
            self.channel.send(TEXT, echo.encode("ascii"))
            if self._talks and monotonic() > self._turn_ends:
                self._end_turn()
            return
        match orjson.loads(data)["type"]:
            case "session.update":
                self._say("session.updated", session={"output_modalities": ["audio"]})
            case "response.create":
                self._talks = True
                self._turn_ends = monotonic() + TURN_SECONDS * random.random()
                self._begin_turn()

    def pressed(self, full: bool) -> None:
        pass

    def closed(self, code: int) -> None:
        lines.discard(self)

    def _prepare(self) -> None:
        part = f'"response_id":"r{self._turn}","item_id":"p{self._turn}","output_index":0,"content_index":0,'
        self._prefix = '{"type":"response.output_audio.delta",' + part

    def _say(self, kind: str, **fields: Any) -> None:
        assert self.channel
        event_id = f"e{self._number}_{next(self._events)}"
        self.channel.send(TEXT, orjson.dumps({"type": kind, "event_id": event_id, **fields}))

    def _begin_turn(self) -> None:
        self._prepare()
        item = {"id": f"p{self._turn}", "type": "message", "role": "assistant", "content": []}
        self._say("response.created", response={"id": f"r{self._turn}"})
        self._say("conversation.item.added", previous_item_id=self._last_item, item=item)
        part = self._part
        self._say("response.output_audio_transcript.delta", **part, delta=WORDS[:30])
        self._say("response.output_audio_transcript.delta", **part, delta=WORDS[30:])

    @property
    def _part(self) -> dict[str, Any]:
        return {
            "response_id": f"r{self._turn}",
            "item_id": f"p{self._turn}",
            "output_index": 0,
            "content_index": 0,
        }

    @property
    def _last_item(self) -> str | None:
        return f"l{self._turn - 1}" if self._turn else None

    def _end_turn(self) -> None:
        self._turn_ends = monotonic() + TURN_SECONDS
        turn = self._turn
        self._say("response.output_audio_transcript.done", **self._part, transcript=WORDS)
        output = [{"id": f"p{turn}", "type": "message", "role": "assistant"}]
        done = {"id": f"r{turn}", "status": "completed", "output": output, "usage": _USAGE}
        self._say("response.done", response=done)
        item = {"id": f"l{turn}", "type": "message", "role": "user", "content": []}
        self._say("input_audio_buffer.committed", item_id=f"l{turn}", previous_item_id=f"p{turn}")
        self._say("conversation.item.added", previous_item_id=f"p{turn}", item=item)
        kind = "conversation.item.input_audio_transcription.completed"
        usage = {"type": "duration", "seconds": 4.2}
        self._say(kind, item_id=f"l{turn}", content_index=0, transcript=WORDS, usage=usage)
        self._turn += 1
        self._begin_turn()


lines: set[Line] = set()
_numbers = itertools.count()


def serve(context: ssl.SSLContext | None) -> int:
    """Listens in the background; returns the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
    gevent.spawn(_accept, listener, context)
    return int(listener.getsockname()[1])


def _accept(listener: Any, context: ssl.SSLContext | None) -> None:
    while True:
        connected, _ = listener.accept()
        gevent.spawn(_greet, connected, context)


def _greet(connected: Any, context: ssl.SSLContext | None) -> None:
    connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tls = Tls(context) if context else None
    if tls:
        tls.shake_hands(connected.sendall, lambda: connected.recv(4096))
    # A client that is quick says its request in one breath with the end of the handshake.
    request = b"".join(bytes(piece) for piece in tls.decrypt(b"")) if tls else b""
    while b"\r\n\r\n" not in request:
        data = connected.recv(4096)
        if not data:
            return
        request += b"".join(bytes(piece) for piece in tls.decrypt(data)) if tls else data
    key = next(line for line in request.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key:"))
    accept = base64.b64encode(hashlib.sha1(key.partition(b":")[2].strip() + _MAGIC).digest())
    answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
    answer += accept + b"\r\n\r\n"
    connected.sendall(tls.encrypt(answer) if tls else answer)
    line = Line(next(_numbers))
    lines.add(line)
    line.start(Channel(raw(connected), line, client=False, most=2**20, tls=tls))
    connected.close()
