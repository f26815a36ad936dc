"""Practice sessions: the rows of a learner's to-do list, each a scenario version to practise."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from roleplay.scenarios.models import ScenarioVersion
from tenants.db import Model, OrganizationOwned, belongs_to


class PracticeSession(OrganizationOwned, Model):
    __tablename__ = "practice_session"
    __table_args__ = (
        belongs_to("member", "member_id"),
        belongs_to("member", "created_by_id"),
        belongs_to("scenario_version", "scenario_version_id"),
        Index("ix_practice_session_member", "organization_id", "member_id", "created_at"),
    )

    member_id: Mapped[UUID]
    created_by_id: Mapped[UUID]
    scenario_version_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(600))
    is_private: Mapped[bool] = mapped_column(default=True)
    """Private practice is seen by its owner alone; assigned practice also by those who follow it."""
    deadline_at: Mapped[datetime | None]

    version: Mapped[ScenarioVersion] = relationship(viewonly=True, lazy="joined", innerjoin=True)
