"""Scenarios and their versions. A version is frozen: an attempt keeps the text that it used."""

import hashlib
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roleplay.scenarios.content import ScenarioContent, ScenarioType
from tenants.db import Model, OrganizationOwned, belongs_to


class Scenario(OrganizationOwned, Model):
    __tablename__ = "scenario"
    __table_args__ = (
        belongs_to("member", "created_by_id"),
        Index("uq_scenario_library_slug", "organization_id", "library_slug", unique=True),
    )

    library_slug: Mapped[str | None] = mapped_column(String(80))
    """The library file it was stocked from, language included; None when somebody wrote it here."""
    created_by_id: Mapped[UUID | None]
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    version_number: Mapped[int] = mapped_column(default=0)
    """Of the newest version."""

    versions: Mapped[list["ScenarioVersion"]] = relationship(viewonly=True, order_by="ScenarioVersion.number")


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
    digest: Mapped[str] = mapped_column(String(64))

    @cached_property
    def content(self) -> ScenarioContent:
        return ScenarioContent.model_validate(self.text)


def digest_of(content: ScenarioContent) -> str:
    return hashlib.sha256(content.model_dump_json().encode()).hexdigest()
