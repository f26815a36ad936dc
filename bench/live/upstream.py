"""A Realtime server that sends every piece of sound back at once, and holds a conversation meanwhile."""

import itertools
import math
import random
import ssl
from time import monotonic
from typing import Any

import orjson
from picows import WSMsgType, WSTransport, ws_create_server

from bench.live.echoing import Echo
from bench.live.wire import spare

TURN_SECONDS = 15.0
"""In which the persona and the learner each finish one turn."""
_AT_FIRST_SOUND = 0.0
_USAGE = {
    "total_tokens": 150,
    "input_tokens": 100,
    "output_tokens": 50,
    "input_token_details": {"text_tokens": 40, "audio_tokens": 60, "cached_tokens": 32},
    "output_token_details": {"text_tokens": 10, "audio_tokens": 40},
}
WORDS = "Nobody told me that the date was fixed, and I would have said so."


class Line(Echo):
    """One connection. It talks once asked to: adds turns, transcripts and usage, as a provider does."""

    __slots__ = ("_number", "_turn")

    def __init__(self, number: int) -> None:
        self._number = number
        self._turn = 0
        self.turn_ends = math.inf

    def on_ws_connected(self, transport: WSTransport) -> None:
        spare(transport)
        self.transport = transport
        self._prepare()
        self._say("session.created", session={"id": f"sess_{self._number}"})

    def pause_writing(self) -> None:
        """What the other side does not read yet waits here, as long as it takes."""

    def resume_writing(self) -> None:
        pass

    def obey(self, message: bytes) -> None:
        kind = orjson.loads(message)["type"]
        if kind == "session.update":
            self._say("session.updated", session={"output_modalities": ["audio"]})
        elif kind == "response.create":
            self.turn_ends = _AT_FIRST_SOUND
            self._begin_turn()

    def _prepare(self) -> None:
        """A turn's event for sound, up to its number."""
        part = f'"response_id":"r{self._turn}","item_id":"p{self._turn}","output_index":0,"content_index":0,'
        head = f'{{"type":"response.output_audio.delta",{part}"event_id":"e{self._number}_'
        self.head = head.encode()

    def _say(self, kind: str, **fields: Any) -> None:
        event_id = f"e{self._number}_{self.events}"
        self.events += 1
        self.transport.send(WSMsgType.TEXT, orjson.dumps({"type": kind, "event_id": event_id, **fields}))

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

    def end_turn(self) -> None:
        if self.turn_ends == _AT_FIRST_SOUND:
            # Counted from here, since all callers wait for the last one: their turns would end in one moment.
            self.turn_ends = monotonic() + TURN_SECONDS * random.random()
            return
        self.turn_ends = monotonic() + TURN_SECONDS
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


async def serve(context: ssl.SSLContext | None) -> int:
    """Listens in the background; returns the port."""
    numbers = itertools.count()
    server = await ws_create_server(
        lambda _: Line(next(numbers)), "127.0.0.1", 0, ssl=context, backlog=2048, websocket_handshake_timeout=60
    )
    return int(server.sockets[0].getsockname()[1])
