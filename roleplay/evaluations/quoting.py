"""Finds a quote in a turn. A judge may change case, spacing, dashes and the shape of quotation marks, and no word."""

import unicodedata

_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′`´ʼ", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—−", "-"),
        "…": "...",
    }
)
FEWEST_WORDS = 3
"""A shorter quote proves nothing, unless it is all that the learner said in that turn."""


def find_quote(quote: str, text: str) -> str | None:
    """The words of `text` that `quote` repeats, as they stand there; None when it does not, or breaks a word."""
    wanted, _ = _folded(quote)
    wanted = wanted.strip(" .,;:!?\"'-")
    there, origin = _folded(text)
    start = _at_word_boundaries(there, wanted) if wanted else None
    if start is None or not _says_enough(wanted, there):
        return None
    return text[origin[start] : origin[start + len(wanted) - 1] + 1]


def word_count(text: str) -> int:
    """Pieces between spaces that hold a letter or a digit, so that "don't" and "follow-up" are one word each."""
    return sum(any(character.isalnum() for character in word) for word in text.split())


def folded(text: str) -> str:
    """The text without case, accents and typography, for comparing alone."""
    plain, _ = _folded(text)
    return "".join(mark for mark in unicodedata.normalize("NFD", plain) if not unicodedata.combining(mark))


def _folded(text: str) -> tuple[str, list[int]]:
    """The text for comparing, and for each of its characters the index in `text` that it comes from."""
    characters: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        for folded in unicodedata.normalize("NFKC", character.translate(_SAME)).casefold():
            space = folded.isspace()
            if unicodedata.category(folded) == "Cf" or (space and (not characters or characters[-1] == " ")):
                continue
            characters.append(" " if space else folded)
            origin.append(index)
    return "".join(characters), origin


def _at_word_boundaries(text: str, wanted: str) -> int | None:
    start = text.find(wanted)
    while start >= 0 and (_word_goes_back(text, start) or _word_goes_on(text, start + len(wanted))):
        start = text.find(wanted, start + 1)
    return start if start >= 0 else None


def _word_goes_back(text: str, start: int) -> bool:
    return start > 0 and text[start - 1].isalnum() and text[start].isalnum()


def _word_goes_on(text: str, end: int) -> bool:
    """An apostrophe counts: "I can" is not what "I can't" says. Before a word it does not: French elides articles."""
    rest = text[end : end + 2].removeprefix("'")
    return text[end - 1].isalnum() and rest[:1].isalnum()


def _says_enough(wanted: str, text: str) -> bool:
    return word_count(wanted) >= min(FEWEST_WORDS, word_count(text))
