"""The turns of a call on their way to the transcript: ordered by the engine's chain of items, not by arrival.

A learner's words are often known only after the persona has begun to answer. A turn therefore waits until everything
before it is settled; then it can be stored and gets its number. Pure: nothing here knows sockets or the database.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from roleplay.attempts.models import TurnStatus
from roleplay.ports import Speaker

MS_PER_LETTER = 62
"""How long speech takes, for words whose sound was never finished."""
SHORTEST_SPEECH_MS = 1_000
"""Sound without words that is shorter is a noise; longer, it is a turn that could not be transcribed."""

KEPT = 20
"""Stored turns behind which an earlier one changes no more, unless its words may still come."""


@dataclass(slots=True, eq=False)
class Draft:
    item: str
    speaker: Speaker
    started_ms: int
    ended_ms: int
    text: str = ""
    status: TurnStatus = TurnStatus.HEARD
    settled: bool = False
    dropped: bool = False
    stored: bool = False
    number: int | None = None
    persona_state: dict[str, Any] | None = None
    heard_ms: int | None = None
    """Set when it was cut before it was done."""
    worded: bool = False
    """Its words are complete; its sound may go on."""
    done: bool = False
    completed: bool = False
    """Done, and as long as it was meant to be."""
    cid: str | None = None
    """The browser's id of a typed turn, which waits for its acknowledgement."""
    key: str = ""
    """What the transcript knows it by."""

    def settle(self, text: str, status: TurnStatus = TurnStatus.HEARD) -> None:
        self.text, self.status, self.settled = text.strip(), status, True

    def settle_unheard(self) -> None:
        """What the learner said is not known; too short for speech, it was none."""
        self.settle("", TurnStatus.NOT_TRANSCRIBED)
        self.dropped = self.ended_ms - self.started_ms < SHORTEST_SPEECH_MS


_PAST = Draft("", Speaker.PERSONA, 0, 0, settled=True, dropped=True, stored=True)
"""Stands for every turn that is long past: its name is known, and nothing happens to it."""


@dataclass(slots=True)
class Conversation:
    stored: int = 0
    _items: dict[str, Draft] = field(default_factory=dict)
    _waiting: list[Draft] = field(default_factory=list)
    _kept: list[Draft] = field(default_factory=list)

    def find(self, item: str) -> Draft | None:
        return self._items.get(item)

    def add(self, draft: Draft, after: str | None = None) -> Draft:
        """Puts a turn behind the item it follows; at the end when that is unknown or stored. Adding twice adds once."""
        if draft.item in self._items:
            return self._items[draft.item]
        self._items[draft.item] = draft
        follows = self._items.get(after or "")
        place = self._waiting.index(follows) + 1 if follows in self._waiting else len(self._waiting)
        self._waiting.insert(0 if follows and follows.stored else place, draft)
        return draft

    def waiting(self, speaker: Speaker | None = None) -> list[Draft]:
        return [draft for draft in self._waiting if not draft.settled and speaker in {None, draft.speaker}]

    def ready(self) -> Iterator[Draft]:
        """The turns at the head that are settled, numbered, in order. Each comes once."""
        while self._waiting and self._waiting[0].settled:
            draft = self._waiting.pop(0)
            if not draft.dropped:
                self.stored += 1
                draft.number, draft.stored = self.stored, True
                self._keep(draft)
                yield draft

    def _keep(self, draft: Draft) -> None:
        self._kept.append(draft)
        if len(self._kept) > KEPT:
            past = self._kept.pop(0)
            if past.status != TurnStatus.NOT_TRANSCRIBED:
                self._items[past.item] = _PAST

    def number_of(self, draft: Draft) -> int:
        """The number a turn has, or will have as things stand."""
        if draft.number is not None:
            return draft.number
        before = self._waiting[: self._waiting.index(draft)] if draft in self._waiting else []
        return self.stored + 1 + sum(not other.dropped for other in before)

    def drop(self, draft: Draft) -> None:
        """Takes a turn back of which nothing was heard."""
        draft.dropped = draft.settled = True
        if draft.stored:
            self.stored -= 1


def heard_part(text: str, heard_ms: int, sent_ms: int, *, finished: bool) -> str:
    """The whole words that fit into the sound that was heard. Unfinished, the words may be ahead of the sound."""
    lasts = sent_ms if finished else max(sent_ms, len(text) * MS_PER_LETTER)
    if lasts <= 0 or heard_ms >= lasts:
        return text
    end = round(len(text) * heard_ms / lasts)
    if end >= len(text) or text[end].isspace():
        return text[:end].rstrip()
    return text[:end].rpartition(" ")[0].rstrip()
