"""Members: an identity inside one organization, with a role."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, Select, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.db import Model, OrganizationOwned, db
from tenants.identities import Identity
from tenants.permissions import FULL_SEAT, PERMISSIONS, Permission, Role, Seat


class Member(OrganizationOwned, Model):
    __tablename__ = "member"
    __table_args__ = (Index("uq_member_identity", "organization_id", "identity_id", unique=True),)

    identity_id: Mapped[UUID] = mapped_column(ForeignKey("identity.id"), index=True)
    role: Mapped[Role] = mapped_column(String(20))
    seat: Mapped[Seat] = mapped_column(String(20), default=Seat.FULL)
    deactivated_at: Mapped[datetime | None]
    preferences: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """How this member likes the room: captions, patience in ms, untimed accommodation."""

    identity: Mapped[Identity] = relationship(viewonly=True, lazy="joined", innerjoin=True)

    @property
    def name(self) -> str:
        return self.identity.name

    @property
    def email(self) -> str:
        return self.identity.email

    def may(self, permission: Permission) -> bool:
        if self.deactivated_at or (self.seat == Seat.READ_ONLY and permission in FULL_SEAT):
            return False
        return permission in PERMISSIONS[Role(self.role)]


@dataclass(frozen=True, slots=True)
class Membership:
    """One place a person can go after signing in."""

    organization_id: UUID
    slug: str
    name: str
    role: Role


def find_member(identity_id: UUID) -> Member | None:
    """The active member that this identity is in the organization of the scope."""
    return db.session.scalar(select(Member).where(Member.identity_id == identity_id, Member.deactivated_at.is_(None)))


def add_member(identity: Identity, *, role: Role, seat: Seat = Seat.FULL) -> Member:
    member = Member(identity_id=identity.id, role=role, seat=seat, preferences={})
    db.session.add(member)
    db.session.flush()
    return member


def list_members(*, search: str = "", without: Sequence[Select[UUID] | list[UUID]] = (), limit: int) -> list[Member]:
    """Active members by name, but for those whose ids are in `without`; `search` looks for each word in name and
    e-mail."""
    query = active_members(search).where(*(Member.id.not_in(ids) for ids in without))
    return list(db.session.scalars(query.order_by(func.lower(Identity.name), Member.id).limit(limit)))


def active_members(search: str = "") -> Select[Member]:
    """Joined with who they are."""
    query = select(Member).join(Identity, Identity.id == Member.identity_id)
    return query.where(Member.deactivated_at.is_(None), *named(search))


def named(search: str) -> list[ColumnElement[bool]]:
    """One condition for each word, which is somewhere in the name or the e-mail."""
    return [
        Identity.name.icontains(word, autoescape=True) | Identity.email.icontains(word, autoescape=True)
        for word in search.split()[:8]
    ]


def members_with(ids: Iterable[UUID]) -> list[Member]:
    """The active ones among these, by name."""
    query = select(Member).join(Identity, Identity.id == Member.identity_id)
    known = query.where(Member.id.in_(list(ids)), Member.deactivated_at.is_(None))
    return list(db.session.scalars(known.order_by(func.lower(Identity.name), Member.id)))


def names_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """The names of members, those who left included."""
    query = select(Member.id, Identity.name).join(Identity, Identity.id == Member.identity_id)
    return {row.id: row.name for row in db.session.execute(query.where(Member.id.in_(list(ids))))}


def set_preferences(member: Member, **preferences: object) -> None:
    member.preferences = {**member.preferences, **preferences}


def memberships_of(identity_id: UUID) -> list[Membership]:
    """Where this identity is an active member: the one question that crosses organizations, answered by a database
    function that returns nothing but the directory's words (see `docs/tenancy.md`)."""
    rows = db.session.execute(text("select * from memberships_of(:identity)"), {"identity": identity_id})
    return [Membership(row.organization_id, row.slug, row.name, Role(row.role)) for row in rows]
