"""What goes to a Realtime server has the shapes of the `openai` package's types, and what comes is understood."""

import json
from typing import Any

import pytest
from openai.types.realtime.realtime_client_event_param import RealtimeClientEventParam
from openai.types.realtime.realtime_server_event import RealtimeServerEvent
from pydantic import TypeAdapter

from roleplay.ports import Speaker
from roleplay.ports import realtime as rt
from roleplay.ports.realtime import CallPlan, Said, TurnTaking
from roleplay.providers.openai import realtime_session as wire
from roleplay.providers.openai.realtime_events import FATAL, HARMLESS, LINE_LOST, translate
from tenants.errors import ProviderFailed

CLIENT: TypeAdapter[Any] = TypeAdapter(RealtimeClientEventParam)
SERVER: TypeAdapter[Any] = TypeAdapter(RealtimeServerEvent)
HISTORY = [Said(Speaker.PERSONA, "You wanted to see me?"), Said(Speaker.LEARNER, "You were late.")]


def plan(**changes: Any) -> CallPlan:
    settings = {
        "instructions": "You are Martin.",
        "scenario": "{}",
        "language": "en",
        "voice": "firm",
        "spoken": True,
        "taking": TurnTaking.HANDS_FREE,
        "silence_ms": 700,
        "remaining_ms": 60_000,
    }
    return CallPlan(**{**settings, **changes})


def session(*, plays_scenario: bool = False, **changes: Any) -> dict[str, Any]:
    return dict(
        wire.session(
            plan(**changes),
            model="gpt-realtime-2.1",
            transcription_model="gpt-transcribe",
            plays_scenario=plays_scenario,
        )
    )


def is_client_event(event: dict[str, Any]) -> None:
    """Valid, and nothing in it that the types do not know: unknown keys would be dropped."""
    assert json.loads(json.dumps(CLIENT.validate_python(event, strict=True), default=list)) == json.loads(
        json.dumps(event)
    )


@pytest.mark.parametrize("plays_scenario", [True, False])
@pytest.mark.parametrize("taking", TurnTaking)
@pytest.mark.parametrize("spoken", [True, False])
def test_a_session_has_the_shape_of_the_protocol(plays_scenario: bool, taking: TurnTaking, spoken: bool) -> None:
    is_client_event(
        {
            "type": "session.update",
            "session": session(plays_scenario=plays_scenario, taking=taking, spoken=spoken, history=HISTORY),
        }
    )


def test_every_other_message_has_the_shape_of_the_protocol() -> None:
    items = [*wire.past_items(HISTORY), wire.learner_item("t1", "Hello"), wire.system_item("time_30", "Wrap up.")]
    events: list[dict[str, Any]] = [{"type": "conversation.item.create", "item": item} for item in items]
    events += [{"type": kind} for kind in ("input_audio_buffer.commit", "input_audio_buffer.clear")]
    events += [{"type": "response.create"}, {"type": "response.cancel"}]
    events += [{"type": "conversation.item.truncate", "item_id": "a", "content_index": 0, "audio_end_ms": 900}]
    events += [{"type": "conversation.item.delete", "item_id": "a"}]
    events += [json.loads(wire.audio_frame(b"\x01\x02" * 960))]
    for event in events:
        is_client_event(event)


def test_item_ids_are_short_enough() -> None:
    assert all(len(str(item.get("id"))) <= 32 for item in wire.past_items(HISTORY * 50))


def test_a_call_in_writing_asks_for_no_voice() -> None:
    asked = session(spoken=False, taking=TurnTaking.OFF)
    assert asked["output_modalities"] == ["text"]
    assert "output" not in asked["audio"]
    assert asked["audio"]["input"]["turn_detection"] is None


@pytest.mark.parametrize(
    ("character", "voice"),
    [("warm", "marin"), ("deep male", "cedar"), ("bright female", "marin"), ("unheard of", "marin")],
)
def test_a_voice_character_is_one_of_the_servers_voices(character: str, voice: str) -> None:
    assert session(voice=character)["audio"]["output"]["voice"] == voice


RESPONSE = {
    "id": "resp_1",
    "object": "realtime.response",
    "status": "completed",
    "output": [{"id": "item_2", "object": "realtime.item", "type": "message", "role": "assistant", "content": []}],
    "metadata": {"openness": "40", "patience": "70"},
    "usage": {
        "total_tokens": 30,
        "input_tokens": 20,
        "output_tokens": 10,
        "input_token_details": {"text_tokens": 5, "audio_tokens": 15, "cached_tokens": 4},
        "output_token_details": {"text_tokens": 3, "audio_tokens": 7},
    },
}
PART = {"response_id": "resp_1", "item_id": "item_2", "output_index": 0, "content_index": 0}
USER = {"id": "item_1", "type": "message", "role": "user", "content": []}
ANSWER_USAGE = rt.Usage("resp_1", rt.UsageKind.ANSWER, text_in=5, audio_in=15, cached_in=4, text_out=3, audio_out=7)
TRANSCRIPTION = "conversation.item.input_audio_transcription"
TOLD: list[tuple[dict[str, Any], rt.RealtimeEvent | None]] = [
    (
        {"type": "input_audio_buffer.speech_started", "item_id": "item_1", "audio_start_ms": 400},
        rt.SpeechStarted("item_1", 400),
    ),
    (
        {"type": "input_audio_buffer.speech_stopped", "item_id": "item_1", "audio_end_ms": 900},
        rt.SpeechStopped("item_1", 900),
    ),
    (
        {
            "type": "input_audio_buffer.timeout_triggered",
            "item_id": "item_1",
            "audio_start_ms": 0,
            "audio_end_ms": 9,
        },
        rt.SilenceBroken("item_1"),
    ),
    (
        {"type": "input_audio_buffer.committed", "item_id": "item_1", "previous_item_id": "item_0"},
        rt.ItemAdded("item_1", "item_0", Speaker.LEARNER),
    ),
    (
        {"type": "conversation.item.added", "previous_item_id": None, "item": USER},
        rt.ItemAdded("item_1", None, Speaker.LEARNER),
    ),
    (
        {"type": "conversation.item.added", "previous_item_id": None, "item": {**USER, "id": "past_1"}},
        None,
    ),
    (
        {"type": "conversation.item.added", "previous_item_id": None, "item": {**USER, "role": "system"}},
        None,
    ),
    (
        {"type": f"{TRANSCRIPTION}.delta", "item_id": "item_1", "content_index": 0, "delta": "You"},
        rt.LearnerWords("item_1", "You", final=False),
    ),
    (
        {
            "type": f"{TRANSCRIPTION}.completed",
            "item_id": "item_1",
            "content_index": 0,
            "transcript": "You were late.",
            "usage": {"type": "duration", "seconds": 1.5},
        },
        rt.LearnerWords(
            "item_1",
            "You were late.",
            final=True,
            usage=rt.Usage("item_1/asr", rt.UsageKind.HEARING, audio_ms=1500),
        ),
    ),
    (
        {"type": f"{TRANSCRIPTION}.failed", "item_id": "item_1", "content_index": 0, "error": {}},
        rt.LearnerNotHeard("item_1"),
    ),
    ({"type": "response.created", "response": {"id": "resp_1"}}, rt.AnswerStarted("resp_1")),
    ({"type": "response.output_audio.delta", **PART, "delta": "AQI="}, rt.PersonaAudio("item_2", b"\x01\x02")),
    (
        {"type": "response.output_audio_transcript.delta", **PART, "delta": "By"},
        rt.PersonaWords("item_2", "By", final=False),
    ),
    (
        {"type": "response.output_audio_transcript.done", **PART, "transcript": "By two."},
        rt.PersonaWords("item_2", "By two.", final=True),
    ),
    (
        {"type": "response.output_text.done", **PART, "text": "By two."},
        rt.PersonaWords("item_2", "By two.", final=True),
    ),
    (
        {"type": "response.done", "response": RESPONSE},
        rt.AnswerDone(("item_2",), True, False, ANSWER_USAGE, {"openness": 40, "patience": 70}),
    ),
    ({"type": "rate_limits.updated", "rate_limits": []}, None),
    ({"type": "an.event.of.next.year", "surprise": 1}, None),
]


@pytest.mark.parametrize(("message", "event"), TOLD, ids=[message["type"] for message, _ in TOLD])
def test_what_the_server_says_is_understood(message: dict[str, Any], event: rt.RealtimeEvent | None) -> None:
    if message["type"] != "an.event.of.next.year":
        SERVER.validate_python({"event_id": "event_1", **message})
    assert translate(message) == event


def error(code: str) -> dict[str, Any]:
    return {
        "type": "error",
        "event_id": "e",
        "error": {"type": "invalid_request_error", "code": code, "message": "No."},
    }


@pytest.mark.parametrize("code", sorted(FATAL))
def test_some_errors_no_retry_cures(code: str) -> None:
    with pytest.raises(ProviderFailed) as failure:
        translate(error(code))
    assert not failure.value.recoverable


@pytest.mark.parametrize("code", sorted(LINE_LOST))
def test_some_errors_a_new_line_cures(code: str) -> None:
    with pytest.raises(ProviderFailed) as failure:
        translate(error(code))
    assert failure.value.recoverable


@pytest.mark.parametrize("code", sorted(HARMLESS))
def test_some_errors_mean_nothing(code: str) -> None:
    assert translate(error(code)) is None


def test_other_errors_are_told_without_their_text() -> None:
    assert translate(error("invalid_value")) == rt.EngineTrouble("invalid_value")
