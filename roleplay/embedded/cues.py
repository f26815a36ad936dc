"""What can be read off the surface of a learner turn: is it a question, who is its subject, is it rude, a goodbye…"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from roleplay.embedded.cue_patterns import ENGLISH, FRENCH
from roleplay.embedded.sentences import normalised, words

_TABLES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "fr": FRENCH}

FEATURES = (
    "open_question",
    "closed_question",
    "you",
    "i",
    "we",
    "negation",
    "time",
    "number",
    "obligation",
    "offer",
    "feeling",
    "absolute",
    "apology",
)
"""The cues that tell same-topic sentences apart and so feed the classifier."""


@dataclass(frozen=True, slots=True)
class Cues:
    """The names of the cues found in one sentence or turn, and its number of words."""

    found: frozenset[str]
    length: int

    def has(self, *names: str) -> bool:
        return any(name in self.found for name in names)

    @property
    def asks(self) -> bool:
        return self.has("question", "open_question", "closed_question")

    @property
    def hostile(self) -> bool:
        return self.has("insult", "threat")

    @property
    def manipulates(self) -> bool:
        return self.has("ai_question", "injection")

    def features(self) -> list[float]:
        return [1.0 if name in self.found else 0.0 for name in FEATURES]


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _TABLES.get(language, ENGLISH).items()}


def read_cues(text: str, language: str = "en") -> Cues:
    plain = normalised(text)
    bare = plain.replace(" ?", "")
    found = {name for name, pattern in _patterns(language).items() if pattern.search(bare)}
    if "?" in plain:
        found.add("question")
    return Cues(frozenset(found), len(words(text)))
