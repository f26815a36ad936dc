"""Few-shot recognition: logistic regressions over a handful of authored sentences.

A sentence is seen in two views: its meaning (USE vectors) and its speech-act cues. A similarity threshold alone cannot
tell "we were late" from "the carrier was late"; trained contrasts can. Word counts were tried as a third view and
added nothing on held-out sentences.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roleplay.embedded.cues import features_of
from roleplay.embedded.encoder import Encoder

Array = NDArray[np.float64]

_ACT = 0.25
"""Weight of the cues beside the meaning."""
_NEWTON_STEPS = 6


@dataclass(frozen=True, slots=True)
class Example:
    """A training sentence: `target` 1 or 0, `weight` how much it counts before classes are balanced."""

    text: str
    target: int
    weight: float = 1.0


def rows_of(encoder: Encoder, texts: Sequence[str], language: str) -> Array:
    """One feature row per sentence; the inner product of two rows is their likeness."""
    acts = np.array([features_of(text, language) for text in texts])
    length = np.maximum(np.linalg.norm(acts, axis=1, keepdims=True), 1e-9)
    return np.hstack([encoder.encode(texts).astype(np.float64), acts / length * math.sqrt(_ACT)])


class Linear:
    """Trained on the many sentences that scenarios share; its logits are where a scenario's own training starts."""

    def __init__(self, coefficients: Array) -> None:
        self.coefficients = coefficients

    @classmethod
    def fitted(cls, rows: Array, targets: Array, weights: Array) -> "Linear":
        return cls(_newton(_with_bias(rows), targets, _balanced(targets, weights), _plain_penalty(rows), 0.0))

    def logits(self, rows: Array) -> Array:
        return np.asarray(_with_bias(rows) @ self.coefficients)


class FewShot:
    """P(sentence does the thing), from balanced weighted examples, optionally starting from `prior`. Deterministic."""

    def __init__(
        self, rows: Array, targets: Array, weights: Array, *, ridge: float = 0.5, prior: Linear | None = None
    ) -> None:
        self._rows, self._prior = rows, prior
        kernel = rows @ rows.T
        penalty = np.zeros((len(rows) + 1, len(rows) + 1))
        penalty[:-1, :-1] = ridge * kernel
        start = prior.logits(rows) if prior else 0.0
        self._dual = _newton(_with_bias(kernel), targets, _balanced(targets, weights), penalty, start)

    def probabilities(self, rows: Array) -> Array:
        start = self._prior.logits(rows) if self._prior else 0.0
        return _sigmoid(_with_bias(rows @ self._rows.T) @ self._dual + start)


def _newton(design: Array, targets: Array, weights: Array, penalty: Array, start: Array | float) -> Array:
    """Coefficients of a penalised logistic regression whose logits are offset by `start`."""
    coefficients = np.zeros(design.shape[1])
    for _ in range(_NEWTON_STEPS):
        fitted = _sigmoid(design @ coefficients + start)
        gradient = design.T @ (weights * (fitted - targets)) + penalty @ coefficients
        curvature = design.T @ (design * (weights * fitted * (1 - fitted) + 1e-6)[:, None]) + penalty
        curvature[np.diag_indices(len(curvature))] += 1e-8
        coefficients -= np.linalg.solve(curvature, gradient)
    return coefficients


def _plain_penalty(rows: Array) -> Array:
    penalty = np.eye(rows.shape[1] + 1)
    penalty[-1, -1] = 0.0
    return penalty


def _with_bias(rows: Array) -> Array:
    return np.hstack([rows, np.ones((len(rows), 1))])


def _balanced(targets: Array, weights: Array) -> Array:
    """Both classes weigh the same, so a criterion with many contrasts is not biased towards no."""
    balanced = weights.copy()
    for target in (0.0, 1.0):
        chosen = targets == target
        total = balanced[chosen].sum()
        if total:
            balanced[chosen] *= len(targets) / (2 * total)
    return balanced


def _sigmoid(values: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))
