"""The persona's side of a call: its answers become sound, captions and turns.

The barge-in lives here. When the learner takes the floor, the browser is told to flush and answers how much it has
played; the engine's copy is cut to that, and so is the turn: the transcript holds what was heard.
"""

from roleplay.attempts.models import TurnStatus
from roleplay.ports import Speaker
from roleplay.ports import realtime as rt
from roleplay.relay.alarms import Alarms
from roleplay.relay.conversation import Draft, heard_part
from roleplay.relay.line import Line
from roleplay.relay.playback import Playback
from roleplay.relay.scribe import Scribe

PLAYED_WITHIN = 0.8
ANSWERED_WITHIN = 20.0
ASKED_AGAIN_AFTER = (2.0, 5.0)
"""Seconds until an answer that failed is asked for again."""
TOLD = "dialogue_"
"""What the codes of failures start with that the learner was told of by the engine's own error."""


class PersonaVoice:
    """Used by whoever works on the call; `sound` and `interrupt` also by whoever reads the engine."""

    def __init__(self, scribe: Scribe, alarms: Alarms) -> None:
        self._scribe, self._stage, self._alarms = scribe, scribe.stage, alarms
        self.playback = Playback()
        self.answering = False
        self.has_left = False
        self._owes_answer = False
        self._failures = 0
        self._answer: list[Draft] = []
        self._first_sound: dict[str, int] = {}
        self._flushed: frozenset[str] = frozenset()

    @property
    def is_settled(self) -> bool:
        return not self.answering and not self.playback.flushed

    def expect(self) -> None:
        """An answer must come; when none does, the call does something about it."""
        self._alarms.set("answer", ANSWERED_WITHIN)

    def ask(self, *, expected: bool = True) -> None:
        """Has the persona speak, after what it is saying."""
        if expected:
            self.expect()
        if self.answering:
            self._owes_answer = True
        else:
            self._scribe.tell_engine(lambda call: call.answer())

    def cancel(self) -> None:
        if self.answering:
            self._scribe.tell_engine(lambda call: call.cancel())

    def sound(self, line: Line, event: rt.PersonaAudio) -> None:
        """Passes sound on, from whoever reads the engine; what was flushed is not heard any more."""
        if not self._is_heard(line, event.item):
            return
        if event.item not in self._first_sound:
            self._first_sound[event.item] = self._scribe.elapsed_ms() + round(self.playback.seconds_left * 1000)
            self._stage.tell("audio", item=event.item)
            self._stage.show("speaking")
        self.playback.send(event.item, len(event.pcm))
        self._stage.sound(event.item, event.pcm)

    def may_flow(self, line: Line, item: str) -> bool:
        """Whether all that `sound` would do with more of this item is to pass it on."""
        return item in self._first_sound and self._is_heard(line, item) and not self.playback.is_held

    def _is_heard(self, line: Line, item: str) -> bool:
        return line is self._scribe.line and self._stage.browser is not None and item not in self._flushed

    def quiet(self) -> None:
        """The last sound has probably been played."""
        if self.answering:
            return
        if self.playback.seconds_left > 0:
            self._alarms.set("quiet", self.playback.seconds_left)
        elif self._stage.state in {"speaking", "thinking"}:
            self._stage.show("listening")

    def interrupt(self) -> None:
        """The learner takes the floor: what the persona has not said yet is not said."""
        if not self.playback.is_out or self.playback.flushed:
            return
        self.forget_unsent()
        self._flushed = frozenset(self._first_sound)
        self._scribe.on_hold = True
        self._stage.tell("flush", item=self.playback.cut())
        self._alarms.set("played", PLAYED_WITHIN)

    def forget_unsent(self) -> None:
        for item, size in self._stage.drop_sound().items():
            self.playback.take_back(item, size)

    def played(self, item: str, ms: int) -> None:
        self.playback.report(item, ms)
        if self.playback.flushed == item:
            self.account()
        elif not self.playback.is_out:
            self.quiet()

    def account(self) -> None:
        """Settles a cut with what the browser reported, or with the best guess when it did not."""
        self._alarms.clear("played")
        self._scribe.on_hold = False
        for item, heard_ms, sent_ms in self.playback.settle():
            draft = self._scribe.conversation.find(item)
            if draft and not draft.dropped:
                self._settle(draft, heard_ms, all_heard=heard_ms >= sent_ms)
        self._scribe.store()

    def _settle(self, draft: Draft, heard_ms: int, *, all_heard: bool) -> None:
        if not draft.done:
            draft.heard_ms = None if all_heard else heard_ms
        elif not all_heard or not draft.completed:
            self._cut(draft, heard_ms)
        elif not draft.settled:
            draft.settle(draft.text)

    def _cut(self, draft: Draft, heard_ms: int) -> None:
        sent_ms = self.playback.sent_ms(draft.item)
        text = heard_part(draft.text, heard_ms, sent_ms, finished=draft.completed)
        if heard_ms <= 0 or not text:
            self._unsay(draft)
            return
        if self._scribe.line and self._scribe.line.can_truncate:
            self._scribe.tell_engine(lambda call: call.truncate(draft.item, heard_ms))
        draft.settle(text, TurnStatus.INTERRUPTED)
        draft.ended_ms = draft.started_ms + heard_ms
        self._scribe.correct(draft)

    def _unsay(self, draft: Draft) -> None:
        """An item of which nothing was heard cannot be truncated: it is deleted."""
        self._scribe.tell_engine(lambda call: call.forget(draft.item))
        self._scribe.strike(draft)

    def answer_started(self, _event: rt.AnswerStarted) -> None:
        self.answering = True
        self._alarms.clear("answer", "again")

    def begin(self, item: str, after: str | None = None) -> Draft:
        known = self._scribe.conversation.find(item)
        if known:
            return known
        now = self._scribe.elapsed_ms()
        draft = self._scribe.begin(item, Speaker.PERSONA, (now, now), after)
        self._answer.append(draft)
        return draft

    def words(self, event: rt.PersonaWords) -> None:
        draft = self.begin(event.item)
        if not (draft.settled or draft.worded):
            draft.text = event.text if event.final else draft.text + event.text
            draft.worded = event.final
            self._scribe.show(draft)

    def answer_done(self, event: rt.AnswerDone) -> None:
        self.answering = False
        self._scribe.note_usage(event.usage)
        self._finish_answer(completed=event.completed, state=dict(event.persona_state or {}))
        self.has_left = self.has_left or event.ends_call
        self._scribe.store()
        if self._owes_answer:
            self._owes_answer = False
            self.ask()
        elif event.failure and not event.failure.startswith(TOLD):
            self._ask_later()
        else:
            self._failures = 0
            self.quiet()

    def _ask_later(self) -> None:
        """The engine could not answer: it is asked again a few times, and then the learner has to."""
        if self._failures < len(ASKED_AGAIN_AFTER):
            self._stage.warn("engine_slow")
            self._alarms.set("again", ASKED_AGAIN_AFTER[self._failures])
            self._failures += 1
        else:
            self._failures = 0
            self._stage.warn("no_answer")
            self.quiet()

    def _finish_answer(self, *, completed: bool, state: dict[str, int]) -> None:
        """The items grow no more. While a cut is being accounted for, they wait for that."""
        for draft in self._answer:
            draft.done, draft.completed, draft.persona_state = True, completed, state or None
            sent_ms = self.playback.sent_ms(draft.item)
            if draft.item in self._first_sound:
                draft.started_ms = self._first_sound[draft.item]
                draft.ended_ms = draft.started_ms + sent_ms
            if not draft.settled and not self.playback.flushed:
                self._finish(draft, sent_ms)
        self._answer = []

    def _finish(self, draft: Draft, sent_ms: int) -> None:
        line = self._scribe.line
        silent = sent_ms == 0 and line is not None and line.spoken
        if draft.heard_ms is not None or (sent_ms and not draft.completed):
            self._cut(draft, sent_ms if draft.heard_ms is None else draft.heard_ms)
        elif draft.completed and draft.text.strip() and not silent:
            draft.settle(draft.text)
        else:
            self._unsay(draft)

    def settle_all(self) -> None:
        """The line is gone or the call is over: an unfinished answer stays unfinished."""
        self._owes_answer = self.answering = False
        self._alarms.clear("answer", "again")
        if self.playback.flushed:
            self.account()
        self._finish_answer(completed=False, state={})
