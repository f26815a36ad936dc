"""What can be read off the surface of a learner turn: is it a question, who is its subject, is it rude, a goodbye…"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from roleplay.embedded.cue_patterns import COURTESIES, ENGLISH, FRENCH
from roleplay.embedded.sentences import normalised, phrases, sentences, words

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
        return self.has("question", "open_question", "closed_question", "plain_question")

    @property
    def hostile(self) -> bool:
        return self.has("insult", "threat")

    @property
    def manipulates(self) -> bool:
        return self.has("ai_question", "injection")


@cache
def _patterns(language: str) -> Mapping[str, re.Pattern[str]]:
    return {name: re.compile(pattern) for name, pattern in _TABLES.get(language, ENGLISH).items()}


def read_cues(text: str, language: str = "en") -> Cues:
    plain = normalised(text)
    bare = _bare(plain)
    found = {name for name, pattern in _patterns(language).items() if pattern.search(bare)}
    if "?" in plain:
        found.add("question")
    return Cues(frozenset(found), len(words(text)))


_ASKING = frozenset(
    {"open_question", "closed_question", "plain_question", "question", "greeting", "pleasantry", "assent", "request"}
)
"""Cues that show at the beginning of a phrase, wherever in the turn it stands."""
_LONG_STATEMENT = 12
_BIDS = re.compile(r"(?:\w+ ){0,2}(?:tell|walk|talk|describe|explain|help|dites|racontez|expliquez|décrivez)\b")


@lru_cache(maxsize=32_768)
def features_of(text: str, language: str) -> tuple[float, ...]:
    """One for each of FEATURES; remembered, because the sentences of the library are learned from again and again."""
    bare, patterns = _bare(normalised(text)), _patterns(language)
    return tuple(1.0 if patterns[name].search(bare) else 0.0 for name in FEATURES)


def _bare(plain: str) -> str:
    return plain.replace(" ?", "")


def cues_of_turn(text: str, language: str = "en") -> Cues:
    """As `read_cues`, but of what each phrase begins with: "Hello Mr Pell, what happened?" greets and asks."""
    whole = read_cues(text, language)
    found = (whole.found - _ASKING).union(*(_beginnings(sentence, language) for sentence in sentences(text)))
    return Cues(found | (whole.found & {"question"}), whole.length)


def _beginnings(sentence: str, language: str) -> frozenset[str]:
    """A long sentence like "What drew me is the night." is no question, unless it bids: "… so tell me about it."."""
    stated = sentence.rstrip().endswith((".", "!")) and len(words(sentence)) > _LONG_STATEMENT
    found: set[str] = set()
    for phrase in phrases(sentence):
        cues = read_cues(phrase, language)
        if not stated or _BIDS.match(normalised(phrase)) or cues.has("greeting"):
            found |= cues.found & _ASKING
    return frozenset(found)


def is_courtesy(text: str, language: str = "en") -> bool:
    """Whether it is said for the sake of manners, a name apart."""
    pattern = COURTESIES.get(language, COURTESIES["en"])
    left = re.sub(pattern, " ", normalised(text).replace("?", " "))
    return len(left.split()) <= 1 and len(words(text)) > len(left.split())
