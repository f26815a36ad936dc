"""Writes down what is said in a call: orders it, stores it, shows it, acknowledges it. In this order."""

from collections.abc import Callable
from dataclasses import replace

from roleplay.ports import Speaker
from roleplay.ports.realtime import RealtimeCall, Usage
from roleplay.relay.conversation import Conversation, Draft
from roleplay.relay.line import Line
from roleplay.relay.records import Records
from roleplay.relay.stage import Stage


class Scribe:
    """`elapsed_ms` is the call's clock; `on_hold` keeps everything back while a cut is being accounted for, so that
    nothing is numbered behind a turn that may still vanish."""

    def __init__(
        self, stage: Stage, records: Records, elapsed_ms: Callable[[], int], conversation: Conversation
    ) -> None:
        self.stage, self.elapsed_ms, self.conversation = stage, elapsed_ms, conversation
        self.line: Line | None = None
        self.on_hold = False
        self._records = records
        self._usage: list[Usage] = []

    def tell_engine(self, verb: Callable[[RealtimeCall], None]) -> None:
        if self.line:
            self.line.do(verb)

    def begin(self, item: str, speaker: Speaker, times: tuple[int, int], after: str | None = None) -> Draft:
        """The turn of an engine's item, new or known."""
        ref = self.line.ref if self.line else ""
        return self.conversation.add(Draft(item, speaker, *times, key=f"{ref}/{item}"), after)

    def note_usage(self, usage: Usage) -> None:
        """Counted with the next turns that are stored."""
        ref = self.line.ref if self.line else ""
        self._usage.append(replace(usage, ref=f"{ref}/{usage.ref}"))

    def show(self, draft: Draft, *, final: bool = False) -> None:
        text = "" if draft.dropped else draft.text
        self.stage.caption(self.conversation.number_of(draft), draft.speaker, text, final=final)

    def store(self) -> None:
        """Commits what is ready, then shows it as final and acknowledges it."""
        if self.on_hold:
            return
        drafts, usage = list(self.conversation.ready()), self._usage
        self._usage = []
        if not drafts and not usage:
            return
        self._records.save(drafts, usage, seq=self.stage.seq)
        for draft in drafts:
            self.show(draft, final=True)
            if draft.cid:
                self.stage.tell("ack", cid=draft.cid)

    def correct(self, draft: Draft) -> None:
        """A turn turned out differently; a stored one is changed."""
        if draft.stored:
            self._records.revise(draft)
            self.show(draft, final=True)

    def strike(self, draft: Draft) -> None:
        """Of this turn nothing was heard."""
        number = self.conversation.number_of(draft)
        self.conversation.drop(draft)
        if draft.stored:
            self._records.drop(draft)
        self.stage.caption(number, draft.speaker, "", final=True)
