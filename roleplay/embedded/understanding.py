"""What a learner turn does to this persona: the levers it pulls, the fact it asks for, whether it is on the matter.

Recognition is in two steps, because the tone of a sentence is far easier to learn from a handful of examples than its
exact lever: first does it open or close at all (trained on every lever of the scenario and on sentences shared by all
scenarios), then which lever. Both steps may answer "unsure".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from roleplay.embedded.bank import lines_of, tones_of
from roleplay.embedded.classifier import Array, Example, FewShot, rows_of
from roleplay.embedded.cues import Cues, cues_of_turn, is_courtesy, read_cues
from roleplay.embedded.encoder import Vectors, shared_encoder
from roleplay.embedded.sentences import sentences, words
from roleplay.embedded.tone import CommonTone, Tone, common_tone, toned_by
from roleplay.scenarios.content import Direction, Fact, Lever, ScenarioContent

_OPENS_SURE, _CLOSES_SURE = 0.65, 0.6
"""Tones from these on are acted on. Opening needs more: a persona is not won by a likeness. On library exemplars that
the model had not seen, this gave 81 % of opening and 70 % of closing sentences their tone and 8 and 11 % the opposite;
of everyday sentences it took 1 % for opening and 11 % for closing."""
HINT = 0.45
"""From here on a tone may be asked about."""
_LEVER_SURE = 0.45
"""Below it the tone may be plain, but not which lever it was."""
_ASKED_BY_QUESTION, _ASKED_BY_STATEMENT = 0.5, 0.72
"""Likeness to a fact's own questions from which a turn asks for it."""
_OTHERS_WEIGHT = 0.5
_TONE_WEIGHT = 0.35
_SHORT = 12


@dataclass(frozen=True, slots=True)
class Pull:
    """One lever that a sentence pulled, `sure` between 0 and 1."""

    lever: Lever
    sentence: str
    sure: float


@dataclass(frozen=True, slots=True)
class Reading:
    """`opens` and `closes` are the strongest tones (0–1) in the turn; `on_matter` is its likeness to the scenario,
    `off_topic` to small talk (-1–1). `wanted` are the facts it may ask for, likeliest first. A turn of `courtesy` is
    said for the sake of manners only; of a `known` one at least one word has been seen before."""

    cues: Cues
    opens: float
    closes: float
    pulls: tuple[Pull, ...]
    wanted: tuple[tuple[Fact, float], ...]
    on_matter: float
    off_topic: float
    courtesy: bool = False
    known: bool = True

    @property
    def asked(self) -> Fact | None:
        """The fact that the turn asks for, if it is likely enough."""
        return self.wanted[0][0] if self.asked_sure else None

    @property
    def asked_sure(self) -> float:
        best = self.wanted[0][1] if self.wanted else 0.0
        return best if best >= (_ASKED_BY_QUESTION if self.cues.asks else _ASKED_BY_STATEMENT) else 0.0

    @property
    def closing(self) -> bool:
        return self.closes >= _CLOSES_SURE and not self.opening

    @property
    def opening(self) -> bool:
        return self.opens >= _OPENS_SURE and self.opens > self.closes


class Understanding:
    """Trained once per scenario text; reading a turn takes some milliseconds."""

    def __init__(self, content: ScenarioContent, common: CommonTone | None = None) -> None:
        self._content = content
        self._language = content.language
        self._tone = Tone(toned_by(content), content.language, common or common_tone())
        self._levers = [(lever, self._lever_model(lever)) for lever in content.levers if lever.examples.positive]
        self._matter = shared_encoder.encode(_texts_of(content))
        self._strange = shared_encoder.encode(tones_of(content.language)["off_topic"])
        self._facts = [(fact, shared_encoder.encode(_asking(fact))) for fact in content.facts]
        self._words = _vocabulary(content)

    def _lever_model(self, lever: Lever) -> FewShot:
        rivals = [other for other in self._content.levers_that(lever.direction) if other.id != lever.id]
        examples = [
            *(Example(text, 1) for text in lever.examples.positive),
            *(Example(text, 0) for text in lever.examples.negative),
            *(Example(text, 0, _OTHERS_WEIGHT) for rival in rivals for text in rival.examples.positive),
            *(Example(text, 0, _TONE_WEIGHT) for text in tones_of(self._language)["neutral"]),
        ]
        rows = rows_of(shared_encoder, [example.text for example in examples], self._language)
        return FewShot(rows, _targets(examples), np.array([example.weight for example in examples]))

    def read(self, text: str) -> Reading:
        cues = cues_of_turn(text, self._language)
        parts = [part for part in sentences(text) if not self._says_nothing(part)]
        courtesy = all(is_courtesy(part, self._language) for part in parts)
        if not parts:
            return Reading(cues, 0.0, 0.0, (), (), 0.0, 0.0, cues.has("pleasantry"))
        units = _units(parts)
        rows = rows_of(shared_encoder, units, self._language)
        tones = self._tone.of(rows)
        tones[Direction.CLOSES][[is_courtesy(unit, self._language) for unit in units]] = 0.0
        vectors = shared_encoder.encode(units)
        return Reading(
            cues=cues,
            opens=float(tones[Direction.OPENS].max()),
            closes=float(tones[Direction.CLOSES].max()),
            pulls=self._pulls(units, rows, tones),
            wanted=self._wanted(vectors),
            on_matter=float((vectors @ self._matter.T).max()),
            off_topic=float((vectors @ self._strange.T).max()),
            courtesy=courtesy,
            known=not self._words.isdisjoint(words(text)),
        )

    def _says_nothing(self, sentence: str) -> bool:
        """Words to the machine, and "How are you?"."""
        cues = read_cues(sentence, self._language)
        return cues.manipulates or (cues.has("pleasantry") and cues.length <= _SHORT)

    def _pulls(self, units: Sequence[str], rows: Array, tones: dict[Direction, Array]) -> tuple[Pull, ...]:
        """The levers pulled, the surest sentence of each, strongest first."""
        found: list[Pull] = []
        for lever, model in self._levers:
            joint = np.sqrt(model.probabilities(rows) * tones[lever.direction])
            joint[tones[lever.direction] < HINT] = 0.0
            best = int(joint.argmax())
            if joint[best] >= _LEVER_SURE:
                found.append(Pull(lever, units[best], float(joint[best])))
        return tuple(sorted(found, key=lambda pull: -pull.sure))

    def _wanted(self, vectors: Vectors) -> tuple[tuple[Fact, float], ...]:
        likeness = [(fact, float((vectors @ ways.T).max())) for fact, ways in self._facts]
        return tuple(sorted(likeness, key=lambda scored: -scored[1]))


def _targets(examples: Sequence[Example]) -> Array:
    return np.array([float(example.target) for example in examples])


def _units(parts: Sequence[str]) -> list[str]:
    """The whole turn, and each sentence long enough to mean something by itself."""
    longer = [part for part in parts if len(words(part)) > 3]
    return list(dict.fromkeys([" ".join(parts), *longer]))


def _vocabulary(content: ScenarioContent) -> frozenset[str]:
    """The words of this scenario and of all: a turn that has none of them is a noise."""
    shared = [
        text
        for pool in (tones_of(content.language), lines_of(content.language))
        for texts in pool.values()
        for text in texts
    ]
    return frozenset(words(" ".join([*shared, content.model_dump_json()])))


def _texts_of(content: ScenarioContent) -> list[str]:
    """Everything the conversation may rightly be about."""
    persona = content.persona
    parts = [content.opening, content.learner_role, content.objective]
    parts += [*sentences(content.context), *sentences(content.stakes)]
    parts += [*persona.motivations, *persona.concerns, persona.job, persona.biography]
    for goal in content.goals:
        parts += [goal.text, *goal.examples.positive, *goal.examples.negative]
    for lever in content.levers:
        parts += [lever.text, *lever.examples.positive, *lever.examples.negative]
    for fact in content.facts:
        parts += _asking(fact)
    return [*parts, *content.moves.probe]


def _asking(fact: Fact) -> list[str]:
    return [fact.text, *fact.asked_by, *fact.lines]


@lru_cache(maxsize=32)
def understanding_of(content_json: str) -> Understanding:
    """Training is cached by the scenario's text, so a second call on it starts at once."""
    return Understanding(ScenarioContent.model_validate_json(content_json))
