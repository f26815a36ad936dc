"""Ready-made people to start from, by ecosystem and vertical: one YAML file for each language."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from roleplay.scenarios.content import Line, Persona, Slug

SHELF = Path(__file__).parent / "personas"


class ReadyPersona(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    key: Slug
    line: Line
    """One sentence that makes an author want to meet them."""
    opening: Line
    persona: Persona

    def as_text(self, *, opening: str | None) -> dict[str, Any]:
        """For a draft; first words that the author has written stay."""
        return {"opening": opening or self.opening, "persona": self.persona.model_dump(mode="json")}


@cache
def shelf() -> dict[str, tuple[ReadyPersona, ...]]:
    """Everybody, by language."""
    return {path.stem: _load(path) for path in sorted(SHELF.glob("*.yaml"))}


def _load(path: Path) -> tuple[ReadyPersona, ...]:
    return tuple(ReadyPersona.model_validate(each) for each in yaml.safe_load(path.read_text("utf-8")))


def people(language: str) -> tuple[ReadyPersona, ...]:
    return shelf().get(language) or shelf()["en"]


def matching(language: str, ecosystem: str | None, vertical: str | None) -> list[ReadyPersona]:
    return [
        ready
        for ready in people(language)
        if ecosystem in {None, ready.persona.ecosystem} and vertical in {None, ready.persona.vertical}
    ]


def find(key: str, language: str) -> ReadyPersona | None:
    return next((ready for ready in people(language) if ready.key == key), None)
