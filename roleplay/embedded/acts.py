"""Which one thing a learner turn mainly does to the conversation; the gravest wins."""

from collections.abc import Callable
from enum import StrEnum, auto

from roleplay.embedded.understanding import HINT, Reading

_FAR = 0.3
"""Likeness to known small talk from which a turn may be about something else."""
_PLAINLY = 0.7
"""Likeness to a fact's own questions from which a turn asks for it, whatever its tone."""


class Act(StrEnum):
    MANIPULATES = auto()
    ATTACKS = auto()
    STRAYS = auto()
    CLOSES = auto()
    DISMISSES = auto()
    LEAVES = auto()
    OPENS = auto()
    ASKS_FACT = auto()
    CHECKS_LINE = auto()
    DRAWS_OUT = auto()
    ASKS = auto()
    APOLOGISES = auto()
    THANKS = auto()
    GREETS = auto()
    NODS = auto()
    PUZZLES = auto()
    HINTS = auto()
    STATES = auto()


def _strays(reading: Reading) -> bool:
    """Closer to known small talk than to anything in the scenario, and no lever is clearly pulled."""
    if reading.cues.length < 3 or reading.off_topic <= reading.on_matter:
        return False
    pulled = any(pull.sure >= 0.55 for pull in reading.pulls)
    return reading.off_topic >= (_FAR + 0.25 if pulled else _FAR)


def _puzzles(reading: Reading) -> bool:
    """Nothing in it is like anything in the scenario, and it has no recognisable form either."""
    if reading.cues.length == 0:
        return True
    if reading.cues.has("farewell", "greeting", "thanks", "apology", "refusal", "dismissive") or reading.opening:
        return False
    return reading.cues.length >= 3 and reading.on_matter < 0.2 and reading.off_topic < _FAR


_ORDER: tuple[tuple[Act, Callable[[Reading], bool]], ...] = (
    (Act.MANIPULATES, lambda reading: reading.cues.manipulates),
    (Act.ATTACKS, lambda reading: reading.cues.hostile),
    (Act.CHECKS_LINE, lambda reading: reading.cues.has("repeat") and reading.cues.length <= 8),
    (Act.NODS, lambda reading: reading.cues.has("backchannel")),
    (Act.STRAYS, _strays),
    (Act.PUZZLES, _puzzles),
    (Act.THANKS, lambda reading: reading.cues.has("thanks") and reading.cues.length <= 4),
    (Act.GREETS, lambda reading: reading.cues.has("greeting") and reading.cues.length <= 8),
    (Act.ASKS_FACT, lambda reading: reading.asked is not None and reading.asked_sure >= _PLAINLY),
    (Act.LEAVES, lambda reading: reading.cues.has("farewell")),
    (Act.CLOSES, lambda reading: reading.closing),
    (Act.DISMISSES, lambda reading: reading.cues.has("dismissive") and not reading.opening),
    (Act.OPENS, lambda reading: reading.opening and bool(reading.pulls)),
    (Act.ASKS_FACT, lambda reading: reading.asked is not None),
    (Act.DRAWS_OUT, lambda reading: reading.cues.has("open_question")),
    (Act.OPENS, lambda reading: reading.opening),
    (Act.APOLOGISES, lambda reading: reading.cues.has("apology")),
    (Act.ASKS, lambda reading: reading.cues.asks),
    (Act.THANKS, lambda reading: reading.cues.has("thanks")),
    (Act.HINTS, lambda reading: reading.closes >= HINT),
)


def act_of(reading: Reading) -> Act:
    return next((act for act, applies in _ORDER if applies(reading)), Act.STATES)
