"""What was said in a call, as far as it bears on what is said next: is this a repetition, an echo, an answer?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roleplay.embedded.cues import Cues
from roleplay.embedded.encoder import Vectors, shared_encoder
from roleplay.embedded.sentences import normalised, sentences, words

_SAME = 0.75
"""Likeness from which two turns say the same thing; other words for the same lever stay well below."""
_ADDRESSED = 0.45
"""Likeness of something said to a question from which the question is not asked any more."""
_ECHO = 0.6
"""Share of the learner's words of substance that are the persona's own."""
_LONGEST_ECHO = 14
_FORM_WORD = re.compile(
    "about|after|again|also|always|another|because|been|before|being|could|does|doing|done|down|even|every|from|going|have|"
    "having|here|into|just|know|like|look|make|many|more|most|much|only|other|over|really|right|said|should|since|some|"
    "something|still|such|sure|take|tell|than|that|that's|their|them|then|there|these|they|thing|things|think|this|those|"
    "till|very|want|well|were|what|when|where|which|while|will|with|would|your|you're|yours"
)
_GIVES = (
    (
        re.compile(r"\b(?:who am i|your name|a name|who are you)\b"),
        re.compile(r"\b(?:my name(?:'s| is)|this is \w+|i'm called)\b"),
    ),
    (
        re.compile(r"\b(?:how (?:much|many)|what number|which number)\b"),
        re.compile(r"\d|\b(?:\w+teen|\w+ty|hundred|thousand|percent)\b"),
    ),
    (
        re.compile(r"\b(?:when|what day|which day|what time)\b"),
        re.compile(r"\b(?:today|tomorrow|tonight|\w+day|o'clock|by \w+)\b"),
    ),
)
"""A question that wants a name, a number or a day, and words that give one."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """How a learner turn relates to what was said before: `answers` a question of the persona, and asks none."""

    repeats: bool = False
    echoes: bool = False
    answers: bool = False


class Memory:
    def __init__(self) -> None:
        self._heard: list[str] = []
        self.last_said = ""
        self.latest = Hearing()

    def say(self, text: str) -> None:
        self.last_said = text

    def hear(self, text: str, cues: Cues) -> None:
        self.latest = Hearing(
            repeats=cues.length > 3 and self._like(text, _SAME),
            echoes=cues.length <= _LONGEST_ECHO and _echoes(text, self.last_said),
            answers="?" in self.last_said and not cues.asks,
        )
        self._heard += sentences(text)

    def settled(self, question: str) -> bool:
        """Whether the learner has already said something to it."""
        asked = question.lower()
        given = any(
            wants.search(asked) and any(gives.search(normalised(heard)) for heard in self._heard)
            for wants, gives in _GIVES
        )
        return given or self._like(question, _ADDRESSED)

    def _like(self, text: str, likeness: float) -> bool:
        if not self._heard:
            return False
        return bool((_vectors([text]) @ _vectors(self._heard).T).max() >= likeness)


def _vectors(texts: list[str]) -> Vectors:
    return shared_encoder.encode(texts)


def _echoes(text: str, said: str) -> bool:
    own = set(substance(text))
    return len(own) > 1 and len(own & set(substance(said))) >= _ECHO * len(own)


def substance(text: str) -> Iterator[str]:
    """The words that carry meaning, one form for one and many."""
    return (word.removesuffix("s") for word in words(text) if len(word) > 3 and not _FORM_WORD.fullmatch(word))
