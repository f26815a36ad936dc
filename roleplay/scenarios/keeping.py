"""What an organization keeps for its scenarios: people to meet, and ways to evaluate. Each is known by its name in a
language. Taking one into a scenario copies it, so that a later change or deletion reaches no scenario and no attempt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from pydantic import ValidationError
from sqlalchemy import String, UniqueConstraint, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from roleplay.scenarios.cards import Card, PersonaCard, TemplateCard
from roleplay.scenarios.content import LONGEST_LINE
from roleplay.scenarios.validity import said
from tenants import audit
from tenants.db import Model, OrganizationOwned, belongs_to, db
from tenants.errors import Conflict, Forbidden, Invalid, NotFound
from tenants.members import Member
from tenants.permissions import Permission

MOST_KEPT = 200
"""Of each kind, in an organization."""


class Kept(OrganizationOwned, Model):
    __abstract__ = True
    noun: ClassVar[str]
    reads: ClassVar[type[Card]]

    name: Mapped[str] = mapped_column(String(LONGEST_LINE))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[dict[str, Any]]
    """A Card as JSON."""
    created_by_id: Mapped[UUID | None]


class KeptPersona(Kept):
    __tablename__ = "kept_persona"
    __table_args__ = (
        belongs_to("member", "created_by_id"),
        UniqueConstraint("organization_id", "language", "name", name="uq_kept_persona_name"),
    )
    noun = "persona"
    reads = PersonaCard

    @property
    def card(self) -> PersonaCard:
        return PersonaCard.model_validate(self.text)


class EvaluationTemplate(Kept):
    __tablename__ = "evaluation_template"
    __table_args__ = (
        belongs_to("member", "created_by_id"),
        UniqueConstraint("organization_id", "language", "name", name="uq_evaluation_template_name"),
    )
    noun = "evaluation_template"
    reads = TemplateCard

    @property
    def card(self) -> TemplateCard:
        return TemplateCard.model_validate(self.text)


AnyKept = TypeVar("AnyKept", bound=Kept)


class HereAlready(Conflict):
    """Others of these names are kept here, and say something else."""

    code = "here_already"

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__()
        self.names = names


class ShelfFull(Conflict):
    code = "shelf_full"


@dataclass(frozen=True, slots=True)
class Taken:
    added: int
    replaced: int
    unchanged: int


def kept(kind: type[AnyKept], *, language: str | None = None) -> list[AnyKept]:
    """By name; those of one language, or all."""
    query = select(kind).order_by(func.lower(kind.name), kind.language)
    return list(db.session.scalars(query.where(kind.language == language) if language else query))


def access_kept(member: Member, kind: type[AnyKept], kept_id: UUID, *, to: Permission) -> AnyKept:
    """`NotFound` for whoever may not see it; `Forbidden` `authors_only` for whoever sees it and may not do this."""
    row = db.session.scalar(select(kind).where(kind.id == kept_id))
    if row is None or not member.may(Permission.SCENARIOS_READ):
        raise NotFound
    if not member.may(to):
        raise Forbidden(code="authors_only")
    return row


def persona_in(text: Mapping[str, Any]) -> PersonaCard:
    """Of a draft. Raises `Invalid` `persona_incomplete`."""
    parts = said(text)
    try:
        return PersonaCard.model_validate(
            {"language": parts.get("language"), "opening": parts.get("opening"), "persona": parts["persona"]}
        )
    except ValidationError as error:
        raise Invalid(code="persona_incomplete") from error


def template_in(text: Mapping[str, Any]) -> TemplateCard:
    """What a draft tells the judge, under its title. Raises `Invalid` `no_instructions`."""
    parts = said(text)
    instructions = parts.get("evaluation_instructions")
    try:
        return TemplateCard.model_validate(
            {"language": parts.get("language"), "name": parts.get("title"), "instructions": instructions}
        )
    except ValidationError as error:
        raise Invalid(code="no_instructions") from error


def people_to_take(language: str, ecosystem: str | None, vertical: str | None) -> list[KeptPersona]:
    """Who speaks this language and comes from there, for whoever writes a scenario or a session of their own."""
    return [
        row
        for row in kept(KeptPersona, language=language)
        if ecosystem in {None, row.card.persona.ecosystem} and vertical in {None, row.card.persona.vertical}
    ]


def access_to_take(member: Member, kind: type[AnyKept], kept_id: UUID) -> AnyKept:
    """For a copy in a text of one's own. `NotFound` for whoever writes none."""
    row = db.session.scalar(select(kind).where(kind.id == kept_id))
    if row is None or not (member.may(Permission.SESSIONS_CREATE) or member.may(Permission.SCENARIOS_AUTHOR)):
        raise NotFound
    return row


def keep(kind: type[AnyKept], cards: Sequence[Card], *, by: Member, replace: bool = False) -> Taken:
    """All of them or, when it raises, none: `HereAlready` unless those of the same name may be replaced,
    `ShelfFull`."""
    here = {(row.language, row.name): row for row in kept(kind)}
    same = [card for card in cards if _key(card) in here and here[_key(card)].text == _text(card)]
    other = [card for card in cards if _key(card) in here and card not in same]
    new = [card for card in cards if _key(card) not in here]
    if other and not replace:
        raise HereAlready([card.called for card in other])
    if len(here) + len(new) > MOST_KEPT:
        raise ShelfFull
    _add(kind, new, by=by)
    for card in other:
        here[_key(card)].text = _text(card)
        audit.record(f"{kind.noun}.replaced", by=by, about=here[_key(card)].id)
    return Taken(added=len(new), replaced=len(other), unchanged=len(same))


def _add(kind: type[AnyKept], cards: Sequence[Card], *, by: Member) -> None:
    rows = [kind(name=card.called, language=card.language, text=_text(card), created_by_id=by.id) for card in cards]
    try:
        with db.session.begin_nested():
            db.session.add_all(rows)
    except IntegrityError as error:
        raise HereAlready([card.called for card in cards]) from error
    for row in rows:
        audit.record(f"{kind.noun}.kept", by=by, about=row.id)


def _key(card: Card) -> tuple[str, str]:
    return card.language, card.called


def _text(card: Card) -> dict[str, Any]:
    return card.model_dump(mode="json", exclude_none=True)


def forget(row: Kept, *, by: Member) -> None:
    """Gone for good. The scenarios it was taken into have a copy."""
    audit.record(f"{row.noun}.deleted", by=by, about=row.id)
    db.session.delete(row)
    db.session.flush()
