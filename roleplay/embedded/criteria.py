"""Finds in a finished conversation the sentences that met a goal or pulled a lever.

P(criterion | sentence) is a few-shot model of the criterion, moved by the tone of the sentence: on goals of library
scenarios and sentences that the model had not seen, tone raised the separation from an author's own counter-examples
from an AUC of 0.93 to 0.96.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from roleplay.embedded.bank import tones_of
from roleplay.embedded.classifier import Array, Example, FewShot, rows_of
from roleplay.embedded.cues import read_cues
from roleplay.embedded.encoder import shared_encoder
from roleplay.embedded.sentences import sentences, words
from roleplay.embedded.tone import CommonTone, Tone, common_tone, toned
from roleplay.ports import Criterion, EvaluationRequest, Speaker, SpokenTurn
from roleplay.scenarios.content import ENOUGH_EXAMPLES, Direction

_RIDGE = 0.3
_TONE_PULL = 0.3
_OTHERS, _CLOSING, _NEUTRAL = 0.5, 0.5, 0.3
_SAME = 0.75
"""Likeness from which another criterion's sentence is no contrast, because it would do both."""
_LONGEST_UNIT = 45


@dataclass(frozen=True, slots=True)
class Said:
    """A verbatim piece of a learner turn and how surely it does what a criterion says."""

    turn: int
    text: str
    sure: float


def has_enough(criterion: Criterion) -> bool:
    """A criterion with fewer authored sentences is not judged at all."""
    return len(criterion.positive) >= ENOUGH_EXAMPLES


class Conversation:
    """The learner's sentences of one attempt, ready to be asked about criteria."""

    def __init__(self, request: EvaluationRequest, common: CommonTone | None = None) -> None:
        self._request = request
        learner = [turn for turn in request.turns if turn.speaker is Speaker.LEARNER]
        self.language = spoken_language(turn.text for turn in learner)
        self._units = [(turn.number, unit) for turn in learner for unit in _units(turn, self.language)]
        self._rows = rows_of(shared_encoder, [unit for _, unit in self._units], self.language) if self._units else None
        own = toned(request.opens, request.closes, request.goals)
        self._tone = Tone(own, self.language, common or common_tone())

    def find(self, criterion: Criterion, direction: Direction = Direction.OPENS) -> list[Said] | None:
        """Every piece of the learner's words with its sureness, surest first; None where nothing can be told."""
        if not has_enough(criterion) or self._rows is None:
            return None
        likely = _logit(self._model(criterion, direction).probabilities(self._rows))
        sure = 1 / (1 + np.exp(-likely - _TONE_PULL * _logit(self._tone.of(self._rows)[direction])))
        found = [Said(turn, unit, float(value)) for (turn, unit), value in zip(self._units, sure, strict=True)]
        return sorted(found, key=lambda said: (-said.sure, said.turn, len(said.text)))

    def _model(self, criterion: Criterion, direction: Direction) -> FewShot:
        opens = direction is Direction.OPENS
        against = self._request.closes if opens else self._request.opens
        examples = [
            *(Example(text, 1) for text in criterion.positive),
            *(Example(text, 0) for text in criterion.negative),
            *(Example(text, 0, _OTHERS) for text in self._others(criterion)),
            *(Example(text, 0, _CLOSING) for other in against for text in other.positive),
            *(
                Example(text, 0, _NEUTRAL)
                for name in ("neutral", "off_topic")
                for text in tones_of(self.language)[name]
            ),
        ]
        rows = rows_of(shared_encoder, [example.text for example in examples], self.language)
        targets = np.array([float(example.target) for example in examples])
        return FewShot(rows, targets, np.array([example.weight for example in examples]), ridge=_RIDGE)

    def _others(self, criterion: Criterion) -> list[str]:
        """What its siblings ask for, without the sentences that would do both."""
        kinds = (self._request.goals, self._request.opens, self._request.closes)
        siblings = next((kind for kind in kinds if criterion in kind), ())
        texts = [text for other in siblings if other is not criterion for text in other.positive]
        if not texts:
            return []
        likeness = (shared_encoder.encode(texts) @ shared_encoder.encode(criterion.positive).T).max(axis=1)
        return [text for text, like in zip(texts, likeness, strict=True) if like < _SAME]


def spoken_language(texts: Iterable[str]) -> str:
    """The language of the learner's words, as far as the cues know languages."""
    heard = [word for text in texts for word in words(text)]
    french = sum(word in _FRENCH for word in heard)
    return "fr" if french * 12 > len(heard) else "en"


_FRENCH = frozenset(
    {"je", "vous", "nous", "le", "la", "les", "des", "est", "et", "pas", "une", "que", "qui", "pour", "dans", "avec"}
    | {"votre", "notre", "ce", "c'est", "j'ai", "du", "au"}
)


def _units(turn: SpokenTurn, language: str) -> Sequence[str]:
    """Verbatim sentences of a turn, and the turn itself when it is short; nothing that speaks to the judge."""
    parts = sentences(turn.text)
    honest = [part for part in parts if not read_cues(part, language).manipulates]
    whole = turn.text.strip()
    if len(honest) == len(parts) > 1 and len(words(whole)) <= _LONGEST_UNIT:
        honest.append(whole)
    return [part for part in honest if len(words(part)) > 2]


def _logit(probabilities: Array) -> Array:
    safe = np.clip(probabilities, 1e-6, 1 - 1e-6)
    return np.asarray(np.log(safe / (1 - safe)))
