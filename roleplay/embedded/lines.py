"""What the persona can say and has said: a scenario's own lines first, then the language's bank, nothing twice."""

from collections.abc import Iterable, Sequence
from zlib import crc32

from roleplay.embedded.bank import lines_of
from roleplay.embedded.sentences import words
from roleplay.scenarios.content import ScenarioContent


def spoken_form(line: str) -> str:
    """Two lines with the same spoken form are the same line."""
    return " ".join(words(line))


class Repertoire:
    def __init__(self, content: ScenarioContent) -> None:
        self._content = content
        self._bank = lines_of(content.language)
        self._turn = crc32(content.title.encode())
        self._said: set[str] = set()

    def of(self, move: str) -> list[str]:
        """The lines of a move; different scenarios enter the shared bank at different places."""
        shared = self._bank.get(move, ())
        start = self._turn % len(shared) if shared else 0
        return [*getattr(self._content.moves, move, ()), *shared[start:], *shared[:start]]

    def take(self, lines: Iterable[str], *, within: int = 60) -> str | None:
        """The first line of at most `within` words that has not been said; it counts as said from now on."""
        for line in lines:
            form = spoken_form(line)
            if form and form not in self._said and len(words(line)) <= within:
                self._said.add(form)
                return line
        return None

    def move(self, *moves: str, within: int = 60) -> str | None:
        """The next line of the first move that still has one."""
        return self.take((line for move in moves for line in self.of(move)), within=within)

    def said(self, line: str) -> bool:
        return spoken_form(line) in self._said

    def remember(self, text: str, lines: Sequence[str] = ()) -> None:
        """Marks what an earlier part of the call said: the whole text, and each known line that it contains."""
        heard = f" {spoken_form(text)} "
        self._said.add(heard.strip())
        known = (*lines, *(line for move in self._moves() for line in self.of(move)))
        self._said.update(form for line in known if f" {(form := spoken_form(line))} " in heard)

    def _moves(self) -> set[str]:
        return {*self._bank, *type(self._content.moves).model_fields}
