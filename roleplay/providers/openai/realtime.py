"""A voice engine that speaks the OpenAI Realtime protocol: OpenAI itself, a compatible server, or the embedded engine.

The SDK's connection is not used: it decodes every 25 ms of audio into models, and its automatic reconnection goes on,
billed, with an empty conversation. The protocol's facts are in `docs/realtime.md`.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.sync.client import ClientConnection, connect

from roleplay.ports.realtime import CallPlan, RealtimeEvent, TurnTaking
from roleplay.providers.openai import realtime_session as wire
from roleplay.providers.openai.realtime_events import translate
from tenants.errors import ProviderFailed

OPENAI_URL = "wss://api.openai.com/v1/realtime"
MOST_BYTES = 16 * 2**20
CONNECT_SECONDS = 10


@dataclass(frozen=True, slots=True)
class OpenAIRealtime:
    """`api_key` may be empty for servers that ask for none."""

    api_key: str
    label: str
    url: str = OPENAI_URL
    model: str = "gpt-realtime-2.1"
    transcription_model: str = "gpt-transcribe"

    def connect(self, plan: CallPlan) -> "OpenAICall":
        socket = self._dial()
        try:
            return self._introduce(socket, plan)
        except BaseException:
            socket.close()
            raise

    def _dial(self) -> ClientConnection:
        local = urlsplit(self.url).hostname in {"127.0.0.1", "localhost", "::1"}
        try:
            return connect(
                f"{self.url}?{urlencode({'model': self.model})}",
                additional_headers={"Authorization": f"Bearer {self.api_key or 'none'}"},
                proxy=None if local else True,
                compression=None,
                max_size=MOST_BYTES,
                open_timeout=CONNECT_SECONDS,
                close_timeout=2,
            )
        except InvalidStatus as refused:
            status = refused.response.status_code
            raise ProviderFailed(code=f"http_{status}", recoverable=status == 429 or status >= 500) from None
        except (OSError, WebSocketException):
            raise ProviderFailed(code="unreachable", recoverable=True) from None

    def _introduce(self, socket: ClientConnection, plan: CallPlan) -> "OpenAICall":
        created = _wait_for(socket, "session.created")["session"]
        plays_scenario = (created.get("prompt") or {}).get("id") == wire.SCENARIO_PROMPT
        call = OpenAICall(socket, ref=created.get("id") or uuid4().hex, plays_scenario=plays_scenario)
        wanted = wire.session(
            plan, model=self.model, transcription_model=self.transcription_model, plays_scenario=plays_scenario
        )
        call.send("session.update", session=wanted)
        updated = _wait_for(socket, "session.updated")["session"]
        call.spoken = plan.spoken and "audio" in updated.get("output_modalities", ["audio"])
        if plan.history and not plays_scenario:
            for item in wire.past_items(plan.history):
                call.send("conversation.item.create", item=item)
        return call


class OpenAICall:
    """See `roleplay.ports.realtime.RealtimeCall`."""

    can_truncate = True

    def __init__(self, socket: ClientConnection, *, ref: str, plays_scenario: bool) -> None:
        self.ref = ref
        self._socket = socket
        self._plays_scenario = plays_scenario
        self._closing = False
        self.spoken = True

    def events(self) -> Iterator[RealtimeEvent]:
        try:
            for message in self._messages():
                if event := translate(message):
                    yield event
        except ConnectionClosed:
            pass
        except (KeyError, TypeError, ValueError):
            raise ProviderFailed(code="malformed_event", recoverable=True) from None
        if not self._closing:
            raise ProviderFailed(code="line_lost", recoverable=True)

    def _messages(self) -> Iterator[Mapping[str, Any]]:
        """Every message once, should the server repeat itself."""
        last = None
        for text in self._socket:
            message = json.loads(text)
            if last is None or message.get("event_id") != last:
                yield message
            last = message.get("event_id")

    def send(self, kind: str, **fields: object) -> None:
        self._send(json.dumps({"type": kind, **fields}))

    def _send(self, text: str) -> None:
        try:
            self._socket.send(text)
        except (ConnectionClosed, OSError):
            raise ProviderFailed(code="line_lost", recoverable=True) from None

    def hear(self, pcm: bytes) -> None:
        self._send(wire.audio_frame(pcm))

    def commit(self) -> None:
        self.send("input_audio_buffer.commit")

    def clear(self) -> None:
        self.send("input_audio_buffer.clear")

    def read(self, text: str, *, item: str) -> None:
        self.send("conversation.item.create", item=wire.learner_item(item, text))

    def answer(self) -> None:
        self.send("response.create")

    def cancel(self) -> None:
        self.send("response.cancel")

    def truncate(self, item: str, heard_ms: int) -> None:
        self.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=heard_ms)

    def forget(self, item: str) -> None:
        self.send("conversation.item.delete", item_id=item)

    def note_time_left(self, seconds: int) -> None:
        note = wire.time_note(seconds, plays_scenario=self._plays_scenario)
        self.send("conversation.item.create", item=wire.system_item(f"time_{seconds}", note))

    def take_turns(self, taking: TurnTaking, silence_ms: int) -> None:
        detection = wire.turn_detection(taking, silence_ms)
        self.send("session.update", session={"type": "realtime", "audio": {"input": {"turn_detection": detection}}})

    def close(self) -> None:
        self._closing = True
        with suppress(Exception):
            self._socket.close()


def _wait_for(socket: ClientConnection, kind: str) -> Mapping[str, Any]:
    """The first message of this kind; an error in its place is why there is none."""
    try:
        while True:
            message: Mapping[str, Any] = json.loads(socket.recv(timeout=CONNECT_SECONDS))
            if message["type"] == kind:
                return message
            if message["type"] == "error":
                translate(message)
                raise ProviderFailed(code=str(message["error"].get("code") or "refused"), recoverable=False)
    except (ConnectionClosed, TimeoutError, ValueError):
        raise ProviderFailed(code="no_greeting", recoverable=True) from None
