"""Add attempts, their turns, tickets and usage."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import protect

revision = "2026_11_20_1632"
down_revision = "2026_11_20_1631"

AT = sa.DateTime(timezone=True)


def key() -> list[sa.Column]:
    return [
        sa.Column("organization_id", UUID, sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("id", UUID, primary_key=True),
        sa.Column("created_at", AT, nullable=False),
    ]


def belongs_to(table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["organization_id", column], [f"{table}.organization_id", f"{table}.id"], ondelete=ondelete
    )


def of_attempt() -> list[sa.Column | sa.ForeignKeyConstraint]:
    return [*key(), sa.Column("attempt_id", UUID, nullable=False), belongs_to("attempt", "attempt_id", "CASCADE")]


def add_attempts() -> None:
    op.create_table(
        "attempt",
        *key(),
        sa.Column("member_id", UUID, nullable=False),
        sa.Column("scenario_version_id", UUID, nullable=False),
        sa.Column("practice_session_id", UUID),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("mode", sa.String(10), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("engine", sa.String(80)),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("ends_at", AT, nullable=False),
        sa.Column("ended_at", AT),
        sa.Column("end_reason", sa.String(20)),
        sa.Column("epoch", sa.Integer, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("paused_at", AT),
        sa.Column("paused_ms", sa.Integer, nullable=False),
        sa.Column("extended", sa.Boolean, nullable=False),
        belongs_to("member", "member_id"),
        belongs_to("scenario_version", "scenario_version_id"),
        belongs_to("practice_session", "practice_session_id"),
    )
    live = sa.text("status = 'live'")
    op.create_index("uq_attempt_live", "attempt", ["organization_id", "member_id"], unique=True, postgresql_where=live)
    op.create_index("ix_attempt_live_ends_at", "attempt", ["ends_at"], postgresql_where=live)
    op.create_index("ix_attempt_practice_session", "attempt", ["organization_id", "practice_session_id", "number"])


def add_turns() -> None:
    op.create_table(
        "turn",
        *of_attempt(),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("item_id", sa.String(200), nullable=False),
        sa.Column("speaker", sa.String(10), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("started_ms", sa.Integer, nullable=False),
        sa.Column("ended_ms", sa.Integer, nullable=False),
        sa.Column("persona_state", JSONB),
        sa.UniqueConstraint("organization_id", "attempt_id", "number"),
        sa.UniqueConstraint("organization_id", "attempt_id", "item_id"),
    )


def add_tickets() -> None:
    op.create_table(
        "attempt_ticket",
        *of_attempt(),
        sa.Column("sign_in_id", UUID, sa.ForeignKey("sign_in.id", ondelete="CASCADE")),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT),
        sa.UniqueConstraint("organization_id", "secret_hash"),
    )


def add_usage() -> None:
    units = ("text_in", "audio_in", "cached_in", "text_out", "audio_out", "audio_ms")
    op.create_table(
        "usage_entry",
        *of_attempt(),
        sa.Column("provider_ref", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("engine", sa.String(80), nullable=False),
        *(sa.Column(unit, sa.Integer, nullable=False) for unit in units),
        sa.UniqueConstraint("organization_id", "attempt_id", "provider_ref"),
    )


def upgrade() -> None:
    add_attempts()
    add_turns()
    add_tickets()
    add_usage()
    for table in ("attempt", "turn", "attempt_ticket", "usage_entry"):
        protect(table)


def downgrade() -> None:
    for table in ("usage_entry", "attempt_ticket", "turn", "attempt"):
        op.drop_table(table)
