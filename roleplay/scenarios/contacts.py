"""Contacts: real people to rehearse with. A contact is private to whoever wrote it down, unless it is shared."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Index, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants import audit
from tenants.db import Model, OrganizationOwned, belongs_to, db
from tenants.errors import Forbidden, NotFound
from tenants.members import Member
from tenants.permissions import Permission

LONGEST_NAME = 200
PAGE = 25


class Contact(OrganizationOwned, Model):
    __tablename__ = "contact"
    __table_args__ = (
        belongs_to("member", "created_by_id"),
        Index("ix_contact_creator", "organization_id", "created_by_id"),
    )

    created_by_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    job: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    company: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    notes: Mapped[str] = mapped_column(Text, default="")
    """What is known of the person; it grounds the persona."""
    linkedin_url: Mapped[str | None] = mapped_column(String(300))
    """Kept and shown, never fetched."""
    is_shared: Mapped[bool] = mapped_column(default=False)
    """With the whole organization."""

    created_by: Mapped[Member] = relationship(viewonly=True)


@dataclass(frozen=True, slots=True)
class ContactPage:
    rows: list[Contact]
    total: int
    page: int
    pages: int


def access_contact(member: Member, contact_id: UUID) -> Contact:
    """To look at, and to rehearse with."""
    contact = db.session.scalar(select(Contact).where(Contact.id == contact_id, _visible_to(member)))
    if contact is None:
        raise NotFound
    return contact


def access_to_change(member: Member, contact_id: UUID) -> Contact:
    """Raises `Forbidden` `contact_of_another` for a shared contact that is not the member's to change."""
    contact = access_contact(member, contact_id)
    if not may_change(member, contact):
        raise Forbidden(code="contact_of_another")
    return contact


def may_change(member: Member, contact: Contact) -> bool:
    """Its creator, and authors once it is shared."""
    mine = contact.created_by_id == member.id and member.may(Permission.SESSIONS_CREATE)
    return mine or (contact.is_shared and member.may(Permission.SCENARIOS_AUTHOR))


def list_contacts(member: Member, *, search: str = "", page: int = 1) -> ContactPage:
    """Those that the member may see, by name."""
    query = select(Contact).where(_visible_to(member))
    for word in search.split()[:8]:
        named = func.concat_ws(" ", Contact.name, Contact.job, Contact.company)
        query = query.where(named.icontains(word, autoescape=True))
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    rows = db.session.scalars(
        query.order_by(func.lower(Contact.name), Contact.id).offset((page - 1) * PAGE).limit(PAGE)
    )
    return ContactPage(list(rows), total, page, pages)


def add_contact(*, by: Member, **said: object) -> Contact:
    """`said` holds the columns that a person fills in. Raises `Forbidden` `read_only_seat`."""
    if not by.may(Permission.SESSIONS_CREATE):
        raise Forbidden(code="read_only_seat")
    contact = Contact(created_by_id=by.id, **said)
    db.session.add(contact)
    db.session.flush()
    audit.record("contact.added", by=by, about=contact.id)
    return contact


def change_contact(contact: Contact, *, by: Member, **said: object) -> None:
    for column, value in said.items():
        setattr(contact, column, value)
    audit.record("contact.changed", by=by, about=contact.id)


def delete_contact(contact: Contact, *, by: Member) -> None:
    """Gone for good. Sessions with this person stay, as their learners' own, and keep the persona they met."""
    audit.record("contact.deleted", by=by, about=contact.id)
    db.session.delete(contact)
    db.session.flush()


def _visible_to(member: Member) -> ColumnElement[bool]:
    return (Contact.created_by_id == member.id) | Contact.is_shared
