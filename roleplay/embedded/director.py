"""The embedded persona: decides from the learner's words, and nothing random, what the persona says and does next.

Deterministic: the same words in the same order meet the same persona. Lines come from the scenario, then from the
language's bank; in a language without a bank the persona has its scenario's own lines and texts only, and closes the
call in role when it has said them all.
"""

from collections.abc import Callable, Mapping, Sequence

from roleplay.embedded.acts import Act, act_of
from roleplay.embedded.composing import in_first_person, room_after, utterance
from roleplay.embedded.lines import Repertoire
from roleplay.embedded.state import TEMPERAMENTS, PersonaState
from roleplay.embedded.understanding import Reading, Understanding, understanding_of
from roleplay.ports.dialogue import Dialogue, Reply
from roleplay.scenarios.content import Direction, Fact, Lever, ScenarioContent

_WARNS_BELOW = 25
_PLAINLY = 0.75
"""A tone below this nudges the persona a little, but is not counted as one of its levers."""
_LEVERED = frozenset({Act.CLOSES, Act.OPENS, Act.ASKS_FACT})
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
        self._told: list[str] = []
        self._last_told: Fact | None = None
        self._quiet_turns = 0
        self._resumed = self._warned = self._held_on = self._cut = self._ended = False

    def open(self) -> Reply:
        first = None if self._resumed else self._lines.take([self._content.opening])
        return self._reply(first or self._lines.move("resumed"))

    def hear(self, text: str) -> Reply:
        if self._ended:
            return Reply("", ends_call=True, state=self._state.seen())
        reading = self._understanding.read(text)
        act = act_of(reading)
        lever = self._lever(act, reading)
        self._state.feel(act, lever)
        if act is Act.LEAVES and (ending := self._let_go()):
            return ending
        if ending := self._lose_patience():
            return ending
        self._last_told = None
        said = _ANSWERS[act](self, reading, lever)
        protest = self._protest()
        return self._reply(protest, said, self._take_initiative(act, protest, said)) if said else self._end()

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
        fact = self._last_told
        if fact and not any(line[:30].lower() in heard.lower() for line in self._ways_to_tell(fact)):
            self._told.remove(fact.id)
            self._last_told = None

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
                self._lines.remember(
                    text, [*own, *(way for fact in self._content.facts for way in self._ways_to_tell(fact))]
                )
                self._told += [f.id for f in self._content.facts if self._has_told(f) and f.id not in self._told]
            else:
                reading = self._understanding.read(text)
                act = act_of(reading)
                self._state.feel(act, self._lever(act, reading))

    # What each act is answered with.

    def _answer_lever(self, reading: Reading, lever: Lever | None) -> str | None:
        opens = reading.opening
        if lever and opens and self._state.pulled[lever.id] > 1:
            return self._lines.move("again", "listen")
        own = self._lines.take(lever.lines) if lever else None
        if own:
            return own
        if opens:
            return (
                self._lines.move("warm", "softened") if self._state.trusting else self._lines.move("softened", "listen")
            )
        if lever is None:
            return self._lines.move("pushback", "stung", "cold")
        return self._lines.move(*(("cold", "stung") if self._state.closed else ("stung", "pushback", "cold")))

    def _answer_fact(self, reading: Reading, lever: Lever | None) -> str | None:
        assert reading.asked is not None
        if reading.asked.id in self._told:
            return self._lines.move("again", "listen")
        if reading.asked.guarded and not self._state.trusting:
            return self._lines.move("guarded", "pushback")
        return self._tell(reading.asked, "confiding")

    def _answer_open_question(self, reading: Reading, lever: Lever | None) -> str | None:
        if self._state.closed:
            return self._lines.move("guarded", "cold", "pushback")
        fact = next((fact for fact in self._content.facts if self._may_tell(fact)), None)
        if fact and self._quiet_turns == 0:
            return self._tell(fact, "volunteering")
        return self._concern() or self._lines.move("drawn_out", "dont_know", "listen")

    def _answer_statement(self, reading: Reading, lever: Lever | None) -> str | None:
        if self._state.closed:
            return self._lines.move("pushback", "cold", "listen", "probe")
        if self._state.trusting and self._state.turns % 3 == 0:
            return self._lines.move("warm", "listen", "probe")
        moves = ("listen", "pushback", "probe") if self._state.turns % 2 else ("pushback", "listen", "probe")
        return self._lines.move(*moves)

    def _tell(self, fact: Fact, lead: str) -> str | None:
        line = self._lines.take(self._ways_to_tell(fact))
        if line is None:
            return self._lines.move("dont_know", "listen")
        self._told.append(fact.id)
        self._last_told = fact
        authored = line in fact.lines
        return line if authored and not fact.guarded else utterance(None if authored else self._lines.move(lead), line)

    # What the persona does of itself.

    def _take_initiative(self, act: Act, protest: str | None, said: str) -> str | None:
        """A question or a worry of its own, when the answer was short and the learner has led for a while."""
        room = room_after(protest, said, style=self._content.persona.communication_style)
        if act in {Act.DRAWS_OUT, Act.ASKS_FACT, Act.PUZZLES, Act.CHECKS_LINE} or "?" in said or room < 6:
            self._quiet_turns += 1
            return None
        self._quiet_turns += 1
        if self._quiet_turns < 2 and act not in {Act.NODS, Act.MANIPULATES, Act.STRAYS, Act.GREETS}:
            return None
        self._quiet_turns = 0
        return self._lines.move("probe", within=room) or self._concern(within=room)

    def _concern(self, within: int = 40) -> str | None:
        """A concern or a motivation as its own words, led in by a line of the bank."""
        persona, language = self._content.persona, self._content.language
        for lead, notes in (("worry", persona.concerns), ("wish", persona.motivations)):
            spoken = self._lines.take([in_first_person(note, persona, language) for note in notes], within=within - 10)
            if spoken:
                return utterance(self._lines.move(lead), spoken)
        return None

    def _silence_filler(self) -> str | None:
        return self._lines.move("probe") if self._state.silences == 2 else None

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
        return Reply(utterance(*parts), state=self._state.seen())

    # Small questions to itself.

    def _lever(self, act: Act, reading: Reading) -> Lever | None:
        """The lever that the act pulls, if it is clear which; of two likely ones the one that is new in this call."""
        direction = {Act.CLOSES: Direction.CLOSES}.get(act, Direction.OPENS)
        plainly = reading.closes >= _PLAINLY if act is Act.CLOSES else reading.opening and reading.opens >= _PLAINLY
        if act not in _LEVERED or not plainly:
            return None
        pulls = [pull for pull in reading.pulls if pull.lever.direction is direction]
        likely = [pull.lever for pull in pulls if pull.sure >= pulls[0].sure - 0.1]
        return next((lever for lever in likely if not self._state.pulled[lever.id]), likely[0] if likely else None)

    def _may_tell(self, fact: Fact) -> bool:
        return fact.id not in self._told and (self._state.trusting or not fact.guarded)

    def _has_told(self, fact: Fact) -> bool:
        return any(self._lines.said(way) for way in self._ways_to_tell(fact))

    def _ways_to_tell(self, fact: Fact) -> tuple[str, ...]:
        return fact.lines or (in_first_person(fact.text, self._content.persona, self._content.language),)


def _line_of(*moves: str) -> "_Answer":
    return lambda director, reading, lever: director._lines.move(*moves)


_Answer = Callable[[Director, Reading, Lever | None], str | None]
_ANSWERS: Mapping[Act, _Answer] = {
    Act.MANIPULATES: _line_of("identity", "off_topic", "pushback"),
    Act.ATTACKS: _line_of("hostile", "cold", "stung"),
    Act.STRAYS: _line_of("off_topic", "unclear", "pushback"),
    Act.CLOSES: Director._answer_lever,
    Act.DISMISSES: _line_of("tense", "stung", "pushback"),
    Act.LEAVES: _line_of("held_on", "probe", "pushback"),
    Act.OPENS: Director._answer_lever,
    Act.ASKS_FACT: Director._answer_fact,
    Act.CHECKS_LINE: _line_of("repeated", "listen", "unclear"),
    Act.DRAWS_OUT: Director._answer_open_question,
    Act.ASKS: _line_of("dont_know", "clarify", "pushback"),
    Act.APOLOGISES: _line_of("apology", "listen", "pushback"),
    Act.THANKS: _line_of("thanks", "listen", "probe"),
    Act.GREETS: _line_of("greeting", "listen", "probe"),
    Act.NODS: _line_of("listen", "probe", "pushback"),
    Act.PUZZLES: _line_of("unclear", "clarify", "off_topic"),
    Act.HINTS: _line_of("clarify", "pushback", "listen"),
    Act.STATES: Director._answer_statement,
}
