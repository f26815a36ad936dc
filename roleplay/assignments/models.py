"""Who practises what: a scenario given to members, and practice sessions, the rows of a learner's to-do list."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roleplay.scenarios.content import LONGEST_LINE, ScenarioType
from roleplay.scenarios.models import ScenarioVersion
from tenants.clock import now
from tenants.db import Model, OrganizationOwned, belongs_to
from tenants.members import Member


class Assignment(OrganizationOwned, Model):
    """A scenario given to members; one for each scenario."""

    __tablename__ = "assignment"
    __table_args__ = (
        belongs_to("scenario", "scenario_id"),
        belongs_to("member", "created_by_id"),
        UniqueConstraint("organization_id", "scenario_id"),
    )

    scenario_id: Mapped[UUID]
    created_by_id: Mapped[UUID]
    sessions_per_week: Mapped[int | None]
    instructions: Mapped[str | None] = mapped_column(Text)
    """Shown to whoever joins a session."""
    opened_week: Mapped[date | None]
    """The last week, by its Monday, whose sessions were made for everybody."""


class Participant(OrganizationOwned, Model):
    """One member in an assignment."""

    __tablename__ = "participant"
    __table_args__ = (
        belongs_to("assignment", "assignment_id", ondelete="CASCADE"),
        belongs_to("member", "member_id"),
        belongs_to("member", "invited_by_id"),
        UniqueConstraint("organization_id", "assignment_id", "member_id"),
        Index("ix_participant_member", "organization_id", "member_id"),
    )

    assignment_id: Mapped[UUID]
    member_id: Mapped[UUID]
    invited_by_id: Mapped[UUID]
    joined_at: Mapped[datetime] = mapped_column(default=now)
    """Of the last invitation, for somebody who was removed in between."""
    removed_at: Mapped[datetime | None]
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    """Counts the changes to the entries in the participant's calendar, which believes the newest."""

    member: Mapped[Member] = relationship(
        viewonly=True, foreign_keys="[Participant.organization_id, Participant.member_id]"
    )


class NoticeKind(StrEnum):
    INVITATION = "invitation"
    BEFORE = "before"
    """The deadline comes near."""
    AFTER = "after"
    """The deadline has passed."""
    MOVED = "moved"
    """There is another deadline."""
    LIFTED = "lifted"
    """There is no deadline any more."""
    REMOVED = "removed"
    """The participant was taken out while a deadline was still to come."""


class Notice(OrganizationOwned, Model):
    """One e-mail to a participant; the row is what keeps it from going out twice."""

    __tablename__ = "notice"
    __table_args__ = (
        belongs_to("participant", "participant_id", ondelete="CASCADE"),
        UniqueConstraint("organization_id", "participant_id", "kind", "due_on", name="uq_notice_kind"),
    )

    participant_id: Mapped[UUID]
    kind: Mapped[NoticeKind] = mapped_column(String(20))
    due_on: Mapped[date]
    """The day of the deadline that it is about; for an invitation the day on which the participant joined."""
    week: Mapped[date | None]
    """Of the sessions that a removed participant had; None without a rhythm."""
    sent_at: Mapped[datetime | None]

    participant: Mapped[Participant] = relationship(viewonly=True)


class PracticeSession(OrganizationOwned, Model):
    __tablename__ = "practice_session"
    __table_args__ = (
        belongs_to("member", "member_id"),
        belongs_to("member", "created_by_id"),
        belongs_to("scenario_version", "scenario_version_id"),
        belongs_to("assignment", "assignment_id"),
        UniqueConstraint(
            "organization_id", "assignment_id", "member_id", "week", "ordinal", name="uq_practice_session_week"
        ),
        Index("ix_practice_session_member", "organization_id", "member_id", "created_at"),
        Index("ix_practice_session_version", "organization_id", "scenario_version_id"),
        Index("ix_practice_session_created", "organization_id", "created_at", "id"),
        Index("ix_practice_session_open", "deadline_at", postgresql_where="attempt_count = 0"),
    )

    member_id: Mapped[UUID]
    created_by_id: Mapped[UUID]
    scenario_version_id: Mapped[UUID]
    assignment_id: Mapped[UUID | None]
    """None for one's own practice."""
    week: Mapped[date | None]
    """The Monday of the week that it is for, in the organization's time zone; None without a rhythm."""
    ordinal: Mapped[int | None]
    """Counts from 1 within the week."""
    name: Mapped[str] = mapped_column(String(LONGEST_LINE))
    type: Mapped[ScenarioType | None] = mapped_column(String(30))
    """With the persona: of the version, so that a list of sessions needs no text."""
    persona_name: Mapped[str] = mapped_column(String(LONGEST_LINE), default="")
    is_private: Mapped[bool] = mapped_column(default=True)
    """Private practice is seen by its owner alone; assigned practice also by those who follow it."""
    deadline_at: Mapped[datetime | None]
    begun_at: Mapped[datetime | None]
    """Of the first attempt; None while the session is untouched."""
    attempt_count: Mapped[int] = mapped_column(default=0)
    """Attempts that have ended and were not deleted."""

    version: Mapped[ScenarioVersion] = relationship(viewonly=True, lazy="joined", innerjoin=True)
    assignment: Mapped[Assignment | None] = relationship(viewonly=True)

    @property
    def status(self) -> "SessionStatus":
        return status_of(self.attempt_count, self.deadline_at)


class SessionStatus(StrEnum):
    TO_DO = "to_do"
    COMPLETED = "completed"
    OVERDUE = "overdue"


def status_of(attempts: int, deadline_at: datetime | None) -> SessionStatus:
    """Completed with at least one attempt; else overdue once the deadline has passed; else to do."""
    if attempts:
        return SessionStatus.COMPLETED
    return SessionStatus.OVERDUE if deadline_at and deadline_at < now() else SessionStatus.TO_DO


def session_of(version: ScenarioVersion, *, name: str | None = None) -> PracticeSession:
    """A session of this version, which says of it what a list shows."""
    return PracticeSession(
        scenario_version_id=version.id,
        name=name or version.title,
        type=version.type,
        persona_name=version.text["persona"]["name"],
    )
