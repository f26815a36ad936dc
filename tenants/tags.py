"""Tags: labels that people put on things. One list for each organization; no two differ by case alone."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Index, String, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, OrganizationOwned, db

LONGEST_TAG = 60


class Tag(OrganizationOwned, Model):
    __tablename__ = "tag"
    __table_args__ = (Index("uq_tag_name", "organization_id", text("lower(name)"), unique=True),)

    name: Mapped[str] = mapped_column(String(LONGEST_TAG))


def list_tags() -> list[Tag]:
    return list(db.session.scalars(select(Tag).order_by(func.lower(Tag.name))))


def tags_named(names: Iterable[str]) -> list[UUID]:
    """The ids of the tags of these names; those that nobody has used yet are made. Blanks and doubles fall away."""
    wanted: dict[str, str] = {}
    for name in names:
        if short := " ".join(name.split())[:LONGEST_TAG].strip():
            wanted.setdefault(short.lower(), short)
    if not wanted:
        return []
    db.session.execute(insert(Tag).values([{"name": name} for name in wanted.values()]).on_conflict_do_nothing())
    return list(db.session.scalars(select(Tag.id).where(func.lower(Tag.name).in_(wanted))))
