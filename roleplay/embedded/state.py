"""How the persona feels about the conversation: openness and patience (0–100), moved by what the learner does."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from roleplay.embedded.acts import Act
from roleplay.scenarios.content import Difficulty, Direction, Lever


@dataclass(frozen=True, slots=True)
class Temperament:
    """`gain` and `loss` are points of openness per lever strength; facts are confided from `trusts` on."""

    starts: int
    gain: int
    loss: int
    trusts: int
    tires: float


TEMPERAMENTS: Mapping[Difficulty, Temperament] = {
    Difficulty.GENTLE: Temperament(starts=45, gain=6, loss=4, trusts=52, tires=0.7),
    Difficulty.REALISTIC: Temperament(starts=35, gain=5, loss=5, trusts=55, tires=1.0),
    Difficulty.DEMANDING: Temperament(starts=25, gain=4, loss=6, trusts=58, tires=1.3),
}
"""Part of the scenario, never of the learner: everybody meets the same persona."""

_COST: Mapping[Act, tuple[int, int]] = {
    Act.MANIPULATES: (0, 6),
    Act.ATTACKS: (12, 25),
    Act.STRAYS: (1, 9),
    Act.CLOSES: (3, 6),
    Act.DISMISSES: (5, 8),
    Act.PUZZLES: (0, 5),
    Act.ASKS: (0, 1),
    Act.THANKS: (0, 1),
    Act.NODS: (0, 3),
    Act.CHECKS_LINE: (0, 2),
    Act.ASKS_AGAIN: (0, 2),
    Act.CHATS: (0, 1),
    Act.HINTS: (0, 2),
    Act.STATES: (0, 2),
}
"""What an act without a recognised lever costs in openness and patience."""

_WARMING_UP = 2
"""Turns in which small talk is only politeness."""
_WORTH: Mapping[Act, int] = {Act.OPENS: 4, Act.DRAWS_OUT: 2, Act.ECHOES: 2, Act.APOLOGISES: 1}
_AGAIN = (1.0, 0.5, 0.2)
"""How much of its effect an opening lever keeps the first, second and third time: nobody is won by repetition."""


@dataclass(slots=True)
class PersonaState:
    temperament: Temperament
    openness: int = 0
    patience: int = 100
    pulled: Counter[str] = field(default_factory=Counter)
    turns: int = 0
    silences: int = 0

    def __post_init__(self) -> None:
        self.openness = self.temperament.starts

    @property
    def trusting(self) -> bool:
        return self.openness >= self.temperament.trusts

    @property
    def closed(self) -> bool:
        return self.openness < 20

    def seen(self) -> dict[str, int]:
        return {"openness": self.openness, "patience": self.patience}

    def feel(self, act: Act, lever: Lever | None) -> None:
        """One learner turn and the lever it pulled, if any."""
        self.turns += 1
        self.silences = 0
        cost, tired = _COST.get(act, (0, 0))
        if act is Act.STRAYS and self.turns <= _WARMING_UP:
            cost, tired = _COST[Act.CHATS]
        if lever is None:
            self._move(_WORTH.get(act, 0) - cost, -tired)
        elif lever.direction is Direction.OPENS:
            kept = _AGAIN[min(self.pulled[lever.id], 2)]
            self._move(round(lever.strength * self.temperament.gain * kept), round(4 * lever.strength * kept))
        else:
            self._move(-lever.strength * self.temperament.loss, -5 * lever.strength)
        if lever is not None:
            self.pulled[lever.id] += 1

    def feel_silence(self) -> None:
        self.silences += 1
        self._move(-2 if self.silences == 1 else -4, -4 if self.silences == 1 else -13)

    def feel_interrupted(self) -> None:
        self._move(-1, -5)

    def _move(self, openness: int, patience: int) -> None:
        self.openness = max(0, min(100, self.openness + openness))
        worn = patience if patience > 0 else round(patience * self.temperament.tires)
        self.patience = max(0, min(100, self.patience + worn))
