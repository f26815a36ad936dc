"""Add the counted weeks behind reports, exports, and who wants a report by e-mail."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import protect

revision = "2026_11_20_1801"
down_revision = "2026_11_20_1705"

AT = sa.DateTime(timezone=True)
COUNTS = ("attempts", "sessions", "seconds", "scored", "score_sum", "assigned", "completed")


def key() -> list[sa.Column]:
    return [
        sa.Column("organization_id", UUID, sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("id", UUID, primary_key=True),
        sa.Column("created_at", AT, nullable=False),
    ]


def belongs_to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.id"])


def add_weeks() -> None:
    op.create_table(
        "usage_week",
        *key(),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("member_id", UUID, nullable=False),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("is_private", sa.Boolean, nullable=False),
        *(sa.Column(count, sa.Integer, nullable=False) for count in COUNTS),
        belongs_to("member", "member_id"),
        belongs_to("scenario", "scenario_id"),
        sa.UniqueConstraint("organization_id", "week", "member_id", "scenario_id", "is_private"),
    )
    op.create_table(
        "goal_week",
        *key(),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("goal_id", sa.String(60), nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("scored", sa.Integer, nullable=False),
        sa.Column("score_sum", sa.Integer, nullable=False),
        belongs_to("scenario", "scenario_id"),
        sa.UniqueConstraint("organization_id", "week", "scenario_id", "goal_id"),
    )


def add_exports() -> None:
    op.create_table(
        "report_export",
        *key(),
        sa.Column("asked_by_id", UUID, nullable=False),
        sa.Column("format", sa.String(10), nullable=False),
        sa.Column("weeks", sa.Integer, nullable=False),
        sa.Column("tags", JSONB, nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("progress", sa.Integer, nullable=False),
        sa.Column("finished_at", AT),
        sa.Column("expires_at", AT, nullable=False),
        belongs_to("member", "asked_by_id"),
        sa.Index("ix_report_export_asked", "organization_id", "asked_by_id", "created_at"),
        sa.Index("ix_report_export_expires", "organization_id", "expires_at"),
    )
    op.create_table(
        "report_subscription",
        *key(),
        sa.Column("member_id", UUID, nullable=False),
        sa.Column("rhythm", sa.String(10), nullable=False),
        sa.Column("sent_for", sa.Date, nullable=False),
        belongs_to("member", "member_id"),
        sa.UniqueConstraint("organization_id", "member_id"),
    )


def upgrade() -> None:
    add_weeks()
    add_exports()
    for table in ("usage_week", "goal_week", "report_export", "report_subscription"):
        protect(table)
    op.create_index("ix_attempt_started", "attempt", ["organization_id", "started_at"])
    op.execute(
        "create index ix_practice_session_due on practice_session "
        "(organization_id, (case when deadline_at is null then created_at else deadline_at end))"
    )


def downgrade() -> None:
    op.drop_index("ix_practice_session_due", "practice_session")
    op.drop_index("ix_attempt_started", "attempt")
    for table in ("report_subscription", "report_export", "goal_week", "usage_week"):
        op.drop_table(table)
