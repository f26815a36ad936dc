"""A voice engine that speaks the OpenAI Realtime protocol: OpenAI itself, a compatible server, or the embedded engine.

The SDK's connection is not used: it decodes every 25 ms of audio into models, and its automatic reconnection goes on,
billed, with an empty conversation. The protocol's facts are in `docs/realtime.md`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from uuid import uuid4

import orjson

from roleplay.ports.realtime import CallPlan, Coupling, Listener, TurnTaking
from roleplay.providers.openai import realtime_session as wire
from roleplay.providers.openai.realtime_events import read_sound, translate
from roleplay.providers.openai.realtime_line import EngineLine, ThreadedLine
from tenants.errors import ProviderFailed

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel

OPENAI_URL = "wss://api.openai.com/v1/realtime"


@dataclass(frozen=True, slots=True)
class OpenAIRealtime:
    """`api_key` may be empty for servers that ask for none. `in_hub` needs a process that gevent runs."""

    api_key: str
    label: str
    url: str = OPENAI_URL
    model: str = "gpt-realtime-2.1"
    transcription_model: str = "gpt-transcribe"
    in_hub: bool = False

    def connect(self, plan: CallPlan) -> "OpenAICall":
        line = self._dial()
        try:
            return self._introduce(line, plan)
        except BaseException:
            line.close()
            raise

    def _dial(self) -> EngineLine:
        separator = "&" if "?" in self.url else "?"
        url = f"{self.url}{separator}{urlencode({'model': self.model})}"
        headers = {"Authorization": f"Bearer {self.api_key or 'none'}"}
        if not self.in_hub:
            return ThreadedLine(url, headers)
        from roleplay.providers.openai.realtime_pump import PumpedLine  # noqa: PLC0415 - needs gevent

        return PumpedLine(url, headers)

    def _introduce(self, line: EngineLine, plan: CallPlan) -> "OpenAICall":
        created = _wait_for(line, "session.created")["session"]
        plays_scenario = (created.get("prompt") or {}).get("id") == wire.SCENARIO_PROMPT
        call = OpenAICall(line, ref=created.get("id") or uuid4().hex, plays_scenario=plays_scenario)
        wanted = wire.session(
            plan, model=self.model, transcription_model=self.transcription_model, plays_scenario=plays_scenario
        )
        call.send("session.update", session=wanted)
        updated = _wait_for(line, "session.updated")["session"]
        call.spoken = plan.spoken and "audio" in updated.get("output_modalities", ["audio"])
        if plan.history and not plays_scenario:
            for item in wire.past_items(plan.history):
                call.send("conversation.item.create", item=item)
        return call


class OpenAICall:
    """See `roleplay.ports.realtime.RealtimeCall`."""

    can_truncate = True

    def __init__(self, line: EngineLine, *, ref: str, plays_scenario: bool) -> None:
        self.ref = ref
        self._line = line
        self._plays_scenario = plays_scenario
        self._listener: Listener | None = None
        self._last_event: str | None = None
        self._closing = False
        self.spoken = True

    def listen(self, listener: Listener) -> None:
        self._listener = listener
        self._line.read(self)

    def take(self, data: str | bytes) -> None:
        """Every message once, should the server repeat itself."""
        if self._closing or self._listener is None:
            return
        try:
            sound = read_sound(data)
            if sound is None:
                message = orjson.loads(data)
                event, name = translate(message), message.get("event_id")
            else:
                event, name = sound
            if event and (name is None or name != self._last_event):
                self._listener.heard(event)
            self._last_event = name
        except ProviderFailed as failure:
            self._fail(failure)
        except (KeyError, TypeError, ValueError, AttributeError):
            self._fail(ProviderFailed(code="malformed_event", recoverable=True))

    def pressed(self, full: bool) -> None:
        if self._listener:
            self._listener.pressed(full)

    def closed(self) -> None:
        self._fail(ProviderFailed(code="line_lost", recoverable=True))

    def _fail(self, failure: ProviderFailed) -> None:
        if not self._closing and self._listener:
            self._closing = True
            self._listener.lost(failure)
            self._line.close()

    def hold(self, on: bool) -> None:
        self._line.hold(on)

    def couple(self, browser: "Channel") -> Coupling | None:
        return self._line.couple(browser)

    def send(self, kind: str, **fields: object) -> None:
        self._line.send(orjson.dumps({"type": kind, **fields}))

    def hear(self, pcm: bytes) -> None:
        self._line.send(wire.audio_frame(pcm))

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
        self._line.close()


def _wait_for(line: EngineLine, kind: str) -> Mapping[str, Any]:
    """The first message of this kind; an error in its place is why there is none."""
    try:
        while True:
            message: Mapping[str, Any] = orjson.loads(line.receive())
            if message["type"] == kind:
                return message
            if message["type"] == "error":
                translate(message)
                raise ProviderFailed(code=str(message["error"].get("code") or "refused"), recoverable=False)
    except (TimeoutError, ValueError):
        raise ProviderFailed(code="no_greeting", recoverable=True) from None
