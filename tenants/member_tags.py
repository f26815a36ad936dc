"""Tags on members: how teams and segments are named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Index, Select, UniqueConstraint, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped

from tenants import audit
from tenants.db import Model, OrganizationOwned, belongs_to, db
from tenants.identities import Identity
from tenants.members import Member, active_members
from tenants.permissions import Role
from tenants.tags import Tag, tags_named

MOST_TAGS = 20
"""On one member."""


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


@dataclass(frozen=True, slots=True)
class TaggedMember:
    id: UUID
    name: str
    email: str
    role: Role
    tags: tuple[str, ...]


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


def list_tagged(*, search: str = "", tag: str = "", limit: int, offset: int = 0) -> list[TaggedMember]:
    """Active members by name, each with their tags, in two queries."""
    page = _active(search, tag).order_by(func.lower(Identity.name), Member.id).limit(limit).offset(offset)
    members = db.session.scalars(page).all()
    tags = tags_on([member.id for member in members])
    return [TaggedMember(each.id, each.name, each.email, Role(each.role), tuple(tags[each.id])) for each in members]


def count_tagged(*, search: str = "", tag: str = "") -> int:
    return db.session.scalar(select(func.count()).select_from(_active(search, tag).subquery())) or 0


def tags_on(member_ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The names of the tags of each member."""
    found: dict[UUID, list[str]] = {member_id: [] for member_id in member_ids}
    query = (
        select(MemberTag.member_id, Tag.name)
        .join(Tag, (Tag.organization_id == MemberTag.organization_id) & (Tag.id == MemberTag.tag_id))
        .where(MemberTag.member_id.in_(member_ids))
        .order_by(func.lower(Tag.name))
    )
    for member_id, name in db.session.execute(query):
        found[member_id].append(name)
    return found


def retag_member(member: Member, names: Iterable[str], *, by: Member) -> None:
    """Gives the member exactly these tags; new names become tags of the organization."""
    wanted = tags_named(names)[:MOST_TAGS]
    theirs = MemberTag.member_id == member.id
    db.session.execute(delete(MemberTag).where(theirs, MemberTag.tag_id.not_in(wanted)))
    rows = [{"member_id": member.id, "tag_id": tag_id} for tag_id in wanted]
    if rows:
        db.session.execute(insert(MemberTag).values(rows).on_conflict_do_nothing())
    audit.record("member.tagged", by=by, about=member.id, tags=len(wanted))


def untag_members(members: Sequence[Member], name: str, *, by: Member) -> None:
    """Takes the tag of this name from each of them."""
    tag_id = db.session.scalar(select(Tag.id).where(func.lower(Tag.name) == name.lower()))
    if tag_id and members:
        carried = MemberTag.member_id.in_([member.id for member in members])
        db.session.execute(delete(MemberTag).where(MemberTag.tag_id == tag_id, carried))
        audit.record("members.untagged", by=by, about=tag_id, members=len(members))


def _active(search: str, tag: str) -> Select[Member]:
    query = active_members(search)
    if tag:
        carriers = (
            select(MemberTag.member_id)
            .join(Tag, (Tag.organization_id == MemberTag.organization_id) & (Tag.id == MemberTag.tag_id))
            .where(func.lower(Tag.name) == tag.lower())
        )
        query = query.where(Member.id.in_(carriers))
    return query
