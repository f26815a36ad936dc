"""One client of the engine: its events in, each to whom it concerns."""

import asyncio
import base64
import binascii
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from roleplay.embedded.call import Call
from roleplay.embedded.conversation import Conversation, Item, Medium, Role
from roleplay.embedded.faults import Faults
from roleplay.embedded.floor import Floor
from roleplay.embedded.listening import Listening, Notice, Silence, SpeechStarted, SpeechStopped, VoiceActivity
from roleplay.embedded.machinery import Machinery
from roleplay.embedded.responding import Manner
from roleplay.embedded.session import LONGEST_SECONDS, RealtimeSession, ResponseSettings
from roleplay.embedded.wire import Event, ProtocolError, Wire, required
from roleplay.ports.dialogue import Dialogue
from roleplay.scenarios.content import ScenarioContent

DialogueFactory = Callable[[ScenarioContent], Dialogue]

_TIME_NOTE = re.compile(r"\[\[time: (?:(\d+) seconds left|over)\]\]")
_MEDIA: dict[tuple[str, str], tuple[Role, Medium]] = {
    ("user", "input_text"): ("user", "input_text"),
    ("system", "input_text"): ("system", "input_text"),
    ("assistant", "output_text"): ("assistant", "output_text"),
}


class _ClientLeftError(Exception):
    """Ends everything that this connection still had under way."""


@dataclass(frozen=True)
class House:
    """What all calls share. `lead_ms` is how far the persona's sound may run ahead of its playback."""

    machinery: Machinery
    dialogues: DialogueFactory
    lead_ms: int


async def converse(socket: ServerConnection, model: str, house: House, faults: Faults) -> None:
    """Serve one client until it leaves or the longest session is over."""
    wire = Wire(socket, faults)
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            await _converse(socket, wire, RealtimeSession(model), house)
    except TimeoutError:
        over = "Your session hit the maximum duration of 60 minutes."
        await wire.error(ProtocolError("session_expired", over))
        await socket.close(1001, over)


async def _converse(socket: ServerConnection, wire: Wire, session: RealtimeSession, house: House) -> None:
    try:
        with house.machinery.voice_activity() as activity:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(wire.strike_faults())
                await Connection(wire, session, house, activity, tasks).listen(socket)
                raise _ClientLeftError
    except* (ConnectionClosed, _ClientLeftError):
        pass


class Connection:
    def __init__(
        self, wire: Wire, session: RealtimeSession, house: House, activity: VoiceActivity, tasks: asyncio.TaskGroup
    ) -> None:
        self._wire, self._session, self._house = wire, session, house
        self._told_language = False
        self._conversation = Conversation()
        self._call = Call(house.machinery.aside)
        self._floor = Floor(
            wire,
            self._conversation,
            self._call,
            tasks,
            manner=self._manner,
            rules=lambda: session.rules,
            learner_speaks=lambda: self._ears.speaking,
            tells_words=lambda: session.settings.audio.input.transcription is not None,
        )
        self._ears = Listening(activity, house.machinery.transcribe, self._floor.nobody_speaks)
        self._ears.follow(session.rules)
        self._handlers: dict[str, Callable[[Event], Awaitable[None]]] = {
            "session.update": self._update_session,
            "input_audio_buffer.append": self._append_sound,
            "input_audio_buffer.commit": self._commit_sound,
            "input_audio_buffer.clear": self._clear_sound,
            "conversation.item.create": self._create_item,
            "conversation.item.delete": self._delete_item,
            "conversation.item.truncate": self._truncate_item,
            "conversation.item.retrieve": self._retrieve_item,
            "response.create": self._create_response,
            "response.cancel": self._cancel_response,
        }

    async def listen(self, socket: ServerConnection) -> None:
        await self._wire.send("session.created", session=self._session.rendered())
        async for message in socket:
            await self._receive(message)

    async def _receive(self, message: str | bytes) -> None:
        event: object = None
        try:
            try:
                event = json.loads(message)
            except ValueError:
                raise ProtocolError("invalid_json", "The event is not valid JSON.") from None
            if not isinstance(event, dict):
                raise ProtocolError("invalid_type", "An event is a JSON object.")
            handler = self._handlers.get(required(event, "type"))
            if handler is None:
                raise ProtocolError("invalid_value", f"Supported values are: {', '.join(self._handlers)}.", "type")
            await handler(event)
        except ProtocolError as error:
            await self._wire.error(error, event.get("event_id") if isinstance(event, dict) else None)

    async def _update_session(self, event: Event) -> None:
        before = self._session.scenario
        self._session.update(required(event, "session", dict), begun=self._call.begun)
        self._ears.follow(self._session.rules)
        scenario = self._session.scenario
        if scenario is not None and scenario is not before:
            dialogue = await self._house.machinery.aside(self._house.dialogues, scenario)
            await self._call.meet(dialogue, self._session.history)
        await self._wire.send("session.updated", session=self._session.rendered())

    async def _append_sound(self, event: Event) -> None:
        try:
            pcm = base64.b64decode(required(event, "audio"), validate=True)
        except binascii.Error:
            raise ProtocolError("invalid_value", "Invalid base64.", "audio") from None
        if not self._session.speaks:
            self._tell_language()
            return
        for notice in self._ears.append(pcm):
            await self._notice(notice)

    async def _notice(self, notice: Notice) -> None:
        match notice:
            case SpeechStarted(item_id, start_ms):
                self._floor.learner_starts()
                await self._wire.send("input_audio_buffer.speech_started", item_id=item_id, audio_start_ms=start_ms)
            case SpeechStopped(turn, end_ms):
                await self._wire.send("input_audio_buffer.speech_stopped", item_id=turn.item_id, audio_end_ms=end_ms)
                await self._floor.commit(turn)
            case Silence():
                self._floor.stay_silent(notice)

    def _tell_language(self) -> None:
        """Once: a microphone sends 25 times a second."""
        if not self._told_language:
            self._told_language = True
            raise ProtocolError(
                "unsupported_language", "This engine hears English only. Take part in writing.", "audio"
            )

    async def _commit_sound(self, _: Event) -> None:
        await self._floor.commit(self._ears.commit())

    async def _clear_sound(self, _: Event) -> None:
        self._ears.clear()
        await self._wire.send("input_audio_buffer.cleared")

    async def _create_item(self, event: Event) -> None:
        given = required(event, "item", dict)
        content = required(given, "content", list)
        medium = _MEDIA.get((str(given.get("role")), content[0].get("type") if content else ""))
        if given.get("type") != "message" or medium is None:
            raise ProtocolError("invalid_value", "An item is a message with text content.", "item")
        text = " ".join(required(part, "text") for part in content)
        item = Item(*medium, text, **({"id": given["id"]} if "id" in given else {}))
        previous = self._conversation.add(item, event.get("previous_item_id"))
        for told in ("conversation.item.added", "conversation.item.done"):
            await self._wire.send(told, previous_item_id=previous, item=item.rendered())
        self._take_in(item, text)

    def _take_in(self, item: Item, text: str) -> None:
        match item.role:
            case "user":
                self._floor.learner_wrote(text)
            case "assistant":
                self._call.persona_said()
            case "system":
                if note := _TIME_NOTE.fullmatch(text.strip()):
                    self._floor.note_time(int(note[1] or 0))

    async def _delete_item(self, event: Event) -> None:
        item = self._conversation.delete(required(event, "item_id"))
        self._floor.cut(item, 0)
        await self._wire.send("conversation.item.deleted", item_id=item.id)

    async def _truncate_item(self, event: Event) -> None:
        end_ms = required(event, "audio_end_ms", int)
        item = self._conversation.truncate(required(event, "item_id"), end_ms)
        self._floor.cut(item, end_ms)
        await self._wire.send("conversation.item.truncated", item_id=item.id, content_index=0, audio_end_ms=end_ms)

    async def _retrieve_item(self, event: Event) -> None:
        item = self._conversation.find(required(event, "item_id"), "retrieve")
        await self._wire.send("conversation.item.retrieved", item=item.rendered())

    async def _create_response(self, event: Event) -> None:
        self._floor.asked(self._manner(ResponseSettings.of(event.get("response") or {})))

    async def _cancel_response(self, _: Event) -> None:
        self._floor.cancel()

    def _manner(self, asked: ResponseSettings | None = None) -> Manner:
        asked = asked or ResponseSettings()
        settings = self._session.settings
        limit = asked.max_output_tokens or settings.max_output_tokens
        medium = asked.output_modalities[0] if asked.output_modalities else self._session.medium
        return Manner(
            medium=medium if self._session.speaks else "text",
            sentences=self._house.machinery.sentences,
            say=self._house.machinery.say,
            speed=self._session.speed,
            lead_ms=self._house.lead_ms,
            max_tokens=None if limit == "inf" else limit,
            metadata=asked.metadata or {},
        )
