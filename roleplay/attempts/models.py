"""Attempts, what was said in them, what they cost, and the tickets that open their socket."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roleplay.assignments.models import PracticeSession
from roleplay.ports import Speaker
from roleplay.ports.realtime import UsageKind
from roleplay.scenarios.models import ScenarioVersion
from tenants.db import Model, OrganizationOwned, belongs_to
from tenants.members import Member


class Mode(StrEnum):
    VOICE = "voice"
    TEXT = "text"


class AttemptStatus(StrEnum):
    LIVE = "live"
    ENDED = "ended"
    EVALUATING = "evaluating"
    EVALUATED = "evaluated"
    FAILED = "failed"
    NOT_SCORED = "not_scored"
    DELETED = "deleted"
    """What was said is gone; the row stays, for its number and its usage."""


class EndReason(StrEnum):
    """Who or what ended it."""

    LEARNER = "learner"
    PERSONA = "persona"
    TIME = "time"
    PAUSE = "pause"


class TurnStatus(StrEnum):
    HEARD = "heard"
    INTERRUPTED = "interrupted"
    """The learner spoke over it; the text is the part that was heard."""
    NOT_TRANSCRIBED = "not_transcribed"


class Attempt(OrganizationOwned, Model):
    """`ends_at` is the clock of the call; `epoch` names who may write it: the holder of the newest."""

    __tablename__ = "attempt"
    __table_args__ = (
        belongs_to("member", "member_id"),
        belongs_to("scenario_version", "scenario_version_id"),
        belongs_to("practice_session", "practice_session_id"),
        Index("uq_attempt_live", "organization_id", "member_id", unique=True, postgresql_where="status = 'live'"),
        Index("ix_attempt_live_ends_at", "ends_at", postgresql_where="status = 'live'"),
        Index("ix_attempt_member", "organization_id", "member_id", "started_at"),
        Index("ix_attempt_practice_session", "organization_id", "practice_session_id", "number"),
    )

    member_id: Mapped[UUID]
    scenario_version_id: Mapped[UUID]
    practice_session_id: Mapped[UUID | None]
    number: Mapped[int]
    """Counts from 1 within the practice session."""
    mode: Mapped[Mode] = mapped_column(String(10))
    status: Mapped[AttemptStatus] = mapped_column(String(20), default=AttemptStatus.LIVE)
    engine: Mapped[str | None] = mapped_column(String(80))
    """Who played the persona, as the debrief says it."""
    started_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[EndReason | None] = mapped_column(String(20))
    epoch: Mapped[int] = mapped_column(default=0)
    """0 until the first socket of the attempt opened."""
    seq: Mapped[int] = mapped_column(default=0)
    """Of the last event that a browser was sent before the last commit."""
    paused_at: Mapped[datetime | None]
    paused_ms: Mapped[int] = mapped_column(default=0)
    """Of the pauses that are over."""
    extended: Mapped[bool] = mapped_column(default=False)

    member: Mapped[Member] = relationship(viewonly=True)
    version: Mapped[ScenarioVersion] = relationship(viewonly=True)
    practice_session: Mapped[PracticeSession | None] = relationship(viewonly=True)
    turns: Mapped[list["Turn"]] = relationship(viewonly=True, order_by="Turn.number")


class Turn(OrganizationOwned, Model):
    """One uninterrupted utterance. Times are ms since the attempt started, pauses left out."""

    __tablename__ = "turn"
    __table_args__ = (
        belongs_to("attempt", "attempt_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "attempt_id", "number"),
        UniqueConstraint("organization_id", "attempt_id", "item_id"),
    )

    attempt_id: Mapped[UUID]
    number: Mapped[int]
    item_id: Mapped[str] = mapped_column(String(200))
    """The engine's conversation and item, or the browser's id of a typed turn."""
    speaker: Mapped[Speaker] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[TurnStatus] = mapped_column(String(20))
    started_ms: Mapped[int]
    ended_ms: Mapped[int]
    persona_state: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class AttemptTicket(OrganizationOwned, Model):
    """Opens one socket, once, within seconds. Only the hash of its secret is kept."""

    __tablename__ = "attempt_ticket"
    __table_args__ = (
        belongs_to("attempt", "attempt_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "secret_hash"),
    )

    attempt_id: Mapped[UUID]
    sign_in_id: Mapped[UUID | None] = mapped_column(ForeignKey("sign_in.id", ondelete="CASCADE"))
    """The sign-in it was issued to; the socket closes when that ends."""
    secret_hash: Mapped[str] = mapped_column(String(64))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UsageEntry(OrganizationOwned, Model):
    """What one answer or one transcription cost, in the provider's own units. Cached input is a part of the input."""

    __tablename__ = "usage_entry"
    __table_args__ = (
        belongs_to("attempt", "attempt_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "attempt_id", "provider_ref"),
    )

    attempt_id: Mapped[UUID]
    provider_ref: Mapped[str] = mapped_column(String(200))
    kind: Mapped[UsageKind] = mapped_column(String(20))
    engine: Mapped[str] = mapped_column(String(80))
    text_in: Mapped[int]
    audio_in: Mapped[int]
    cached_in: Mapped[int]
    text_out: Mapped[int]
    audio_out: Mapped[int]
    audio_ms: Mapped[int]
