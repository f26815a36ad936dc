"""The learner's side of a call: speech that the engine noticed and wrote down, and typed turns."""

from hashlib import blake2s

from roleplay.attempts.models import TurnStatus
from roleplay.ports import Speaker
from roleplay.ports import realtime as rt
from roleplay.relay.alarms import Alarms
from roleplay.relay.conversation import Draft
from roleplay.relay.persona_voice import PersonaVoice
from roleplay.relay.playback import BYTES_PER_MS
from roleplay.relay.scribe import Scribe

TRANSCRIBED_WITHIN = 15.0
TYPED = "text/"
"""What the transcript's keys of typed turns start with; they outlive the engine's conversation."""


class LearnerVoice:
    def __init__(self, scribe: Scribe, alarms: Alarms, persona: PersonaVoice) -> None:
        self._scribe, self._stage, self._alarms, self._persona = scribe, scribe.stage, alarms, persona
        self.speaks = False
        self.talked: tuple[int, int] | None = None
        """When the push-to-talk button went down and up."""
        self.typed_before: frozenset[str] = frozenset()
        self._unread: list[tuple[str, str]] = []
        self._speech: dict[str, tuple[int, int]] = {}
        self._silences: set[str] = set()
        self._early: dict[str, str] = {}
        """Words of turns that the engine has not put into its conversation yet."""

    @property
    def is_settled(self) -> bool:
        return not self.speaks and not self._scribe.conversation.waiting(Speaker.LEARNER)

    def speech_started(self, event: rt.SpeechStarted) -> None:
        """The persona was interrupted when it was heard."""
        self.speaks = True
        at = self._when(event.at_ms)
        self._speech[event.item] = (at, at)
        self._stage.show("listening")

    def speech_stopped(self, event: rt.SpeechStopped) -> None:
        self.speaks = False
        started, _ = self._speech.get(event.item, (self._scribe.elapsed_ms(), 0))
        self._speech[event.item] = (started, max(started, self._when(event.at_ms)))
        self._persona.expect()
        self._stage.show("thinking")

    def _when(self, at_ms: int) -> int:
        """The call's time of a moment that the engine counts in the sound it was given."""
        given_ms = self._scribe.line.heard_bytes // BYTES_PER_MS if self._scribe.line else at_ms
        return max(0, self._scribe.elapsed_ms() - max(0, given_ms - at_ms))

    def silence_broken(self, event: rt.SilenceBroken) -> None:
        self._silences.add(event.item)

    def begin(self, item: str, after: str | None) -> None:
        if item in self._silences or self._scribe.conversation.find(item):
            return
        now = self._scribe.elapsed_ms()
        times = self._speech.pop(item, self.talked or (now, now))
        draft = self._scribe.begin(item, Speaker.LEARNER, times, after)
        self.speaks = False
        self._alarms.set("transcription", TRANSCRIBED_WITHIN)
        if item in self._early:
            self._hear(draft, self._early.pop(item))
            self._scribe.store()

    def words(self, event: rt.LearnerWords) -> None:
        if event.usage:
            self._scribe.note_usage(event.usage)
        draft = self._scribe.conversation.find(event.item)
        if not event.final:
            self._show_piece(draft, event.text)
            return
        if draft:
            self._hear(draft, event.text)
        elif event.item not in self._silences:
            self._early[event.item] = event.text
        self._scribe.store()

    def _show_piece(self, draft: Draft | None, text: str) -> None:
        if draft and not draft.settled:
            draft.text += text
            self._scribe.show(draft)

    def _hear(self, draft: Draft, text: str) -> None:
        if draft.stored and draft.status == TurnStatus.NOT_TRANSCRIBED and text.strip():
            draft.settle(text)
            self._scribe.correct(draft)
        elif not draft.settled and text.strip():
            draft.settle(text)
        elif not draft.settled:
            draft.settle_unheard()
            self._nothing_to_answer()

    def not_heard(self, event: rt.LearnerNotHeard) -> None:
        draft = self._scribe.conversation.find(event.item)
        if draft and not draft.settled:
            draft.settle("", TurnStatus.NOT_TRANSCRIBED)
            self._nothing_to_answer()
            self._stage.warn("not_heard")
            self._scribe.store()

    def _nothing_to_answer(self) -> None:
        self._alarms.clear("answer")
        self._persona.quiet()

    def write(self, text: str, cid: str) -> None:
        """A typed turn; it is acknowledged once it is stored, and never stored twice."""
        item = "t" + blake2s(cid.encode(), digest_size=12).hexdigest()
        if not text or TYPED + item in self.typed_before or self._scribe.conversation.find(item):
            self._stage.tell("ack", cid=cid)
            return
        self._persona.interrupt()
        now = self._scribe.elapsed_ms()
        draft = Draft(item, Speaker.LEARNER, now, now, cid=cid, key=TYPED + item)
        self._scribe.conversation.add(draft).settle(text)
        self._unread.append((item, text))
        if self._scribe.line and self._scribe.line.is_open:
            self._stage.show("thinking")
            self._persona.cancel()
            self.hand_over()
        self._scribe.store()

    def hand_over(self) -> None:
        """Gives the engine what was typed and asks for an answer."""
        for item, text in self._unread:
            self._scribe.tell_engine(lambda call, item=item, text=text: call.read(text, item=item))  # type: ignore[misc]
        if self._unread:
            self._unread = []
            self._persona.ask()

    def forget_unread(self) -> None:
        """A new line gets what was typed with the history."""
        self._unread = []

    def give_up(self) -> None:
        """What was said and not written down by now is stored as such, never skipped."""
        unknown = self._scribe.conversation.waiting(Speaker.LEARNER)
        for draft in unknown:
            draft.settle("", TurnStatus.NOT_TRANSCRIBED)
        if unknown:
            self._stage.warn("not_heard")
        self._scribe.store()

    def settle_all(self) -> None:
        self.speaks = False
        self._alarms.clear("transcription")
        self.give_up()
