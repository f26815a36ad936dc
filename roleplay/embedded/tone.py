"""Does a sentence open or close a persona? Learned from all library scenarios, then from the scenario at hand.

Tone is shared: blame, pressure and vagueness sound alike in a warehouse and in a hospital. So the library teaches one
common model, kept in `tone.json` (`python -m roleplay.embedded.tone` trains it anew after the library has changed),
and a scenario's own exemplars correct it.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from roleplay.embedded.bank import tones_of
from roleplay.embedded.classifier import Array, FewShot, Linear, rows_of
from roleplay.embedded.cues import features_of
from roleplay.embedded.encoder import shared_encoder
from roleplay.scenarios.content import Direction, Goal, Lever, ScenarioContent

OPPOSITE = {Direction.OPENS: Direction.CLOSES, Direction.CLOSES: Direction.OPENS}

_LEVER, _LEVER_CONTRAST, _GOAL, _GOAL_CONTRAST, _SHARED = 1.0, 0.3, 0.5, 0.2, 0.6
"""How much an exemplar says about tone: what only seems to open usually closes a little, and the other way round."""

_OWN_RIDGE = 0.25
"""Small enough that a scenario's own exemplars overrule what other scenarios teach."""

CommonTone = Mapping[Direction, Linear]


@dataclass(frozen=True, slots=True)
class Toned:
    """A training sentence with its tone, None when it has none."""

    text: str
    tone: Direction | None
    weight: float


class Tone:
    """P(opens) and P(closes) of sentences, for one scenario and its own exemplars."""

    def __init__(self, exemplars: Iterable[Toned], language: str, common: CommonTone) -> None:
        own = [*exemplars, *_shared(language)]
        rows = rows_of(shared_encoder, [item.text for item in own], language)
        weights = np.array([item.weight for item in own])
        self._models = {
            direction: FewShot(rows, _targets(own, direction), weights, ridge=_OWN_RIDGE, prior=prior)
            for direction, prior in common.items()
        }

    def of(self, rows: Array) -> dict[Direction, Array]:
        return {direction: model.probabilities(rows) for direction, model in self._models.items()}


def learn_common(library: Iterable[ScenarioContent]) -> CommonTone:
    """One model for all languages of the library, because the sentence vectors are multilingual."""
    lessons = _lessons(library)
    items = [item for known in lessons.values() for item in known]
    rows = np.vstack(
        [rows_of(shared_encoder, [item.text for item in known], language) for language, known in lessons.items()]
    )
    weights = np.array([item.weight for item in items])
    return {direction: Linear.fitted(rows, _targets(items, direction), weights) for direction in Direction}


def _lessons(library: Iterable[ScenarioContent]) -> dict[str, list[Toned]]:
    """The sentences to learn from, by language."""
    lessons: dict[str, list[Toned]] = {}
    for content in library:
        known = lessons.setdefault(content.language, _shared(content.language))
        known += [item for item in toned_by(content) if item.weight >= _GOAL]
    return lessons


def digest_of_lessons(library: Iterable[ScenarioContent]) -> str:
    """Changes with every sentence, tone, weight and cue that the common model is learned from."""
    digest = hashlib.sha256()
    for language, known in _lessons(library).items():
        for item in known:
            digest.update(repr((item.text, str(item.tone), item.weight, features_of(item.text, language))).encode())
    return digest.hexdigest()


@cache
def stored_tone() -> Mapping[str, Any]:
    stored: Mapping[str, Any] = json.loads((files("roleplay.embedded") / "tone.json").read_text(encoding="utf-8"))
    return stored


@cache
def common_tone() -> CommonTone:
    return {direction: Linear(np.array(stored_tone()[direction])) for direction in Direction}


class Exemplified(Protocol):
    """A lever or a goal, wherever it comes from."""

    @property
    def text(self) -> str: ...
    @property
    def positive(self) -> Sequence[str]: ...
    @property
    def negative(self) -> Sequence[str]: ...


def toned(opens: Iterable[Exemplified], closes: Iterable[Exemplified], goals: Iterable[Exemplified]) -> Iterator[Toned]:
    for levers, direction in ((opens, Direction.OPENS), (closes, Direction.CLOSES)):
        for lever in levers:
            for text in lever.positive or (lever.text,):
                yield Toned(text, direction, _LEVER)
            for text in lever.negative:
                yield Toned(text, OPPOSITE[direction], _LEVER_CONTRAST)
    for goal in goals:
        for text in goal.positive:
            yield Toned(text, Direction.OPENS, _GOAL)
        for text in goal.negative:
            yield Toned(text, Direction.CLOSES, _GOAL_CONTRAST)


@dataclass(frozen=True, slots=True)
class _Authored:
    text: str
    positive: Sequence[str]
    negative: Sequence[str]


def toned_by(content: ScenarioContent) -> Iterator[Toned]:
    def of(parts: Iterable[Lever | Goal]) -> list[_Authored]:
        return [_Authored(part.text, part.examples.positive, part.examples.negative) for part in parts]

    opens, closes = (of(content.levers_that(direction)) for direction in (Direction.OPENS, Direction.CLOSES))
    return toned(opens, closes, of(content.goals))


def _shared(language: str) -> list[Toned]:
    tones = tones_of(language)
    named = {"opens": Direction.OPENS, "closes": Direction.CLOSES, "neutral": None, "off_topic": None}
    return [Toned(text, tone, _SHARED) for name, tone in named.items() for text in tones[name]]


def _targets(items: Iterable[Toned], direction: Direction) -> Array:
    return np.array([float(item.tone is direction) for item in items])


def _store() -> None:
    from roleplay.scenarios.library import shelf  # noqa: PLC0415 - training alone needs the domain

    learned = learn_common(shelf().values())
    stored: dict[str, Any] = {
        str(direction): [round(float(value), 4) for value in model.coefficients] for direction, model in learned.items()
    }
    stored["learned_from"] = digest_of_lessons(shelf().values())
    Path(__file__).with_name("tone.json").write_text(json.dumps(stored), encoding="utf-8")


if __name__ == "__main__":
    _store()
