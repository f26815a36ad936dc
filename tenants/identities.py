"""Identities: one human by verified e-mail, across organizations, and the password that may go with it."""

from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from tenants.db import Model, PlatformOwned, db
from tenants.errors import Invalid

_hasher = PasswordHasher()
_unknown = _hasher.hash("compared with when there is no such identity, so that both answers take as long")

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200


class Identity(PlatformOwned, Model):
    __tablename__ = "identity"

    email: Mapped[str] = mapped_column(String(320), unique=True)
    """Always lower case."""
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(200))
    language: Mapped[str | None] = mapped_column(String(2))
    """Of the interface; the scenario's and the feedback's are settings of their own. None follows the browser."""
    time_zone: Mapped[str | None] = mapped_column(String(64))
    password_changed_at: Mapped[datetime | None]


def find_identity(email: str) -> Identity | None:
    return db.session.scalar(select(Identity).where(Identity.email == func.lower(email.strip())))


def register_identity(*, email: str, name: str, language: str | None = None, time_zone: str | None = None) -> Identity:
    identity = Identity(email=email.strip().lower(), name=name, language=language, time_zone=time_zone)
    db.session.add(identity)
    db.session.flush()
    return identity


def set_password(identity: Identity, password: str, *, at: datetime) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Invalid(code="password_length", field="password")
    identity.password_hash = _hasher.hash(password)
    identity.password_changed_at = at


def check_password(email: str, password: str) -> Identity | None:
    """The identity when the password is right. An unknown e-mail costs as much time as a wrong password."""
    identity = find_identity(email)
    try:
        _hasher.verify(identity.password_hash if identity and identity.password_hash else _unknown, password)
    except VerificationError:
        return None
    return identity if identity and identity.password_hash else None
