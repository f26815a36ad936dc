"""Speech-recogniser text made comparable: casing, punctuation and fillers vary for the same spoken words."""

import re
import unicodedata

_FILLERS = re.compile(
    r"(?<!\w)(?:u+h+m*|u+m+|e+r+m*|a+h+|hmm+|you know|i mean(?=,)|euh+|heu+|ben(?=,))(?!\w),?", re.IGNORECASE
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”»']?\s+")
_JOINT = re.compile(r"[,;:]?\s+(?=(?:and|but|so|because|then|et|mais|donc|alors|parce que)\s)", re.IGNORECASE)
_STRIP = re.compile(r"[^\w\s?'%€$£-]+")
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_COMMA = re.compile(r"[,;:–—]\s+")
LONG = 24
"""Words from which a sentence is also read clause by clause: recognisers often drop the full stops."""


def normalised(text: str) -> str:
    """Lower case, no fillers, no punctuation but `?`: two hearings of the same words become the same string."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").lower()
    plain = _STRIP.sub(" ", _FILLERS.sub(" ", plain)).replace("?", " ? ")
    return " ".join(plain.split())


def words(text: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", text).replace("’", "'").lower())


def sentences(text: str) -> list[str]:
    """The sentences of a turn, verbatim, longer unpunctuated ones also cut at conjunctions."""
    found: list[str] = []
    for sentence in _SENTENCE_END.split(text.strip()):
        found.extend(_clauses(sentence) if len(words(sentence)) > LONG else [sentence])
    return [sentence for sentence in found if words(sentence)]


def phrases(text: str) -> list[str]:
    """The sentences of a turn, cut at commas too."""
    return [phrase for sentence in sentences(text) for phrase in _COMMA.split(sentence) if words(phrase)]


def _clauses(sentence: str) -> list[str]:
    """Verbatim pieces of at least six words."""
    pieces: list[str] = []
    start = 0
    for joint in _JOINT.finditer(sentence):
        if len(words(sentence[start : joint.start()])) >= 6 and len(words(sentence[joint.end() :])) >= 6:
            pieces.append(sentence[start : joint.start()])
            start = joint.end()
    return [*pieces, sentence[start:]]
