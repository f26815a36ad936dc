"""The lines and training sentences that every scenario of a language shares.

A language without a bank file gets empty pools: its personas then speak only from their scenario's own texts.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

import yaml

Pools = Mapping[str, tuple[str, ...]]


@cache
def lines_of(language: str) -> Pools:
    """Persona lines by move."""
    return _pools(f"bank.{language}.yaml")


@cache
def tones_of(language: str) -> Pools:
    """Learner sentences under `opens`, `closes`, `neutral` and `off_topic`; English ones teach every language, because
    the sentence vectors are multilingual."""
    own = _pools(f"tones.{language}.yaml")
    return own or _pools("tones.en.yaml")


def _pools(name: str) -> Pools:
    file = files("roleplay.embedded") / name
    if not file.is_file():
        return MappingProxyType({})
    loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    return MappingProxyType({move: tuple(lines) for move, lines in loaded.items()})
