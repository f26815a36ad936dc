"""Organizations: the tenants. The directory itself (slug, name, parent) is platform data; everything else they own."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, PlatformOwned, db


class OrganizationKind(StrEnum):
    COMPANY = "company"
    TRAINING = "training"
    """A training organization sells programs to client organizations, whose `parent_id` it is."""


class Organization(PlatformOwned, Model):
    __tablename__ = "organization"

    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[OrganizationKind] = mapped_column(String(20), default=OrganizationKind.COMPANY)
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("organization.id"), index=True)
    language: Mapped[str] = mapped_column(String(2), default="en")
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    """Other slugs that API clients know it by."""


def find_organization(slug: str) -> Organization | None:
    return db.session.scalar(select(Organization).where(Organization.slug == slug))


def found_organization(
    *,
    slug: str,
    name: str,
    kind: OrganizationKind = OrganizationKind.COMPANY,
    parent: Organization | None = None,
    language: str = "en",
    time_zone: str = "UTC",
) -> Organization:
    organization = Organization(
        slug=slug,
        name=name,
        kind=kind,
        parent_id=parent.id if parent else None,
        language=language,
        time_zone=time_zone,
    )
    db.session.add(organization)
    db.session.flush()
    return organization
