"""Which one thing a learner turn mainly does to the conversation; the gravest wins."""

from collections import Counter
from collections.abc import Callable
from enum import StrEnum, auto

from roleplay.embedded.understanding import HINT, Reading
from roleplay.scenarios.content import Direction, Lever

_FAR = 0.3
"""Likeness to known small talk from which a turn may be about something else."""
_PLAINLY = 0.7
"""Likeness to a fact's own questions from which a turn asks for it, whatever its tone."""


_PLAIN_ATTACK = 0.85
"""Tone from which a question for a fact is a reproach all the same."""


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
    ASKS_AGAIN = auto()
    SEEKS_ASSENT = auto()
    DRAWS_OUT = auto()
    ASKS = auto()
    ECHOES = auto()
    APOLOGISES = auto()
    THANKS = auto()
    CHATS = auto()
    GREETS = auto()
    NODS = auto()
    PUZZLES = auto()
    HINTS = auto()
    STATES = auto()


def _strays(reading: Reading) -> bool:
    """Closer to known small talk than to anything in the scenario, and no lever is clearly pulled."""
    if reading.cues.length < 3 or reading.off_topic <= reading.on_matter or reading.courtesy:
        return False
    pulled = any(pull.sure >= 0.55 for pull in reading.pulls)
    return reading.off_topic >= (_FAR + 0.25 if pulled else _FAR)


def _puzzles(reading: Reading) -> bool:
    """Nothing in it is like anything in the scenario, and it has no recognisable form either."""
    cues = reading.cues
    if cues.length == 0:
        return True
    if reading.courtesy or cues.has("farewell", "greeting", "thanks", "apology", "refusal", "dismissive"):
        return False
    if cues.has("noise") or (not reading.known and (cues.length > 1 or reading.on_matter < _FAR)):
        return True
    return not reading.opening and cues.length >= 3 and reading.on_matter < 0.2 and reading.off_topic < _FAR


def _nods(reading: Reading) -> bool:
    """Yes or no and nothing else."""
    cues = reading.cues
    return cues.has("backchannel") or (cues.has("refusal") and cues.length <= 2) or (reading.courtesy and not cues.asks)


def _asks_plainly(reading: Reading) -> bool:
    about_the_other = reading.cues.has("you", "dismissive")
    kind = reading.closes < _PLAIN_ATTACK or not about_the_other
    return reading.cues.asks and reading.asked is not None and kind and not reading.opening


def _reproaches(reading: Reading) -> bool:
    """What could be meant well is taken so, up to a point: a question, a word of sympathy, a lever that opens."""
    kind = reading.cues.has("empathy") or (reading.cues.asks and not reading.cues.has("dismissive", "you"))
    divided = bool(reading.pulls) and reading.pulls[0].lever.direction is Direction.OPENS
    return reading.closing and not ((kind or divided) and reading.closes < _PLAIN_ATTACK)


_ORDER: tuple[tuple[Act, Callable[[Reading], bool]], ...] = (
    (Act.MANIPULATES, lambda reading: reading.cues.manipulates),
    (Act.ATTACKS, lambda reading: reading.cues.hostile),
    (Act.CHECKS_LINE, lambda reading: reading.cues.has("line") and reading.cues.length <= 8),
    (Act.ASKS_AGAIN, lambda reading: reading.cues.has("repeat") and reading.cues.length <= 14),
    (Act.LEAVES, lambda reading: reading.cues.has("farewell") and reading.asked_sure < _PLAINLY),
    (Act.CHATS, lambda reading: reading.courtesy and reading.cues.has("pleasantry")),
    (Act.THANKS, lambda reading: reading.courtesy and reading.cues.has("thanks") and not reading.cues.has("greeting")),
    (Act.GREETS, lambda reading: reading.courtesy and reading.cues.has("greeting")),
    (Act.SEEKS_ASSENT, lambda reading: reading.cues.has("assent") and reading.cues.asks and reading.cues.length <= 8),
    (Act.NODS, _nods),
    (Act.PUZZLES, lambda reading: reading.cues.has("noise")),
    (Act.STRAYS, _strays),
    (Act.PUZZLES, _puzzles),
    (Act.ASKS_FACT, lambda reading: reading.asked is not None and reading.asked_sure >= _PLAINLY),
    (Act.ASKS_FACT, _asks_plainly),
    (Act.CLOSES, _reproaches),
    (Act.DISMISSES, lambda reading: reading.cues.has("dismissive") and not reading.opening),
    (Act.OPENS, lambda reading: reading.opening and bool(reading.pulls)),
    (Act.ASKS_FACT, lambda reading: reading.asked is not None),
    (Act.SEEKS_ASSENT, lambda reading: reading.cues.has("assent") and reading.cues.has("question")),
    (Act.DRAWS_OUT, lambda reading: reading.cues.has("open_question")),
    (Act.OPENS, lambda reading: reading.opening or reading.cues.has("empathy")),
    (Act.APOLOGISES, lambda reading: reading.cues.has("apology")),
    (Act.ASKS, lambda reading: reading.cues.asks),
    (Act.THANKS, lambda reading: reading.cues.has("thanks")),
    (Act.HINTS, lambda reading: reading.closes >= HINT and not reading.cues.has("offer")),
)


def act_of(reading: Reading) -> Act:
    return next((act for act, applies in _ORDER if applies(reading)), Act.STATES)


_TONE_PLAIN = 0.75
"""A tone below this nudges the persona a little, but is not counted as one of its levers."""
_LEVERED = frozenset({Act.CLOSES, Act.OPENS, Act.ASKS_FACT})


def lever_of(act: Act, reading: Reading, pulled: Counter[str]) -> Lever | None:
    """The lever that the act pulls, if it is clear which; of two likely ones the one that is new in this call."""
    direction = {Act.CLOSES: Direction.CLOSES}.get(act, Direction.OPENS)
    plainly = reading.closes >= _TONE_PLAIN if act is Act.CLOSES else reading.opening and reading.opens >= _TONE_PLAIN
    if act not in _LEVERED or not plainly:
        return None
    pulls = [pull for pull in reading.pulls if pull.lever.direction is direction]
    likely = [pull.lever for pull in pulls if pull.sure >= pulls[0].sure - 0.1]
    return next((lever for lever in likely if not pulled[lever.id]), likely[0] if likely else None)
