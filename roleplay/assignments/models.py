"""Who practises what: a scenario given to members, and practice sessions, the rows of a learner's to-do list."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roleplay.scenarios.models import ScenarioVersion
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
    removed_at: Mapped[datetime | None]

    member: Mapped[Member] = relationship(
        viewonly=True, foreign_keys="[Participant.organization_id, Participant.member_id]"
    )


class PracticeSession(OrganizationOwned, Model):
    __tablename__ = "practice_session"
    __table_args__ = (
        belongs_to("member", "member_id"),
        belongs_to("member", "created_by_id"),
        belongs_to("scenario_version", "scenario_version_id"),
        Index("ix_practice_session_member", "organization_id", "member_id", "created_at"),
        Index("ix_practice_session_version", "organization_id", "scenario_version_id"),
    )

    member_id: Mapped[UUID]
    created_by_id: Mapped[UUID]
    scenario_version_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(600))
    is_private: Mapped[bool] = mapped_column(default=True)
    """Private practice is seen by its owner alone; assigned practice also by those who follow it."""
    deadline_at: Mapped[datetime | None]

    version: Mapped[ScenarioVersion] = relationship(viewonly=True, lazy="joined", innerjoin=True)
