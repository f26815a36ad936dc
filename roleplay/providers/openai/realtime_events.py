"""What a Realtime server says, in our words. The only reader of the vendor's event names."""

from collections.abc import Callable, Mapping
from typing import Any

from pybase64 import b64decode

from roleplay.ports import Speaker
from roleplay.ports.realtime import (
    AnswerDone,
    AnswerStarted,
    EngineTrouble,
    ItemAdded,
    LearnerNotHeard,
    LearnerWords,
    PersonaAudio,
    PersonaWords,
    RealtimeEvent,
    SilenceBroken,
    SpeechStarted,
    SpeechStopped,
    Usage,
    UsageKind,
)
from roleplay.providers.openai.realtime_session import END_CONVERSATION, PAST, SOUND
from tenants.errors import ProviderFailed

Message = Mapping[str, Any]

FATAL = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "invalid_api_key",
        "account_deactivated",
        "billing_hard_limit_reached",
        "model_not_found",
    }
)
"""Error codes that no retry cures."""
LINE_LOST = frozenset({"session_expired", "engine_busy"})
STATES = ("openness", "patience")
"""Of the persona, 0 to 100, in the metadata of engines that know them."""
HARMLESS = frozenset(
    {"response_cancel_not_active", "conversation_already_has_active_response", "input_audio_buffer_commit_empty"}
)


def translate(message: Message) -> RealtimeEvent | None:
    """The event that a server message means to a call, if any. Raises `ProviderFailed` when the line is of no use."""
    reader = _READERS.get(message["type"])
    return reader(message) if reader else None


_SOUND, _DELTA, _ITEM = SOUND.begins.decode(), SOUND.key.decode(), SOUND.item.decode().partition("%b")[0]
_EVENT, _END = SOUND.event.decode(), SOUND.behind.decode()
_LONGEST_HEAD = 600


def read_sound(data: str | bytes) -> tuple[PersonaAudio, str | None] | None:
    """A piece of sound and what tells its event from others, found without decoding the JSON around it: most of what a
    server says.

    None for everything else, and for sound that is put differently: the order of keys and the spaces between them are
    no promise of the protocol. Flat and without escapes, a key cannot be mistaken for a value.
    """
    if not isinstance(data, str) or not data.startswith(_SOUND):
        return None
    at = data.find(_DELTA, 0, _LONGEST_HEAD)
    head = data[:at]
    item = head.find(_ITEM) + len(_ITEM)
    if at < 0 or item < len(_ITEM) or not data.endswith(_END) or "\\" in head or head.rfind("{"):
        return None
    try:
        sound = PersonaAudio(
            head[item : head.index('"', item)], b64decode(data[at + len(_DELTA) : -len(_END)], validate=True)
        )
    except ValueError:
        return None
    return sound, head if _EVENT in head else None


def _speech_started(message: Message) -> RealtimeEvent:
    return SpeechStarted(message["item_id"], message["audio_start_ms"])


def _speech_stopped(message: Message) -> RealtimeEvent:
    return SpeechStopped(message["item_id"], message["audio_end_ms"])


def _silence_broken(message: Message) -> RealtimeEvent:
    return SilenceBroken(message["item_id"])


def _committed(message: Message) -> RealtimeEvent:
    return ItemAdded(message["item_id"], message.get("previous_item_id"), Speaker.LEARNER)


def _item_added(message: Message) -> RealtimeEvent | None:
    item = message["item"]
    speaker = {"user": Speaker.LEARNER, "assistant": Speaker.PERSONA}.get(item.get("role"))
    if speaker is None or item["id"].startswith(PAST):
        return None
    return ItemAdded(item["id"], message.get("previous_item_id"), speaker)


def _learner_delta(message: Message) -> RealtimeEvent:
    return LearnerWords(message["item_id"], message.get("delta") or "", final=False)


def _learner_done(message: Message) -> RealtimeEvent:
    usage = _hearing_usage(message["item_id"], message.get("usage") or {})
    return LearnerWords(message["item_id"], message["transcript"], final=True, usage=usage)


def _learner_failed(message: Message) -> RealtimeEvent:
    return LearnerNotHeard(message["item_id"])


def _answer_started(message: Message) -> RealtimeEvent:
    return AnswerStarted(message["response"]["id"])


def _persona_audio(message: Message) -> RealtimeEvent:
    return PersonaAudio(message["item_id"], b64decode(message["delta"], validate=True))


def _persona_delta(message: Message) -> RealtimeEvent:
    return PersonaWords(message["item_id"], message["delta"], final=False)


def _persona_done(message: Message) -> RealtimeEvent:
    return PersonaWords(message["item_id"], message.get("transcript", message.get("text", "")), final=True)


def _answer_done(message: Message) -> RealtimeEvent:
    response = message["response"]
    output = response.get("output") or []
    metadata = response.get("metadata") or {}
    ends = metadata.get("ends_call") == "true" or any(item.get("name") == END_CONVERSATION for item in output)
    return AnswerDone(
        items=tuple(item["id"] for item in output if item.get("type") == "message"),
        completed=response["status"] == "completed",
        ends_call=ends,
        usage=_answer_usage(response["id"], response.get("usage") or {}),
        persona_state={name: int(metadata[name]) for name in STATES if name in metadata} or None,
        failure=_failure(response),
    )


def _failure(response: Message) -> str | None:
    """Raises `ProviderFailed` for what no second try cures."""
    if response["status"] != "failed":
        return None
    error = (response.get("status_details") or {}).get("error") or {}
    code = str(error.get("code") or error.get("type") or "unknown")
    if code in FATAL:
        raise ProviderFailed(code=code, recoverable=False)
    return code


def _error(message: Message) -> RealtimeEvent | None:
    error = message["error"]
    code = str(error.get("code") or error.get("type") or "unknown")
    if code in HARMLESS:
        return None
    if code in FATAL or code in LINE_LOST:
        raise ProviderFailed(code=code, recoverable=code in LINE_LOST)
    return EngineTrouble(code)


def _answer_usage(response: str, usage: Message) -> Usage:
    given = usage.get("input_token_details") or {}
    made = usage.get("output_token_details") or {}
    return Usage(
        ref=response,
        kind=UsageKind.ANSWER,
        text_in=given.get("text_tokens") or 0,
        audio_in=given.get("audio_tokens") or 0,
        cached_in=given.get("cached_tokens") or 0,
        text_out=made.get("text_tokens") or 0,
        audio_out=made.get("audio_tokens") or 0,
    )


def _hearing_usage(item: str, usage: Message) -> Usage:
    """Transcription is billed apart, by tokens or by seconds."""
    given = usage.get("input_token_details") or {}
    return Usage(
        ref=f"{item}/asr",
        kind=UsageKind.HEARING,
        text_in=given.get("text_tokens") or 0,
        audio_in=given.get("audio_tokens") or 0,
        text_out=usage.get("output_tokens") or 0,
        audio_ms=round(1000 * (usage.get("seconds") or 0)),
    )


_READERS: dict[str, Callable[[Message], RealtimeEvent | None]] = {
    "input_audio_buffer.speech_started": _speech_started,
    "input_audio_buffer.speech_stopped": _speech_stopped,
    "input_audio_buffer.timeout_triggered": _silence_broken,
    "input_audio_buffer.committed": _committed,
    "conversation.item.added": _item_added,
    "conversation.item.input_audio_transcription.delta": _learner_delta,
    "conversation.item.input_audio_transcription.completed": _learner_done,
    "conversation.item.input_audio_transcription.failed": _learner_failed,
    "response.created": _answer_started,
    "response.output_audio.delta": _persona_audio,
    "response.output_audio_transcript.delta": _persona_delta,
    "response.output_audio_transcript.done": _persona_done,
    "response.output_text.delta": _persona_delta,
    "response.output_text.done": _persona_done,
    "response.done": _answer_done,
    "error": _error,
}
