"""What is sent to a Realtime server, as plain data. Nothing here opens a connection.

The shapes are those of the GA protocol; the tests hold them against the types of the `openai` package.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pybase64 import b64encode

from roleplay.ports import Speaker
from roleplay.ports.realtime import CallPlan, Said, TurnTaking
from roleplay.sockets.coding import Coding

if TYPE_CHECKING:
    from openai.types.realtime import (
        ConversationItemParam,
        RealtimeAudioConfigInputParam,
        RealtimeAudioInputTurnDetectionParam,
        RealtimeConversationItemAssistantMessageParam,
        RealtimeFunctionToolParam,
        RealtimeSessionCreateRequestParam,
    )

SCENARIO_PROMPT = "roleplay-scenario"
"""Prompt id announced by servers that play a scenario themselves, and used to hand it to them."""
END_CONVERSATION = "end_conversation"
PAST = "past"
"""Item ids of a resumed call's history start with it."""
SILENCE_REACTION_MS = 15_000

_VOICES = {
    "female": "marin",
    "male": "cedar",
    "warm": "marin",
    "calm": "sage",
    "bright": "coral",
    "brisk": "ash",
    "firm": "cedar",
    "deep": "cedar",
    "young": "shimmer",
    "gentle": "sage",
}
_END_TOOL: "RealtimeFunctionToolParam" = {
    "type": "function",
    "name": END_CONVERSATION,
    "description": "Call this right after saying goodbye, when the conversation is really over.",
    "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
}
_TIME = {
    120: "About two minutes are left. Carry on, and have the end in mind.",
    30: "About thirty seconds are left. Wrap up now, as a busy person would.",
    0: "Time is over. Say goodbye in one short sentence that fits how the conversation went.",
}


def session(
    plan: CallPlan, *, model: str, transcription_model: str, plays_scenario: bool
) -> "RealtimeSessionCreateRequestParam":
    whole: RealtimeSessionCreateRequestParam = {
        "type": "realtime",
        "output_modalities": ["audio"] if plan.spoken else ["text"],
        "audio": {"input": _input(plan, transcription_model)},
    }
    if plays_scenario:
        whole["prompt"] = {"id": SCENARIO_PROMPT, "variables": _variables(plan)}
        return whole
    whole.update({"model": model, "instructions": plan.instructions, "tools": [_END_TOOL], "tool_choice": "auto"})
    if plan.spoken:
        whole["audio"]["output"] = {"format": {"type": "audio/pcm", "rate": 24000}, "voice": _voice(plan.voice)}
    return whole


def _input(plan: CallPlan, transcription_model: str) -> "RealtimeAudioConfigInputParam":
    return {
        "format": {"type": "audio/pcm", "rate": 24000},
        "noise_reduction": {"type": "near_field"},
        "transcription": {"model": transcription_model, "language": plan.language},
        "turn_detection": turn_detection(plan.taking, plan.silence_ms),
    }


def _variables(plan: CallPlan) -> dict[str, Any]:
    variables: dict[str, Any] = {"scenario": plan.scenario, "remaining_ms": str(plan.remaining_ms)}
    if plan.history:
        variables["history"] = json.dumps([{"speaker": said.speaker, "text": said.text} for said in plan.history])
    return variables


def _voice(character: str) -> str:
    return next((voice for word, voice in _VOICES.items() if word in character.lower()), "marin")


def turn_detection(taking: TurnTaking, silence_ms: int) -> "RealtimeAudioInputTurnDetectionParam | None":
    if taking is not TurnTaking.HANDS_FREE:
        return None
    return {
        "type": "server_vad",
        "threshold": 0.5,
        "prefix_padding_ms": 300,
        "silence_duration_ms": silence_ms,
        "idle_timeout_ms": SILENCE_REACTION_MS,
        "create_response": True,
        "interrupt_response": True,
    }


def past_items(history: Sequence[Said]) -> list["ConversationItemParam"]:
    """The turns of a call that goes on, as text: audio of the assistant cannot be given back to the server."""
    items = [_past(f"{PAST}_{number}", said) for number, said in enumerate(history, start=1)]
    going_on = "The connection was lost for a moment. Continue where you were; do not greet again."
    return [*items, system_item(f"{PAST}_end", going_on)]


def _past(item: str, said: Said) -> "ConversationItemParam":
    if said.speaker is Speaker.LEARNER:
        return learner_item(item, said.text)
    message: RealtimeConversationItemAssistantMessageParam = {
        "id": item,
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": said.text}],
    }
    return message


def learner_item(item: str, text: str) -> "ConversationItemParam":
    return {"id": item, "type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}


def system_item(item: str, text: str) -> "ConversationItemParam":
    return {"id": item, "type": "message", "role": "system", "content": [{"type": "input_text", "text": text}]}


def time_note(seconds: int, *, plays_scenario: bool) -> str:
    if not plays_scenario:
        return _TIME[seconds]
    return f"[[time: {seconds} seconds left]]" if seconds else "[[time: over]]"


SOUND = Coding(
    before=b'{"type":"input_audio_buffer.append","audio":"',
    begins=b'{"type":"response.output_audio.delta",',
    key=b'"delta":"',
    item=b'"item_id":"%b"',
    event=b'"event_id":"',
    behind=b'"}',
    bytes_per_second=48_000,
)
"""PCM16 mono at 24 kHz in the two messages that are sent many times a second. The order of the keys and the spaces
between them are no promise of the protocol: sound that is put differently is read with the rest."""


def audio_frame(pcm: bytes) -> bytes:
    """The one message sent 25 times a second: put together by hand, because JSON encoding it costs three times more."""
    return SOUND.before + b64encode(pcm) + SOUND.behind
