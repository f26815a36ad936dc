"""What an organization keeps for its scenarios, as a file and a row say it: people to meet, and ways to evaluate."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from roleplay.scenarios.content import Language, Line, Persona, Text


class Card(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Language

    @property
    def called(self) -> str:
        raise NotImplementedError


class PersonaCard(Card):
    """A person with their first words, ready to be taken into a scenario of the same language."""

    line: Line | None = None
    """One sentence that makes an author want to meet them."""
    opening: Line
    persona: Persona

    @property
    def called(self) -> str:
        return self.persona.name

    def as_text(self, *, opening: str | None = None) -> dict[str, Any]:
        """For a draft; first words that the author has written stay."""
        return {"opening": opening or self.opening, "persona": self.persona.model_dump(mode="json")}


class TemplateCard(Card):
    """Instructions to the judge that several scenarios share."""

    name: Line
    description: Line | None = None
    """What it looks at, in one sentence."""
    instructions: Text

    def below(self, written: str | None) -> str:
        """These instructions after those that an author has written, of which nothing is lost."""
        known = (written or "").strip()
        return known if self.instructions in known else f"{known}\n\n{self.instructions}".strip()

    @property
    def called(self) -> str:
        return self.name
