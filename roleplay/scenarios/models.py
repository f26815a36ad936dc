"""Scenarios, their drafts and their versions. A version is frozen: an attempt keeps the text that it used."""

import hashlib
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Computed, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roleplay.scenarios.content import LONGEST_LINE, ScenarioContent, ScenarioType
from tenants.db import Model, OrganizationOwned, belongs_to
from tenants.members import Member


class Scenario(OrganizationOwned, Model):
    __tablename__ = "scenario"
    __table_args__ = (
        belongs_to("member", "created_by_id"),
        belongs_to("contact", "contact_id", ondelete="SET NULL (contact_id)"),
        Index("ix_scenario_contact", "organization_id", "contact_id"),
        Index("uq_scenario_library_slug", "organization_id", "library_slug", unique=True),
        Index("ix_scenario_created", "organization_id", "created_at"),
    )

    title: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    """With type and persona: of the version in use, before the first one of the draft; so that lists need no text."""
    type: Mapped[ScenarioType | None] = mapped_column(String(30))
    persona_name: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")

    library_slug: Mapped[str | None] = mapped_column(String(80))
    """The library file it was stocked from, language included; None when somebody wrote it here."""
    created_by_id: Mapped[UUID | None]
    is_personal: Mapped[bool] = mapped_column(default=False)
    """Written for one's own practice: in no list of scenarios, and seen by its writer alone."""
    contact_id: Mapped[UUID | None]
    """Whom a personal scenario rehearses, when it began from a contact."""
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    """Gone from every list; attempts, their versions and their debriefs stay."""
    version_number: Mapped[int] = mapped_column(default=0)
    """Of the version in use, 0 before there is one. A version that was only tested can be newer."""

    versions: Mapped[list["ScenarioVersion"]] = relationship(viewonly=True, order_by="ScenarioVersion.number")
    draft: Mapped["ScenarioDraft | None"] = relationship(viewonly=True)
    created_by: Mapped[Member | None] = relationship(viewonly=True)

    @property
    def is_from_library(self) -> bool:
        return self.library_slug is not None

    @property
    def is_in_catalog(self) -> bool:
        return self.published_at is not None and self.archived_at is None and self.deleted_at is None


SEARCHED = (
    "title || ' ' || coalesce(text ->> 'summary', '') || ' ' || coalesce(text #>> '{persona,name}', '') "
    "|| ' ' || coalesce(text #>> '{persona,job}', '')"
)


class ScenarioVersion(OrganizationOwned, Model):
    __tablename__ = "scenario_version"
    __table_args__ = (
        belongs_to("scenario", "scenario_id"),
        UniqueConstraint("organization_id", "scenario_id", "number"),
    )

    scenario_id: Mapped[UUID]
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(600))
    type: Mapped[ScenarioType] = mapped_column(String(30))
    language: Mapped[str] = mapped_column(String(2))
    text: Mapped[dict[str, Any]]
    """A ScenarioContent as JSON."""
    searched: Mapped[str] = mapped_column(Text, Computed(SEARCHED, persisted=True), deferred=True)
    """What a search of the catalog looks at. The text is large, and to look into it is to unpack all of it."""
    digest: Mapped[str] = mapped_column(String(64))

    scenario: Mapped[Scenario] = relationship(viewonly=True)

    @cached_property
    def content(self) -> ScenarioContent:
        return ScenarioContent.model_validate(self.text)


class ScenarioDraft(OrganizationOwned, Model):
    """What authors have written so far, step by step; it need not be complete."""

    __tablename__ = "scenario_draft"
    __table_args__ = (
        belongs_to("scenario", "scenario_id"),
        UniqueConstraint("organization_id", "scenario_id"),
    )

    scenario_id: Mapped[UUID]
    text: Mapped[dict[str, Any]]
    """A ScenarioContent as JSON, as far as it goes."""
    member_ids: Mapped[list[Any]]
    """Of the members to invite once the scenario starts."""
    revision: Mapped[int] = mapped_column(default=0)
    saves: Mapped[list[Any]]
    """The last saves, newest last: [revision, step, member id, time]. They tell whose work a later save would undo."""


class ScenarioTag(OrganizationOwned, Model):
    __tablename__ = "scenario_tag"
    __table_args__ = (
        belongs_to("scenario", "scenario_id"),
        belongs_to("tag", "tag_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "scenario_id", "tag_id"),
        Index("ix_scenario_tag_tag", "organization_id", "tag_id"),
    )

    scenario_id: Mapped[UUID]
    tag_id: Mapped[UUID]


def digest_of(content: ScenarioContent) -> str:
    return hashlib.sha256(content.model_dump_json().encode()).hexdigest()
