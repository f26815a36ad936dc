"""The embedded persona: decides from the learner's words, and nothing random, what the persona says and does next.

Deterministic: the same words in the same order meet the same persona. Lines come from the scenario, then from the
language's bank; in a language without a bank the persona has its scenario's own lines and texts only, and closes the
call in role when it has said them all.
"""

from collections.abc import Sequence

from roleplay.embedded.acts import Act, act_of, lever_of
from roleplay.embedded.answers import Answers
from roleplay.embedded.composing import room_after, utterance
from roleplay.embedded.knowledge import Knowledge
from roleplay.embedded.lines import Repertoire
from roleplay.embedded.memory import Memory
from roleplay.embedded.state import TEMPERAMENTS, PersonaState
from roleplay.embedded.understanding import Reading, Understanding, understanding_of
from roleplay.ports.dialogue import Dialogue, Reply
from roleplay.scenarios.content import ScenarioContent

_WARNS_BELOW = 25
_MAY_ECHO = frozenset({Act.STATES, Act.HINTS, Act.NODS, Act.ASKS, Act.ASKS_FACT, Act.DRAWS_OUT, Act.CLOSES})
_SETTLED_BY_ANSWER = frozenset(
    {Act.DRAWS_OUT, Act.ASKS_FACT, Act.PUZZLES, Act.CHECKS_LINE, Act.ASKS_AGAIN, Act.SEEKS_ASSENT, Act.THANKS}
)
_LEAD_NOWHERE = frozenset({Act.NODS, Act.MANIPULATES, Act.STRAYS, Act.GREETS, Act.CHATS})
"""After these the persona returns to its matter."""
_MATTER_TURNS = 6
"""Learner turns after which a goodbye is taken at its word."""


def direct(content: ScenarioContent) -> Dialogue:
    return Director(content, understanding_of(content.model_dump_json()))


class Director:
    """One call. After a reply that ends it, silence gets no answer and words get an empty one."""

    def __init__(self, content: ScenarioContent, understanding: Understanding) -> None:
        self._content = content
        self._understanding = understanding
        self._state = PersonaState(TEMPERAMENTS[content.difficulty])
        self._lines = Repertoire(content)
        self._memory = Memory()
        self._knowledge = Knowledge(content, self._lines)
        self._answers = Answers(content, self._state, self._lines, self._knowledge, self._memory)
        self._quiet_turns = 0
        self._resumed = self._warned = self._held_on = self._cut = self._ended = False

    def open(self) -> Reply:
        first = None if self._resumed else self._lines.take([self._content.opening])
        return self._reply(first or self._lines.move("resumed"))

    def hear(self, text: str) -> Reply:
        if self._ended:
            return Reply("", ends_call=True, state=self._state.seen())
        reading = self._understanding.read(text)
        self._memory.hear(text, reading.cues)
        act = self._act(reading)
        lever = lever_of(act, reading, self._state.pulled)
        self._state.feel(act, lever)
        if act is Act.LEAVES and (ending := self._let_go()):
            return ending
        if ending := self._lose_patience():
            return ending
        self._knowledge.forget_last()
        self._quiet_turns += 1
        said = self._answers.to(act, reading, lever)
        protest = self._protest()
        if said is None:
            return self._end()
        settled = act in _SETTLED_BY_ANSWER or (act is Act.OPENS and (self._state.trusting or reading.cues.asks))
        return self._reply(protest, said, None if settled else self._take_initiative(act, protest, said))

    def sit_in_silence(self) -> Reply | None:
        if self._ended:
            return None
        self._state.feel_silence()
        if ending := self._lose_patience():
            return ending
        line = self._lines.move("silence")
        return self._reply(line, self._silence_filler()) if line else self._end()

    def interrupted(self, heard: str) -> None:
        self._state.feel_interrupted()
        self._cut = True
        self._knowledge.cut(heard)

    def time_left(self, seconds: int) -> Reply | None:
        if self._ended:
            return None
        if seconds <= 0:
            return self._end()
        line = self._lines.move("wrap_up")
        return self._reply(line) if line else None

    def resume(self, history: Sequence[tuple[str, str]]) -> None:
        self._resumed = bool(history)
        own = [self._content.opening, *(line for lever in self._content.levers for line in lever.lines)]
        for speaker, text in history:
            if speaker == "persona":
                self._memory.say(text)
                ways = [way for fact in self._content.facts for way in self._knowledge.ways(fact)]
                self._lines.remember(text, [*own, *ways])
                self._knowledge.recall()
            else:
                reading = self._understanding.read(text)
                self._memory.hear(text, reading.cues)
                act = self._act(reading)
                self._state.feel(act, lever_of(act, reading, self._state.pulled))

    # What the persona does of itself.

    def _take_initiative(self, act: Act, protest: str | None, said: str) -> str | None:
        """A question or a worry of its own, when the answer was short and the learner has led for a while."""
        room = room_after(protest, said, style=self._content.persona.communication_style)
        if "?" in said or room < 6:
            return None
        if self._quiet_turns < 2 and act not in _LEAD_NOWHERE:
            return None
        self._quiet_turns = 0
        return self._probe(room) or self._knowledge.concern(within=room)

    def _probe(self, within: int) -> str | None:
        """A question that nothing said so far has answered."""
        open_ones = (line for line in self._lines.of("probe") if not self._memory.settled(line))
        return self._lines.take(open_ones, within=within)

    def _silence_filler(self) -> str | None:
        return self._probe(room_after()) if self._state.silences == 2 else None

    def _protest(self) -> str | None:
        cut, self._cut = self._cut, False
        return self._lines.move("interrupted") if cut else None

    # How the call ends.

    def _let_go(self) -> Reply | None:
        """A goodbye ends the call once the matter has been talked through, or when it is said a second time."""
        if self._state.trusting or self._state.turns >= _MATTER_TURNS or self._held_on:
            return self._end()
        self._held_on = True
        return None

    def _lose_patience(self) -> Reply | None:
        if self._state.patience >= _WARNS_BELOW:
            return None
        if not self._warned:
            self._warned = True
            self._state.patience = max(self._state.patience, 10)
            line = self._lines.move("warning", "cold", "farewell_closed")
            return self._reply(line) if line else self._end()
        return self._end("walk_away") if self._state.patience == 0 else None

    def _end(self, move: str | None = None) -> Reply:
        self._ended = True
        farewell = "farewell_open" if self._state.trusting else "farewell_closed"
        line = self._lines.move(*filter(None, (move, farewell, "farewell_closed", "farewell_open", "walk_away")))
        return Reply(line or "", ends_call=True, state=self._state.seen())

    def _reply(self, *parts: str | None) -> Reply:
        reply = Reply(utterance(*parts), state=self._state.seen())
        self._memory.say(reply.text)
        return reply

    # Small questions to itself.

    def _act(self, reading: Reading) -> Act:
        act = act_of(reading)
        return Act.ECHOES if self._memory.latest.echoes and act in _MAY_ECHO else act
