"""Facts counted from the transcript: how much, how fast, how long. Never what somebody felt, and never a score.

Pure. What has no meaning for an attempt is None: a typed conversation has no pace, and nobody's gap is measured in a
monologue. The documentation of a field is how it is counted; the debrief says the same beside the number.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from statistics import median

from roleplay.attempts.models import Turn, TurnStatus
from roleplay.evaluations.quoting import word_count
from roleplay.ports import Speaker

FILLERS: dict[str, tuple[str, ...]] = {
    "en": ("um", "umm", "uh", "uhm", "er", "erm", "hmm", "you know", "i mean", "sort of", "kind of", "basically"),
    "fr": ("euh", "heu", "hum", "hem", "ben", "bah", "du coup", "en fait", "tu vois", "vous voyez"),
    "de": ("äh", "ähm", "öh", "hm", "sozusagen", "quasi", "irgendwie"),
    "es": ("eh", "em", "o sea", "pues", "digamos"),
    "it": ("eh", "ehm", "cioè", "diciamo", "insomma"),
    "nl": ("eh", "ehm", "uh", "uhm", "zeg maar", "eigenlijk"),
}
SHORTEST_SPEECH_MS = 10_000
"""Less speech than this has no pace."""
BACK_CHANNEL_WORDS = 2
""""Yes, right" while the other one speaks is listening and not an interruption."""


@dataclass(frozen=True, slots=True)
class SpeechFacts:
    learner_words: int
    """Words in the learner's turns; a word is a piece between spaces that holds a letter or a digit."""
    talk_share_words: float | None
    """The learner's part of all words, 0–1."""
    talk_share_time: float | None
    """The learner's part of all time spent speaking, 0–1; pauses count for nobody."""
    words_per_minute: float | None
    """The learner's words by the length of the turns they were said in, when these last 10 seconds or more."""
    fillers: dict[str, int] | None
    """How often each filler of the conversation's language was written down; None for a language without a list. A
    transcription may leave fillers out, so this is the least there were."""
    longest_monologue_words: int
    """The most words the learner said before the persona spoke again."""
    longest_monologue_ms: int | None
    """How long that took, from its first word to its last."""
    questions: int
    """Sentences of the learner that end with a question mark."""
    interrupted_persona: int | None
    """Times the persona was cut short and the learner went on with more than two words."""
    interrupted_by_persona: int | None
    """Times the persona began before the learner's turn had ended."""
    response_gap_ms: int | None
    """The median time between the end of the persona's turn and the learner's answer; 0 when they overlap."""
    longest_gap_ms: int | None
    """The longest such time."""


def speech_facts(turns: Sequence[Turn], *, language: str, spoken: bool) -> SpeechFacts:
    """What can be counted in these turns, which are in order. `spoken` is false for a typed conversation."""
    learner = [turn for turn in turns if turn.speaker == Speaker.LEARNER]
    words = sum(word_count(turn.text) for turn in learner)
    monologue = max(_runs(turns, Speaker.LEARNER), key=_words, default=())
    gaps = _gaps(turns) if spoken else []
    return SpeechFacts(
        learner_words=words,
        talk_share_words=_share(words, _words(turns)),
        talk_share_time=_share(_ms(learner), _ms(turns)) if spoken else None,
        words_per_minute=_pace(learner) if spoken else None,
        fillers=_fillers(learner, language),
        longest_monologue_words=_words(monologue),
        longest_monologue_ms=monologue[-1].ended_ms - monologue[0].started_ms if spoken and monologue else None,
        questions=sum(len(re.findall(r"\?+", turn.text)) for turn in learner),
        interrupted_persona=_cut_short(turns) if spoken else None,
        interrupted_by_persona=_talked_over(turns) if spoken else None,
        response_gap_ms=round(median(gaps)) if gaps else None,
        longest_gap_ms=max(gaps, default=None),
    )


def _words(turns: Iterable[Turn]) -> int:
    return sum(word_count(turn.text) for turn in turns)


def _ms(turns: Iterable[Turn]) -> int:
    return sum(turn.ended_ms - turn.started_ms for turn in turns)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _runs(turns: Sequence[Turn], speaker: Speaker) -> list[tuple[Turn, ...]]:
    return [tuple(run) for who, run in groupby(turns, key=lambda turn: turn.speaker) if who == speaker]


def _pace(learner: Sequence[Turn]) -> float | None:
    written = [turn for turn in learner if turn.status != TurnStatus.NOT_TRANSCRIBED]
    spoken_ms = _ms(written)
    return _words(written) * 60_000 / spoken_ms if spoken_ms >= SHORTEST_SPEECH_MS else None


def _fillers(learner: Sequence[Turn], language: str) -> dict[str, int] | None:
    known = FILLERS.get(language)
    if known is None:
        return None
    text = " ".join(turn.text for turn in learner).casefold()
    counts = {filler: len(re.findall(rf"(?<!\w){re.escape(filler)}(?!\w)", text)) for filler in known}
    return {filler: count for filler, count in counts.items() if count}


def _cut_short(turns: Sequence[Turn]) -> int:
    return sum(
        before.speaker == Speaker.PERSONA
        and before.status == TurnStatus.INTERRUPTED
        and after.speaker == Speaker.LEARNER
        and word_count(after.text) > BACK_CHANNEL_WORDS
        for before, after in pairwise(turns)
    )


def _talked_over(turns: Sequence[Turn]) -> int:
    return sum(
        before.speaker == Speaker.LEARNER
        and after.speaker == Speaker.PERSONA
        and before.started_ms < after.started_ms < before.ended_ms
        for before, after in pairwise(turns)
    )


def _gaps(turns: Sequence[Turn]) -> list[int]:
    return [
        max(0, after.started_ms - before.ended_ms)
        for before, after in pairwise(turns)
        if before.speaker == Speaker.PERSONA and after.speaker == Speaker.LEARNER
    ]
