"""Sign-ins: server-side rows, so that signing out, or losing a seat, ends a browser's access at once.

A cookie or link carries 256 random bits; only their SHA-256 is stored.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, String, select, update
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tenants.clock import now
from tenants.db import Model, PlatformOwned, db
from tenants.identities import Identity

LIFETIME = timedelta(days=14)
IDLE = timedelta(days=3)
LINK_LIFETIME = timedelta(minutes=15)
_TOUCH_EVERY = timedelta(minutes=1)


class Method(StrEnum):
    PASSWORD = "password"  # noqa: S105 - a name, not a secret
    LINK = "link"
    DEMO = "demo"


class SignIn(PlatformOwned, Model):
    __tablename__ = "sign_in"

    identity_id: Mapped[UUID] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    method: Mapped[Method] = mapped_column(String(20))
    user_agent: Mapped[str | None] = mapped_column(String(300))
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    identity: Mapped[Identity] = relationship(lazy="joined", innerjoin=True)


class SignInLink(PlatformOwned, Model):
    """An e-mailed link. Opening it shows a page; only the button on that page uses it up (mail scanners open links)."""

    __tablename__ = "sign_in_link"

    identity_id: Mapped[UUID] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def sign_in(identity: Identity, *, method: Method, user_agent: str | None = None) -> str:
    """Opens a sign-in and returns its secret, which nobody can read again."""
    secret = secrets.token_urlsafe(32)
    at = now()
    db.session.add(
        SignIn(
            identity_id=identity.id,
            secret_hash=digest(secret),
            method=method,
            user_agent=(user_agent or "")[:300] or None,
            last_seen_at=at,
            expires_at=at + LIFETIME,
        )
    )
    return secret


def find_sign_in(secret: str) -> SignIn | None:
    """The live sign-in that this secret opened, marked as seen."""
    at = now()
    found = db.session.scalar(
        select(SignIn).where(
            SignIn.secret_hash == digest(secret),
            SignIn.revoked_at.is_(None),
            SignIn.expires_at > at,
            SignIn.last_seen_at > at - IDLE,
        )
    )
    if found and at - found.last_seen_at > _TOUCH_EVERY:
        found.last_seen_at = at
    return found


def is_live(sign_in_id: UUID) -> bool:
    """Whether a sign-in still holds; open sockets ask every few seconds."""
    query = select(SignIn.id).where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None), SignIn.expires_at > now())
    return db.session.scalar(query) is not None


def sign_out(sign_in_id: UUID) -> None:
    db.session.execute(
        update(SignIn).where(SignIn.id == sign_in_id, SignIn.revoked_at.is_(None)).values(revoked_at=now())
    )


def sign_out_everywhere(identity_id: UUID, *, but: UUID | None = None) -> None:
    """Ends every sign-in of this identity, the one in `but` excepted."""
    ending = update(SignIn).where(SignIn.identity_id == identity_id, SignIn.revoked_at.is_(None))
    if but:
        ending = ending.where(SignIn.id != but)
    db.session.execute(ending.values(revoked_at=now()))


def live_sign_ins(identity_id: UUID) -> list[SignIn]:
    at = now()
    query = select(SignIn).where(
        SignIn.identity_id == identity_id,
        SignIn.revoked_at.is_(None),
        SignIn.expires_at > at,
        SignIn.last_seen_at > at - IDLE,
    )
    return list(db.session.scalars(query.order_by(SignIn.last_seen_at.desc())))


def issue_link(identity: Identity) -> str:
    """A fresh link's secret; links sent before it stop working."""
    at = now()
    db.session.execute(
        update(SignInLink).where(SignInLink.identity_id == identity.id, SignInLink.used_at.is_(None)).values(used_at=at)
    )
    secret = secrets.token_urlsafe(32)
    db.session.add(SignInLink(identity_id=identity.id, secret_hash=digest(secret), expires_at=at + LINK_LIFETIME))
    return secret


def link_is_open(secret: str) -> bool:
    query = select(SignInLink.id).where(
        SignInLink.secret_hash == digest(secret), SignInLink.used_at.is_(None), SignInLink.expires_at > now()
    )
    return db.session.scalar(query) is not None


def use_link(secret: str) -> Identity | None:
    """Uses the link up and returns whose it was; None when it is unknown, used or too old."""
    at = now()
    identity_id = db.session.scalar(
        update(SignInLink)
        .where(SignInLink.secret_hash == digest(secret), SignInLink.used_at.is_(None), SignInLink.expires_at > at)
        .values(used_at=at)
        .returning(SignInLink.identity_id)
    )
    return db.session.get(Identity, identity_id) if identity_id else None
