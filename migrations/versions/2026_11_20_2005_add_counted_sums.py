"""Add the sums behind fast reports: of weeks, of scenarios by week, of members and goals over the periods on offer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import protect

revision = "2026_11_20_2005"
down_revision = "2026_11_20_1950"

AT = sa.DateTime(timezone=True)
COUNTS = ("attempts", "sessions", "seconds", "scored", "score_sum", "assigned", "completed")


def key() -> list[sa.Column]:
    return [
        sa.Column("organization_id", UUID, sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("id", UUID, primary_key=True),
        sa.Column("created_at", AT, nullable=False),
    ]


def counts() -> list[sa.Column]:
    return [sa.Column(count, sa.Integer, nullable=False) for count in COUNTS]


def belongs_to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["organization_id", column], [f"{table}.organization_id", f"{table}.id"])


def add_weeks() -> None:
    op.create_table(
        "usage_count",
        *key(),
        sa.Column("counted_at", AT, nullable=False),
        sa.Column("until", AT, nullable=False),
        sa.Column("zone", sa.String(64), nullable=False),
        sa.Column("weeks", JSONB, nullable=False),
        sa.UniqueConstraint("organization_id"),
    )
    op.create_table(
        "scenario_week",
        *key(),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("is_private", sa.Boolean, nullable=False),
        *counts(),
        belongs_to("scenario", "scenario_id"),
        sa.UniqueConstraint("organization_id", "week", "scenario_id", "is_private"),
    )


def add_periods() -> None:
    op.create_table(
        "member_period",
        *key(),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("weeks", sa.Integer, nullable=False),
        sa.Column("member_id", UUID, nullable=False),
        sa.Column("is_private", sa.Boolean, nullable=False),
        *counts(),
        belongs_to("member", "member_id"),
        sa.UniqueConstraint("organization_id", "until", "weeks", "member_id", "is_private"),
    )
    op.create_table(
        "goal_period",
        *key(),
        sa.Column("until", sa.Date, nullable=False),
        sa.Column("weeks", sa.Integer, nullable=False),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("goal_id", sa.String(60), nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("scored", sa.Integer, nullable=False),
        sa.Column("score_sum", sa.Integer, nullable=False),
        belongs_to("scenario", "scenario_id"),
        sa.UniqueConstraint("organization_id", "until", "weeks", "scenario_id", "goal_id"),
    )


def upgrade() -> None:
    add_weeks()
    add_periods()
    for table in ("usage_count", "scenario_week", "member_period", "goal_period"):
        protect(table)


def downgrade() -> None:
    for table in ("goal_period", "member_period", "scenario_week", "usage_count"):
        op.drop_table(table)
