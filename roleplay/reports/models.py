"""What reports keep: practice that was counted, files that were asked for, and who wants a report by e-mail."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tenants.clock import now
from tenants.db import Model, OrganizationOwned, belongs_to


class UsageCount(OrganizationOwned, Model):
    """The last count of an organization's practice; the five tables after it are what it counted."""

    __tablename__ = "usage_count"
    __table_args__ = (UniqueConstraint("organization_id"),)

    counted_at: Mapped[datetime]
    until: Mapped[datetime]
    """What began, or was due, before this instant is counted."""
    zone: Mapped[str] = mapped_column(String(64))
    """Whose weeks they are: in another time zone nothing is counted yet."""
    weeks: Mapped[dict[str, Any]]
    """The sums of each week, by its Monday: the columns of `Counts` in their order, then how many people practised."""


class Counts:
    """What is added up of practice."""

    attempts: Mapped[int]
    sessions: Mapped[int]
    seconds: Mapped[int]
    scored: Mapped[int]
    score_sum: Mapped[int]
    assigned: Mapped[int]
    completed: Mapped[int]


class UsageWeek(Counts, OrganizationOwned, Model):
    """What one member did with one scenario in a week. Private practice has no score here."""

    __tablename__ = "usage_week"
    __table_args__ = (
        belongs_to("member", "member_id"),
        belongs_to("scenario", "scenario_id"),
        UniqueConstraint("organization_id", "week", "member_id", "scenario_id", "is_private"),
    )

    week: Mapped[date]
    """Its Monday, in the time zone of the organization."""
    member_id: Mapped[UUID]
    scenario_id: Mapped[UUID]
    is_private: Mapped[bool]


class ScenarioWeek(Counts, OrganizationOwned, Model):
    """`UsageWeek` of all members together."""

    __tablename__ = "scenario_week"
    __table_args__ = (
        belongs_to("scenario", "scenario_id"),
        UniqueConstraint("organization_id", "week", "scenario_id", "is_private"),
    )

    week: Mapped[date]
    scenario_id: Mapped[UUID]
    is_private: Mapped[bool]


class MemberPeriod(Counts, OrganizationOwned, Model):
    """`UsageWeek` of all scenarios together, over one of the periods that a report offers."""

    __tablename__ = "member_period"
    __table_args__ = (
        belongs_to("member", "member_id"),
        UniqueConstraint("organization_id", "until", "weeks", "member_id", "is_private"),
    )

    until: Mapped[date]
    """The Monday after the period."""
    weeks: Mapped[int]
    member_id: Mapped[UUID]
    is_private: Mapped[bool]


class GoalWeek(OrganizationOwned, Model):
    """How one goal of a scenario was met in assigned practice, in a week."""

    __tablename__ = "goal_week"
    __table_args__ = (
        belongs_to("scenario", "scenario_id"),
        UniqueConstraint("organization_id", "week", "scenario_id", "goal_id"),
    )

    week: Mapped[date]
    scenario_id: Mapped[UUID]
    goal_id: Mapped[str] = mapped_column(String(60))
    goal: Mapped[str] = mapped_column(Text)
    scored: Mapped[int]
    score_sum: Mapped[int]


class GoalPeriod(OrganizationOwned, Model):
    """`GoalWeek` over one of the periods that a report offers."""

    __tablename__ = "goal_period"
    __table_args__ = (
        belongs_to("scenario", "scenario_id"),
        UniqueConstraint("organization_id", "until", "weeks", "scenario_id", "goal_id"),
    )

    until: Mapped[date]
    """The Monday after the period."""
    weeks: Mapped[int]
    scenario_id: Mapped[UUID]
    goal_id: Mapped[str] = mapped_column(String(60))
    goal: Mapped[str] = mapped_column(Text)
    scored: Mapped[int]
    score_sum: Mapped[int]


class Format(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


class ExportStatus(StrEnum):
    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class ReportExport(OrganizationOwned, Model):
    __tablename__ = "report_export"
    __table_args__ = (
        belongs_to("member", "asked_by_id"),
        Index("ix_report_export_asked", "organization_id", "asked_by_id", "created_at"),
        Index("ix_report_export_expires", "organization_id", "expires_at"),
    )

    asked_by_id: Mapped[UUID]
    format: Mapped[Format] = mapped_column(String(10))
    weeks: Mapped[int]
    tags: Mapped[list[Any]]
    status: Mapped[ExportStatus] = mapped_column(String(20), default=ExportStatus.WAITING)
    progress: Mapped[int] = mapped_column(default=0)
    """0–100."""
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]

    @property
    def key(self) -> str:
        """Of its file."""
        return f"{self.organization_id}/reports/{self.id}.{self.format}"

    @property
    def is_open(self) -> bool:
        """Whether a page has to ask again how far it is."""
        return self.status in {ExportStatus.WAITING, ExportStatus.WORKING}

    @property
    def is_ready(self) -> bool:
        return self.status == ExportStatus.READY and self.expires_at > now()


class Rhythm(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"


class ReportSubscription(OrganizationOwned, Model):
    __tablename__ = "report_subscription"
    __table_args__ = (
        belongs_to("member", "member_id"),
        UniqueConstraint("organization_id", "member_id"),
    )

    member_id: Mapped[UUID]
    rhythm: Mapped[Rhythm] = mapped_column(String(10))
    sent_for: Mapped[date]
    """The first day of the newest week or month that was reported; at first, the one before the choice was made."""
