"""Add scenarios, their versions, and practice sessions."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import protect

revision = "2026_11_20_1631"
down_revision = "2026_11_20_1630"

AT = sa.DateTime(timezone=True)


def key() -> list[sa.Column]:
    return [
        sa.Column("organization_id", UUID, sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("id", UUID, primary_key=True),
        sa.Column("created_at", AT, nullable=False),
    ]


def belongs_to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.id"])


def add_scenarios() -> None:
    op.create_table(
        "scenario",
        *key(),
        sa.Column("library_slug", sa.String(80)),
        sa.Column("created_by_id", UUID),
        sa.Column("published_at", AT),
        sa.Column("archived_at", AT),
        sa.Column("version_number", sa.Integer, nullable=False),
        belongs_to("member", "created_by_id"),
        sa.Index("uq_scenario_library_slug", "organization_id", "library_slug", unique=True),
    )
    op.create_table(
        "scenario_version",
        *key(),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("title", sa.String(600), nullable=False),
        sa.Column("type", sa.String(30), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("text", JSONB, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        belongs_to("scenario", "scenario_id"),
        sa.UniqueConstraint("organization_id", "scenario_id", "number"),
    )


def add_practice_sessions() -> None:
    op.create_table(
        "practice_session",
        *key(),
        sa.Column("member_id", UUID, nullable=False),
        sa.Column("created_by_id", UUID, nullable=False),
        sa.Column("scenario_version_id", UUID, nullable=False),
        sa.Column("name", sa.String(600), nullable=False),
        sa.Column("is_private", sa.Boolean, nullable=False),
        sa.Column("deadline_at", AT),
        belongs_to("member", "member_id"),
        belongs_to("member", "created_by_id"),
        belongs_to("scenario_version", "scenario_version_id"),
        sa.Index("ix_practice_session_member", "organization_id", "member_id", "created_at"),
    )


def upgrade() -> None:
    add_scenarios()
    add_practice_sessions()
    for table in ("scenario", "scenario_version", "practice_session"):
        protect(table)


def downgrade() -> None:
    for table in ("practice_session", "scenario_version", "scenario"):
        op.drop_table(table)
