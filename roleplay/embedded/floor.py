"""Who may speak: one response at a time, never over the learner, and silence where nobody has anything to say."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from roleplay.embedded.call import Call
from roleplay.embedded.conversation import Conversation, Item
from roleplay.embedded.listening import Silence, SpokenTurn
from roleplay.embedded.responding import Manner, Response, Think
from roleplay.embedded.turn_detection import TurnRules
from roleplay.embedded.wire import ProtocolError, Wire
from roleplay.ports.dialogue import Reply

log = logging.getLogger(__name__)


class Floor:
    """`learner_speaks` and `rules` are asked anew each time; `tells_words` says whether transcriptions are wanted."""

    def __init__(
        self,
        wire: Wire,
        conversation: Conversation,
        call: Call,
        tasks: asyncio.TaskGroup,
        *,
        manner: Callable[[], Manner],
        rules: Callable[[], TurnRules | None],
        learner_speaks: Callable[[], bool],
        tells_words: Callable[[], bool],
    ) -> None:
        self._wire, self._conversation, self._call, self._tasks = wire, conversation, call, tasks
        self._manner, self._rules = manner, rules
        self._learner_speaks, self._tells_words = learner_speaks, tells_words
        self._ears, self._mouth = asyncio.Lock(), asyncio.Lock()
        self._not_understood = 0
        self._active: Response | None = None
        self._last: Response | None = None
        self._waiting = 0
        self._note: int | None = None
        self._noted = False

    def nobody_speaks(self) -> bool:
        return not self._busy() and not (self._last and self._last.unplayed_ms) and not self._not_understood

    def learner_starts(self) -> None:
        rules = self._rules()
        if self._active and rules and rules.interrupts and self._active.may_be_interrupted:
            self._active.stop("turn_detected")

    def cut(self, item: Item, ms: int) -> None:
        self._call.cut(item, ms)
        if self._active and self._active.item is item:
            self._active.stop("client_cancelled")

    def cancel(self) -> None:
        if self._active is None:
            raise ProtocolError("response_cancel_not_active", "Cancellation failed: no active response found")
        self._active.stop("client_cancelled")

    async def commit(self, turn: SpokenTurn) -> None:
        """The learner's turn is over: make it an item, and find out what was said."""
        item = Item("user", "input_audio", id=turn.item_id, audio_ms=turn.ms)
        await self._add_committed(item)
        self._noted = False
        self._not_understood += 1
        self._tasks.create_task(self._understand(turn, item))

    def asked(self, manner: Manner) -> None:
        """The client asks for a response. After a note of the time the engine has seen to it by itself."""
        if self._noted and not self._call.wants_answer:
            self._noted = False
            return
        if self._busy():
            active = self._active.id if self._active else "one that is about to begin"
            raise ProtocolError(
                "conversation_already_has_active_response",
                f"Conversation already has an active response in progress: {active}. "
                "Wait until the response is finished before creating a new one.",
            )
        self._respond(self._answer_when_understood, manner)

    def learner_wrote(self, text: str) -> None:
        self._noted = False
        self._call.learner_said(text)

    def note_time(self, seconds: int) -> None:
        self._note, self._noted = seconds, True
        self._see_to_note()

    def stay_silent(self, silence: Silence) -> None:
        self._tasks.create_task(self._break_silence(silence))

    def _busy(self) -> bool:
        return self._active is not None or self._waiting > 0

    async def _understand(self, turn: SpokenTurn, item: Item) -> None:
        async with self._ears:
            try:
                item.text = await turn.words()
            except RuntimeError as error:
                log.error("transcription failed with %s", type(error).__name__)
            if self._tells_words():
                self._tasks.create_task(self._tell_words(item, turn.ms))
            if item.text:
                self._call.learner_said(item.text, turn.ms)
            self._not_understood -= 1
        rules = self._rules()
        more_to_come = self._learner_speaks() or self._not_understood
        if rules and rules.responds and self._call.wants_answer and not more_to_come:
            self._respond(self._call.answer, self._manner(), only_if=lambda: self._call.wants_answer)
        else:
            self._see_to_note()

    async def _tell_words(self, item: Item, ms: int) -> None:
        event = "conversation.item.input_audio_transcription"
        if item.text is None:
            error = {"type": "transcription_error", "code": "audio_unintelligible", "message": "Transcription failed."}
            await self._wire.send(f"{event}.failed", item_id=item.id, content_index=0, error=error)
            return
        if item.text:
            await self._wire.send(f"{event}.delta", item_id=item.id, content_index=0, delta=item.text)
        usage = {"type": "duration", "seconds": ms / 1000}
        await self._wire.send(f"{event}.completed", item_id=item.id, content_index=0, transcript=item.text, usage=usage)

    async def _add_committed(self, item: Item) -> None:
        previous = self._conversation.add(item)
        await self._wire.send("input_audio_buffer.committed", item_id=item.id, previous_item_id=previous)
        for event in ("conversation.item.added", "conversation.item.done"):
            await self._wire.send(event, previous_item_id=previous, item=item.rendered())

    def _respond(self, think: Think, manner: Manner, only_if: Callable[[], bool] = lambda: True) -> None:
        self._waiting += 1
        self._tasks.create_task(self._speak_in_turn(think, manner, only_if))

    async def _speak_in_turn(self, think: Think, manner: Manner, only_if: Callable[[], bool]) -> None:
        async with self._mouth:
            self._waiting -= 1
            if only_if():
                await self._speak(think, manner)
        self._see_to_note()

    async def _speak(self, think: Think, manner: Manner) -> None:
        self._active = self._last = Response(self._wire, self._conversation, self._call, manner)
        try:
            await self._active.run(think)
        finally:
            self._active = None

    async def _answer_when_understood(self) -> Reply | None:
        async with self._ears:
            return await self._call.answer()

    def _see_to_note(self) -> None:
        """Say what a note of the time asks for as soon as the floor is free; a farewell waits for no learner."""
        over = self._note == 0
        if self._note is not None and not self._busy() and (over or not self._learner_speaks()):
            seconds, self._note = self._note, None
            self._tasks.create_task(self._unasked(lambda: self._call.time_left(seconds)))

    async def _break_silence(self, silence: Silence) -> None:
        if not self._call.begun or self._call.over:
            return

        async def announce() -> None:
            item = Item("user", "input_audio", "")
            await self._wire.send(
                "input_audio_buffer.timeout_triggered",
                item_id=item.id,
                audio_start_ms=silence.start_ms,
                audio_end_ms=silence.end_ms,
            )
            await self._add_committed(item)
            if self._tells_words():
                await self._tell_words(item, silence.end_ms - silence.start_ms)

        await self._unasked(self._call.sit_in_silence, announce)

    async def _unasked(self, think: Think, announce: Callable[[], Awaitable[None]] | None = None) -> None:
        """Think first: where the persona has nothing to say, nothing is told at all."""
        async with self._mouth:
            try:
                reply = await think()
            except ProtocolError as error:
                await self._wire.error(error)
                return
            if reply is None:
                return

            async def known() -> Reply | None:
                return reply

            if announce:
                await announce()
            await self._speak(known, self._manner())
