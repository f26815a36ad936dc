"""A Realtime client that believes nothing: every event it receives is held against the vendor's own types."""

import asyncio
import base64
import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from openai.types.realtime import RealtimeServerEvent
from pydantic import TypeAdapter
from websockets.sync.client import ClientConnection, connect

from roleplay.embedded.connection import DialogueFactory
from roleplay.embedded.machinery import Machinery
from roleplay.embedded.server import engine
from roleplay.ports.dialogue import Reply
from roleplay.scenarios.content import Goal, ScenarioContent, ScenarioType
from roleplay.scenarios.content import Persona as Character
from tenants.errors import ProviderFailed
from tests.audio.speech import Samples, pcm

Event = dict[str, Any]

_EVENTS: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
_PATIENCE = 20


class Persona:
    """Says what it heard, so that a test can tell what reached it. `notes` is everything it was told."""

    def __init__(self, scenario: ScenarioContent) -> None:
        self.scenario = scenario
        self.notes: list[str] = []
        self.answered_late = False

    def open(self) -> Reply:
        return Reply(self.scenario.opening, state={"openness": 40, "patience": 60})

    def hear(self, text: str) -> Reply:
        heard = " ".join([*self.notes, f"You said: {text}"])
        self.notes.clear()
        if "break" in text:
            raise RuntimeError("the mind broke")
        if "engaged" in text and not self.answered_late:
            self.answered_late = True
            raise ProviderFailed(code="dialogue_timeout", recoverable=True)
        return Reply(heard + " I see. That is a long story.", state={"openness": 41, "patience": 59})

    def sit_in_silence(self) -> Reply | None:
        return Reply("Are you still there?")

    def interrupted(self, heard: str) -> None:
        self.notes.append(f"Cut after '{heard}'.")

    def time_left(self, seconds: int) -> Reply | None:
        return None if seconds > 100 else Reply("I have to go now.", ends_call=seconds == 0)

    def resume(self, history: Sequence[tuple[str, str]]) -> None:
        self.notes.append(f"We had {len(history)} turns.")


def scenario(language: str = "en") -> ScenarioContent:
    line = dict.fromkeys(("organization", "biography", "trait", "emotional_state", "decision_making"), "x")
    return ScenarioContent(
        title="x",
        summary="x",
        type=ScenarioType.SALES,
        use_case="x",
        language=language,
        learner_role="x",
        context="x",
        stakes="x",
        objective="x",
        persona=Character(name="Dana", job="x", communication_style="x", motivations=("x",), concerns=("x",), **line),
        opening="Hello. This is Dana. What can I do for you today?",
        goals=(Goal(id="goal", text="x"),),
    )


class Client:
    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.events: list[Event] = []

    def send(self, kind: str, **fields: object) -> None:
        self.socket.send(json.dumps({"type": kind, **fields}))

    def receive(self, timeout: float = _PATIENCE) -> Event:
        event: Event = json.loads(self.socket.recv(timeout))
        _EVENTS.validate_python(event, strict=True)
        self.events.append(event)
        return event

    def until(self, kind: str) -> Event:
        """The next event of this kind; those before it are kept in `events`."""
        while True:
            event = self.receive()
            if event["type"] == kind:
                return event

    def error(self) -> Event:
        error: Event = self.until("error")["error"]
        return error

    def begin(self, *, language: str = "en", history: Sequence[tuple[str, str]] = (), **session: object) -> Event:
        """Bring a scenario and settings; answers the session as the engine took it."""
        turns = [{"speaker": speaker, "text": text} for speaker, text in history]
        variables = {"scenario": scenario(language).model_dump_json(), "history": json.dumps(turns)}
        prompt = {"id": "roleplay-scenario", "variables": variables}
        self.send("session.update", session={"type": "realtime", "prompt": prompt, **session})
        updated: Event = self.until("session.updated")["session"]
        return updated

    def say(self, samples: Samples, frame: int = 1920) -> None:
        """Speak as fast as the wire takes it: the engine's clock for sound is the sound."""
        sound = pcm(samples)
        for start in range(0, len(sound), frame):
            audio = base64.b64encode(sound[start : start + frame]).decode()
            self.send("input_audio_buffer.append", audio=audio)

    def write(self, text: str) -> None:
        message = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        self.send("conversation.item.create", item=message)

    def note(self, text: str) -> None:
        message = {"type": "message", "role": "system", "content": [{"type": "input_text", "text": text}]}
        self.send("conversation.item.create", item=message)

    def reply(self) -> Event:
        """The next finished response."""
        response: Event = self.until("response.done")["response"]
        return response

    @property
    def kinds(self) -> list[str]:
        return [event["type"] for event in self.events]


def words_of(response: Event) -> str:
    """What was said or written in a response."""
    return " ".join(part.get("transcript", part.get("text")) for item in response["output"] for part in item["content"])


def heard_by(client: Client) -> str:
    """What the client was told that the learner said last."""
    told: str = client.until("conversation.item.input_audio_transcription.completed")["transcript"]
    return told


def in_audio(**turn_detection: object) -> dict[str, object]:
    detection = {"type": "server_vad", **turn_detection}
    return {"audio": {"input": {"transcription": {"model": "x", "language": "en"}, "turn_detection": detection}}}


PUSH_TO_TALK = {"audio": {"input": {"transcription": {"model": "x"}, "turn_detection": None}}}
WRITTEN = {"output_modalities": ["text"], **PUSH_TO_TALK}


@contextmanager
def client(port: int, query: str = "model=test") -> Iterator[Client]:
    headers = {"Authorization": "Bearer anything"}
    with connect(
        f"ws://127.0.0.1:{port}/v1/realtime?{query}", additional_headers=headers, max_size=None, close_timeout=1
    ) as socket:
        yield Client(socket)


@contextmanager
def engine_on_a_thread(
    machinery: Machinery, dialogues: DialogueFactory, *, faults: bool = False, lead_ms: int = 2_000
) -> Iterator[int]:
    loop = asyncio.new_event_loop()
    opened: list[int] = []
    ready, stop = threading.Event(), asyncio.Event()

    async def run() -> None:
        async with engine(
            "127.0.0.1", 0, machinery=machinery, dialogues=dialogues, faults=faults, lead_ms=lead_ms
        ) as port:
            opened.append(port)
            ready.set()
            await stop.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(run(),))
    thread.start()
    try:
        assert ready.wait(10)
        yield opened[0]
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
