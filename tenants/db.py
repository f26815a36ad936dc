"""The database: one declarative base, one session for each scope, and what makes a table belong to an organization."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session as FlaskSession
from sqlalchemy import DateTime, ForeignKey, ForeignKeyConstraint, MetaData, event
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, SessionTransaction, mapped_column, registry
from uuid_utils.compat import uuid7

from tenants.clock import now
from tenants.scope import current_organization_id, current_scope, scope_key, when_left

OPERATIONS = "operations"
"""Bind key of the engine whose role bypasses row-level security."""


class Model(DeclarativeBase):
    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={datetime: DateTime(timezone=True), dict[str, Any]: JSONB, list[Any]: JSONB},
    )


class PlatformOwned:
    """A row that belongs to no organization. Its tables are on the short list in `docs/tenancy.md`."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(default=now)


class OrganizationOwned:
    """A row of one organization.

    The key is (organization_id, id), so that a foreign key between two such tables has to be composite and cannot point
    across organizations. The organization comes from the scope, never from input.
    """

    organization_id: Mapped[UUID] = mapped_column(
        ForeignKey("organization.id"), primary_key=True, default=current_organization_id
    )
    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(default=now)


def belongs_to(table: str, column: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """The composite foreign key from `column` to a row of `table` in the same organization."""
    return ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete
    )


class ScopedSession(FlaskSession):
    def __init__(self, db: SQLAlchemy, **kwargs: Any) -> None:
        super().__init__(db, **kwargs)
        self.scope = current_scope()

    def get_bind(self, *args: Any, **kwargs: Any) -> Engine | Connection:
        return self._db.engines[OPERATIONS if self.scope.operations else None]


db = SQLAlchemy(
    model_class=Model,
    session_options={"class_": ScopedSession, "scopefunc": scope_key, "expire_on_commit": False},
)
when_left(db.session.remove)


@event.listens_for(Session, "after_begin")
def _name_the_organization(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if isinstance(session, ScopedSession) and session.scope.organization_id is not None:
        connection.exec_driver_sql(
            "select set_config('app.organization', %s, true)", (str(session.scope.organization_id),)
        )
