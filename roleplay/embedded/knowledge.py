"""What the persona knows, and what of it has come out in this call."""

from roleplay.embedded.composing import in_first_person, utterance
from roleplay.embedded.lines import Repertoire
from roleplay.embedded.memory import substance
from roleplay.embedded.understanding import Reading
from roleplay.scenarios.content import Fact, ScenarioContent

_NEAR = 0.45
"""Likeness to a question from which a fact is no answer beside the point."""
_AS_LIKELY = 0.15
"""A fact that was not told yet is meant rather than one that was, if it is no less likely than by this."""


class Knowledge:
    def __init__(self, content: ScenarioContent, lines: Repertoire) -> None:
        self._content = content
        self._lines = lines
        self._told: list[str] = []
        self._last: Fact | None = None

    def told(self, fact: Fact) -> bool:
        return fact.id in self._told

    def wanted(self, reading: Reading) -> Fact | None:
        """The fact that is asked for."""
        asked = reading.asked
        if asked is None or not self.told(asked):
            return asked
        likely = (fact for fact, likeness in reading.wanted if likeness >= reading.asked_sure - _AS_LIKELY)
        return next((fact for fact in likely if not self.told(fact)), asked)

    def near(self, reading: Reading, *, trusting: bool) -> Fact | None:
        """The untold fact that is nearest to a question, if any is near at all and may be told."""
        near = (fact for fact, likeness in reading.wanted if likeness >= _NEAR and not self.told(fact))
        return next((fact for fact in near if trusting or not fact.guarded), None)

    def tell(self, fact: Fact, lead: str, within: int = 60) -> str | None:
        """One way to say it; what is guarded or was never put into words has a lead."""
        line = self._lines.take(self.ways(fact), within=within)
        if line is None:
            return None
        self._told.append(fact.id)
        self._last = fact
        authored = line in fact.lines
        return line if authored and not fact.guarded else utterance(None if authored else self._lines.move(lead), line)

    def tell_again(self, fact: Fact) -> str | None:
        """In other words, or only that it was said."""
        return utterance(self._lines.move("told"), self._lines.take(fact.lines)) or None

    def ways(self, fact: Fact) -> tuple[str, ...]:
        return fact.lines or (in_first_person(fact.text, self._content.persona, self._content.language),)

    def comes_out_in(self, line: str, reading: Reading) -> None:
        """A line that answers a question by itself may hold the fact that was asked for: it is told with it."""
        near = (fact for fact, likeness in reading.wanted if likeness >= _NEAR and not fact.guarded)
        self._told += [fact.id for fact in near if not self.told(fact) and _overlap(line, self.ways(fact))]

    def concern(self, within: int = 40) -> str | None:
        """A concern or a motivation as its own words, led in by a line of the bank."""
        persona, language = self._content.persona, self._content.language
        for lead, notes in (("worry", persona.concerns), ("wish", persona.motivations)):
            spoken = self._lines.take([in_first_person(note, persona, language) for note in notes], within=within - 10)
            if spoken:
                return utterance(self._lines.move(lead), spoken)
        return None

    def recall(self) -> None:
        """After the lines of an earlier part of the call are remembered: the facts among them."""
        known = (fact for fact in self._content.facts if any(self._lines.said(way) for way in self.ways(fact)))
        self._told += [fact.id for fact in known if not self.told(fact)]

    def forget_last(self) -> None:
        self._last = None

    def cut(self, heard: str) -> None:
        """What was told last was cut short: unless its beginning was heard, it was not told."""
        if self._last and not any(line[:30].lower() in heard.lower() for line in self.ways(self._last)):
            self._told.remove(self._last.id)
            self._last = None


def _overlap(line: str, others: tuple[str, ...]) -> bool:
    own = set(substance(line))
    return any(len(own & set(substance(other))) > 1 for other in others)
