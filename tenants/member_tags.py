"""Tags on members: how teams and segments are named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from tenants import audit
from tenants.db import Model, OrganizationOwned, belongs_to, db
from tenants.members import Member
from tenants.tags import Tag, tags_named


class MemberTag(OrganizationOwned, Model):
    __tablename__ = "member_tag"
    __table_args__ = (
        belongs_to("member", "member_id"),
        belongs_to("tag", "tag_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "member_id", "tag_id"),
        Index("ix_member_tag_tag", "organization_id", "tag_id"),
    )

    member_id: Mapped[UUID]
    tag_id: Mapped[UUID]


@dataclass(frozen=True, slots=True)
class Team:
    """A tag that members carry."""

    tag_id: UUID
    name: str
    size: int


def tag_members(members: Sequence[Member], name: str, *, by: Member) -> None:
    """Gives each of them the tag of this name, which is made when there is none."""
    for tag_id in tags_named([name]):
        rows = [{"member_id": member.id, "tag_id": tag_id} for member in members]
        if rows:
            db.session.execute(insert(MemberTag).values(rows).on_conflict_do_nothing())
            audit.record("members.tagged", by=by, about=tag_id, members=len(rows))


def list_teams() -> list[Team]:
    """The tags that active members carry, with how many do."""
    query = (
        select(Tag.id, Tag.name, func.count())
        .join(MemberTag, (MemberTag.organization_id == Tag.organization_id) & (MemberTag.tag_id == Tag.id))
        .join(Member, (Member.organization_id == MemberTag.organization_id) & (Member.id == MemberTag.member_id))
        .where(Member.deactivated_at.is_(None))
        .group_by(Tag.organization_id, Tag.id)
        .order_by(func.lower(Tag.name))
    )
    return [Team(*row) for row in db.session.execute(query)]


def members_of_teams(tag_ids: Iterable[UUID]) -> list[UUID]:
    """The ids of the active members who carry at least one of these tags."""
    query = (
        select(MemberTag.member_id)
        .join(Member, (Member.organization_id == MemberTag.organization_id) & (Member.id == MemberTag.member_id))
        .where(MemberTag.tag_id.in_(list(tag_ids)), Member.deactivated_at.is_(None))
    )
    return list(db.session.scalars(query.distinct()))
