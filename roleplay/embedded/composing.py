"""Makes one utterance of several lines, and puts what a scenario says about its persona into the persona's mouth."""

import re
from collections.abc import Callable

from roleplay.embedded.french_notes import spoken_by
from roleplay.embedded.sentences import words
from roleplay.scenarios.content import Persona

LONGEST = 45
_TERSE = re.compile(
    r"\b(?:short|blunt|dry|terse|curt|brief|clipped|brusque|few words|concise|sec|sèche|bref|brève)\b", re.IGNORECASE
)
_IRREGULAR = {
    "is": "am",
    "has": "have",
    "does": "do",
    "isn't": "am not",
    "hasn't": "haven't",
    "doesn't": "don't",
    "was": "was",
}
_FEELS = (
    r"(?:fears|wants|worries|needs|hopes|believes|thinks|knows|feels|suspects|dreads|likes|hates|cares|expects|wonders)"
)
_NOT_OWNED = r"(?!(?:to|in|on|at|for|with|that|when|why|and|or|as|how|the|a|an|this|feel|look|do|go|up|out|off)\b)"
"""After "her", what shows that it is not "her budget" but "asked her to"."""


def utterance(*parts: str | None) -> str:
    """The parts that are there, as far as a person would go on in one breath (`LONGEST` words)."""
    said: list[str] = []
    for part in parts:
        if part and (not said or sum(len(words(line)) for line in said) + len(words(part)) <= LONGEST):
            said.append(part.strip())
    return " ".join(said)


def room_after(*parts: str | None, style: str = "") -> int:
    """Words left for a follow-up; a terse persona leaves itself less."""
    limit = 26 if _TERSE.search(style) else 38
    return limit - sum(len(words(part)) for part in parts if part)


def in_first_person(text: str, persona: Persona, language: str) -> str:
    """Notes in the third person as the persona would say them, empty where that cannot be done; in languages other
    than English and French they stay as written."""
    if language == "fr":
        return _sentence(spoken_by(text, persona))
    if language != "en":
        return _sentence(text)
    female = len(re.findall(r"\b(?:she|her)\b", persona.biography, re.IGNORECASE))
    male = len(re.findall(r"\b(?:he|his|him)\b", persona.biography, re.IGNORECASE))
    subject, others = (
        ("she", (("herself", "myself"), ("hers", "mine")))
        if female > male
        else ("he", (("himself", "myself"), ("him", "me"), ("his", "my")))
    )
    name = "|".join(re.escape(part) for part in (persona.name, persona.name.split()[0]))
    spoken = re.sub(rf"\b(?:{name})'s\b", "my", text)
    spoken = re.sub(rf"(?:\b{subject}\b|\b(?:{name})\b) ([\w']+)", _conjugated, spoken, flags=re.IGNORECASE)
    spoken = re.sub(rf"^{_FEELS}\b", lambda found: "I " + _base(found[0].lower()), spoken, flags=re.IGNORECASE)
    for word, mine in others:
        spoken = re.sub(rf"\b{word}\b", _same_case(mine), spoken, flags=re.IGNORECASE)
    if female > male:
        spoken = re.sub(rf"\bher\b(?= {_NOT_OWNED}\w)", _same_case("my"), spoken, flags=re.IGNORECASE)
        spoken = re.sub(r"\bher\b", _same_case("me"), spoken, flags=re.IGNORECASE)
    return _sentence(spoken)


def _conjugated(found: re.Match[str]) -> str:
    return "I " + _base(found[1])


def _base(verb: str) -> str:
    if verb in _IRREGULAR:
        return _IRREGULAR[verb]
    if verb.endswith("ies") and len(verb) > 4:
        return verb[:-3] + "y"
    if re.search(r"(?:sh|ch|ss|x|zz)es$", verb):
        return verb[:-2]
    return verb[:-1] if verb.endswith("s") and not verb.endswith(("ss", "us", "ys")) else verb


def _same_case(word: str) -> Callable[[re.Match[str]], str]:
    return lambda found: word.capitalize() if found[0][0].isupper() else word


def _sentence(text: str) -> str:
    text = text.strip()
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if text[-1] in ".!?…" else f"{text}."
