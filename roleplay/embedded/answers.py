"""What the persona says to each thing a learner does: the scenario's own lines first, then the language's."""

import re
from collections.abc import Callable, Mapping

from roleplay.embedded.acts import Act
from roleplay.embedded.composing import room_after, utterance
from roleplay.embedded.knowledge import Knowledge
from roleplay.embedded.lines import Repertoire
from roleplay.embedded.memory import Memory
from roleplay.embedded.state import PersonaState
from roleplay.embedded.understanding import Reading
from roleplay.scenarios.content import Lever, ScenarioContent

_AT_EASE = re.compile(r"\b(?:friendly|cheerful|curious|warm|calm|excited|relaxed|amused|happy|glad)\b", re.IGNORECASE)


class Answers:
    """None where the persona has nothing left to say."""

    def __init__(
        self, content: ScenarioContent, state: PersonaState, lines: Repertoire, knowledge: Knowledge, memory: Memory
    ) -> None:
        self._content = content
        self._state = state
        self._lines = lines
        self._knowledge = knowledge
        self._memory = memory

    def to(self, act: Act, reading: Reading, lever: Lever | None) -> str | None:
        return _ANSWERS[act](self, reading, lever)

    def _to_opening(self, reading: Reading, lever: Lever | None) -> str | None:
        if lever and self._memory.latest.repeats:
            return self._lines.move("again", "listen")
        own = self._lines.take(lever.lines) if lever else None
        if own:
            return utterance(own, self._to_along(reading, own))
        if reading.cues.asks:
            return self._to_friendly_question(reading, lever)
        return self._lines.move(*(("warm", "softened") if self._state.trusting else ("softened", "listen")))

    def _to_along(self, reading: Reading, own: str) -> str | None:
        """The fact that a question asked for, behind a lever's own line, if there is room and the line is none."""
        self._knowledge.comes_out_in(own, reading)
        fact = self._knowledge.wanted(reading) if reading.cues.asks else None
        if fact is None or self._knowledge.told(fact) or (fact.guarded and not self._state.trusting):
            return None
        return self._knowledge.tell(
            fact, "confiding", within=room_after(own, style=self._content.persona.communication_style)
        )

    def _to_friendly_question(self, reading: Reading, lever: Lever | None) -> str | None:
        fact = self._knowledge.wanted(reading)
        if fact and (self._state.trusting or not fact.guarded):
            return self._to_fact(reading, lever)
        if reading.cues.has("open_question"):
            return self._to_open_question(reading, lever)
        return self._to_assent(reading, lever) if fact is None else self._to_fact(reading, lever)

    def _resist(self, reading: Reading, lever: Lever | None) -> str | None:
        if lever is None:
            return self._lines.move("pushback", "stung", "cold")
        own = self._lines.take(lever.lines)
        return own or self._lines.move(*(("cold", "stung") if self._state.closed else ("stung", "pushback", "cold")))

    def _to_fact(self, reading: Reading, lever: Lever | None) -> str | None:
        fact = self._knowledge.wanted(reading)
        assert fact is not None
        if self._knowledge.told(fact):
            if reading.cues.has("request"):
                return self._to_assent(reading, lever)
            return self._knowledge.tell_again(fact) or self._lines.move("again", "listen")
        if fact.guarded and not self._state.trusting:
            return self._lines.move("guarded", "pushback")
        return self._knowledge.tell(fact, "confiding") or self._lines.move("dont_know", "listen")

    def _to_open_question(self, reading: Reading, lever: Lever | None) -> str | None:
        """The untold fact that is nearest to the question, or a worry."""
        if self._state.closed:
            return self._lines.move("guarded", "cold", "pushback")
        fact = self._knowledge.near(reading, trusting=self._state.trusting)
        if fact and (told := self._knowledge.tell(fact, "volunteering")):
            return told
        return self._knowledge.concern() or self._lines.move("drawn_out", "dont_know", "listen")

    def _to_closed_question(self, reading: Reading, lever: Lever | None) -> str | None:
        fact = self._knowledge.near(reading, trusting=self._state.trusting)
        if fact is None and reading.cues.has("request"):
            return self._to_assent(reading, lever)
        told = self._knowledge.tell(fact, "volunteering") if fact and not self._state.closed else None
        return told or self._lines.move(
            *(("dont_know",) if self._state.trusting else ("dont_know", "clarify")), "pushback"
        )

    def _to_assent(self, reading: Reading, lever: Lever | None) -> str | None:
        if self._state.closed:
            return self._lines.move("pushback", "cold", "listen")
        return self._lines.move(*(("agrees", "warm") if self._state.trusting else ("doubts", "pushback")), "listen")

    def _to_thanks(self, reading: Reading, lever: Lever | None) -> str | None:
        return self._lines.move(
            *(("thanks",) if self._state.trusting else ("thanks_early", "thanks")), "listen", "probe"
        )

    def _to_small_talk(self, reading: Reading, lever: Lever | None) -> str | None:
        at_ease = _AT_EASE.search(self._content.persona.emotional_state) and not self._state.closed
        return self._lines.move("small_talk" if at_ease else "small_talk_tense", "greeting", "listen", "probe")

    def _say_again(self, reading: Reading, lever: Lever | None) -> str | None:
        """The last words once more, as somebody says them a second time."""
        lead = self._lines.move("say_again")
        return f"{lead} {self._memory.last_said}" if lead else self._lines.move("repeated", "listen", "unclear")

    def _to_statement(self, reading: Reading, lever: Lever | None) -> str | None:
        if self._state.closed:
            return self._lines.move("pushback", "cold", "listen", "probe")
        if self._state.trusting and self._state.turns % 3 == 0:
            return self._lines.move("warm", "listen", "probe")
        takes_in = self._memory.latest.answers or self._state.trusting or self._state.turns % 2
        return self._lines.move(*(("listen", "pushback", "probe") if takes_in else ("pushback", "listen", "probe")))


def _line_of(*moves: str) -> "_Answer":
    return lambda answers, reading, lever: answers._lines.move(*moves)


_Answer = Callable[[Answers, Reading, Lever | None], str | None]
_ANSWERS: Mapping[Act, _Answer] = {
    Act.MANIPULATES: _line_of("identity", "off_topic", "pushback"),
    Act.ATTACKS: _line_of("hostile", "cold", "stung"),
    Act.STRAYS: _line_of("off_topic", "unclear", "pushback"),
    Act.CLOSES: Answers._resist,
    Act.DISMISSES: _line_of("tense", "stung", "pushback"),
    Act.LEAVES: _line_of("held_on", "probe", "pushback"),
    Act.OPENS: Answers._to_opening,
    Act.ASKS_FACT: Answers._to_fact,
    Act.CHECKS_LINE: _line_of("repeated", "listen", "unclear"),
    Act.ASKS_AGAIN: Answers._say_again,
    Act.SEEKS_ASSENT: Answers._to_assent,
    Act.DRAWS_OUT: Answers._to_open_question,
    Act.ASKS: Answers._to_closed_question,
    Act.ECHOES: _line_of("echoed", "listen", "probe"),
    Act.APOLOGISES: _line_of("apology", "listen", "pushback"),
    Act.THANKS: Answers._to_thanks,
    Act.CHATS: Answers._to_small_talk,
    Act.GREETS: _line_of("greeting", "listen", "probe"),
    Act.NODS: _line_of("listen", "probe", "pushback"),
    Act.PUZZLES: _line_of("unclear", "clarify", "off_topic"),
    Act.HINTS: _line_of("clarify", "pushback", "listen"),
    Act.STATES: Answers._to_statement,
}
