"""One response of the persona, told as the protocol tells it: created, deltas, done."""

import asyncio
import base64
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from roleplay.embedded.audio import wire_ms
from roleplay.embedded.call import Call, Spoken
from roleplay.embedded.conversation import Conversation, Item
from roleplay.embedded.wire import ProtocolError, Wire, new_id
from roleplay.ports.dialogue import Reply

log = logging.getLogger(__name__)

StopReason = Literal["turn_detected", "client_cancelled", "max_output_tokens"]
Think = Callable[[], Awaitable[Reply | None]]

_CHUNK = 4_800
"""Bytes in a delta: 100 ms."""


@dataclass(frozen=True)
class Manner:
    """How a response is given. `say` makes PCM16 of a sentence; sound runs `lead_ms` ahead of playback at most."""

    medium: Literal["audio", "text"]
    sentences: Callable[[str], list[str]]
    say: Callable[[str, float], Awaitable[bytes]]
    speed: float = 1.0
    lead_ms: int = 2_000
    max_tokens: int | None = None
    metadata: dict[str, str] = field(default_factory=dict)


class Response:
    def __init__(self, wire: Wire, conversation: Conversation, call: Call, manner: Manner) -> None:
        self.id = new_id("resp")
        self._wire = wire
        self._conversation = conversation
        self._call = call
        self._manner = manner
        self.item = Item("assistant", "output_audio" if manner.medium == "audio" else "output_text", "")
        self._metadata = dict(manner.metadata)
        self._stopped = asyncio.Event()
        self._reason: StopReason | None = None
        self._began: float | None = None
        self.may_be_interrupted = True

    def stop(self, reason: StopReason) -> None:
        if self._reason is None:
            self._reason = reason
            self._stopped.set()

    @property
    def unplayed_ms(self) -> int:
        """How much of what was sent can not have been heard yet, if playback began with the first delta."""
        if self._began is None:
            return 0
        return max(self.item.audio_ms - int((self._now() - self._began) * 1000), 0)

    async def run(self, think: Think) -> None:
        await self._wire.send("response.created", response=self._rendered("in_progress"))
        await self._wire.send("rate_limits.updated", rate_limits=[])
        try:
            self._wire.admit_answer()
            reply = await think()
        except ProtocolError as error:
            await self._wire.error(error)
            await self._done("failed", error.body)
            return
        except Exception as error:
            log.error("the dialogue failed with %s", type(error).__name__)
            await self._done("failed", {"type": "server_error", "code": "dialogue_failed"})
            return
        if reply and reply.text:
            await self._utter(reply)
        await self._done(self._outcome())

    async def _utter(self, reply: Reply) -> None:
        self._metadata |= {name: str(value) for name, value in reply.state.items()}
        if reply.ends_call:
            self._metadata["ends_call"] = "true"
            self._call.over = True
            self.may_be_interrupted = False
        spoken = Spoken(reply, self.item)
        self._call.spoken = spoken
        if self._reason is not None:
            self.item.pieces = [(sentence, 1) for sentence in self._manner.sentences(reply.text)]
            spoken.cut_ms = 0
            return
        await self._open_item()
        for sentence in self._manner.sentences(reply.text):
            if self._reason is None:
                await (self._speak if self._manner.medium == "audio" else self._write)(sentence)
        self._leave_unsaid(spoken)
        await self._close_item()

    def _leave_unsaid(self, spoken: Spoken) -> None:
        """Keep the sentences that were never begun beside the heard ones, so that they can be taken up again."""
        said = len(self.item.pieces)
        if self._reason is None or not said:
            return
        self.item.pieces += [(sentence, 1_000) for sentence in self._manner.sentences(spoken.reply.text)[said:]]
        if spoken.cut_ms is None:
            spoken.cut_ms = self.item.audio_ms - self.unplayed_ms

    async def _speak(self, sentence: str) -> None:
        await self._tell_words("response.output_audio_transcript.delta", sentence)
        pcm = await self._manner.say(sentence, self._manner.speed)
        self.item.pieces.append((sentence, wire_ms(len(pcm))))
        for start in range(0, len(pcm), _CHUNK):
            if self._used_up():
                self.stop("max_output_tokens")
            if not await self._may_send():
                return
            chunk = pcm[start : start + _CHUNK]
            if self._began is None:
                self._began = self._now()
            self.item.audio_ms += wire_ms(len(chunk))
            delta = base64.b64encode(chunk).decode()
            await self._wire.send("response.output_audio.delta", **self._part(), delta=delta)

    async def _write(self, sentence: str) -> None:
        await self._tell_words("response.output_text.delta", sentence)

    async def _tell_words(self, kind: str, sentence: str) -> None:
        words = f" {sentence}" if self.item.text else sentence
        self.item.text = (self.item.text or "") + words
        await self._wire.send(kind, **self._part(), delta=words)

    async def _may_send(self) -> bool:
        """Wait until playback has caught up far enough; False once stopped."""
        ahead_ms = self.unplayed_ms - self._manner.lead_ms
        if ahead_ms > 0:
            try:
                await asyncio.wait_for(self._stopped.wait(), ahead_ms / 1000)
            except TimeoutError:
                return True
        return self._reason is None

    async def _open_item(self) -> None:
        self.item.status = "in_progress"
        previous = self._conversation.add(self.item)
        item = {**self.item.rendered(), "content": []}
        await self._wire.send("response.output_item.added", response_id=self.id, output_index=0, item=item)
        await self._wire.send("conversation.item.added", previous_item_id=previous, item=item)
        await self._wire.send("response.content_part.added", **self._part(), part=self._rendered_part(""))

    async def _close_item(self) -> None:
        self.item.status = "completed" if self._reason is None else "incomplete"
        text = self.item.text or ""
        if self._manner.medium == "audio":
            await self._wire.send("response.output_audio.done", **self._part())
            await self._wire.send("response.output_audio_transcript.done", **self._part(), transcript=text)
        else:
            await self._wire.send("response.output_text.done", **self._part(), text=text)
        await self._wire.send("response.content_part.done", **self._part(), part=self._rendered_part(text))
        item = self.item.rendered()
        previous = self._conversation.previous_id(self.item)
        await self._wire.send("conversation.item.done", previous_item_id=previous, item=item)
        await self._wire.send("response.output_item.done", response_id=self.id, output_index=0, item=item)

    async def _done(self, status: str, error: dict[str, Any] | None = None) -> None:
        await self._wire.send("response.done", response=self._rendered(status, error))

    def _outcome(self) -> str:
        match self._reason:
            case None:
                return "completed"
            case "max_output_tokens":
                return "incomplete"
            case _:
                return "cancelled"

    def _rendered(self, status: str, error: dict[str, Any] | None = None) -> dict[str, Any]:
        details = {"type": status, "reason": self._reason, "error": error} if self._reason or error else None
        finished = status != "in_progress"
        return {
            "object": "realtime.response",
            "id": self.id,
            "conversation_id": self._conversation.id,
            "status": status,
            "status_details": details if finished else None,
            "output": [self.item.rendered()] if finished and self.item.text else [],
            "output_modalities": [self._manner.medium],
            "max_output_tokens": self._manner.max_tokens or "inf",
            "metadata": self._metadata or None,
            "usage": self._usage() if finished else None,
        }

    def _part(self) -> dict[str, Any]:
        return {"response_id": self.id, "item_id": self.item.id, "output_index": 0, "content_index": 0}

    def _rendered_part(self, text: str) -> dict[str, str]:
        return (
            {"type": "audio", "transcript": text} if self._manner.medium == "audio" else {"type": "text", "text": text}
        )

    @property
    def _tokens(self) -> tuple[int, int]:
        """Text and audio tokens so far, counted as the protocol's author bills them: 4 letters, 50 ms."""
        return len(self.item.text or "") // 4, self.item.audio_ms // 50

    def _used_up(self) -> bool:
        return self._manner.max_tokens is not None and sum(self._tokens) >= self._manner.max_tokens

    def _usage(self) -> dict[str, Any]:
        """What this turn added; the engine keeps no context that would be read again and again."""
        text_in, audio_in = self._call.take_input_tokens()
        text_out, audio_out = self._tokens
        return {
            "total_tokens": text_in + audio_in + text_out + audio_out,
            "input_tokens": text_in + audio_in,
            "output_tokens": text_out + audio_out,
            "input_token_details": {"text_tokens": text_in, "audio_tokens": audio_in, "cached_tokens": 0},
            "output_token_details": {"text_tokens": text_out, "audio_tokens": audio_out},
        }

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
