"""Add evaluations, the result of each goal, and the evidence for it."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import protect

revision = "2026_11_20_1640"
down_revision = "2026_11_20_1632"

AT = sa.DateTime(timezone=True)


def key() -> list[sa.Column]:
    return [
        sa.Column("organization_id", UUID, sa.ForeignKey("organization.id"), primary_key=True),
        sa.Column("id", UUID, primary_key=True),
        sa.Column("created_at", AT, nullable=False),
    ]


def part_of(table: str) -> list[sa.Column | sa.ForeignKeyConstraint]:
    column = f"{table}_id"
    target = [f"{table}.organization_id", f"{table}.id"]
    return [
        sa.Column(column, UUID, nullable=False),
        sa.ForeignKeyConstraint(["organization_id", column], target, ondelete="CASCADE"),
    ]


def add_evaluation() -> None:
    op.create_table(
        "evaluation",
        *key(),
        *part_of("attempt"),
        sa.Column("rubric_digest", sa.String(64), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("status", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("score", sa.Integer),
        sa.Column("judge", sa.String(80)),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("worked", JSONB, nullable=False),
        sa.Column("missing", JSONB, nullable=False),
        sa.Column("key_moments", JSONB, nullable=False),
        sa.Column("suggestions", JSONB, nullable=False),
        sa.Column("next_step", sa.Text),
        sa.Column("started_at", AT, nullable=False),
        sa.Column("finished_at", AT),
        sa.UniqueConstraint("organization_id", "attempt_id", "rubric_digest"),
        sa.CheckConstraint("score between 0 and 100", name="score_is_a_percentage"),
    )


def add_goal_results() -> None:
    op.create_table(
        "goal_result",
        *key(),
        *part_of("evaluation"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("goal_id", sa.String(60), nullable=False),
        sa.Column("goal", sa.Text, nullable=False),
        sa.Column("weight", sa.Integer, nullable=False),
        sa.Column("verdict", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40)),
        sa.Column("score", sa.Integer),
        sa.Column("feedback", sa.Text, nullable=False),
        sa.Column("better", sa.Text),
        sa.UniqueConstraint("organization_id", "evaluation_id", "goal_id"),
    )
    op.create_table(
        "evidence",
        *key(),
        *part_of("goal_result"),
        *part_of("turn"),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("quote", sa.Text, nullable=False),
        sa.Index("ix_evidence_goal_result", "organization_id", "goal_result_id", "position"),
        sa.Index("ix_evidence_turn", "organization_id", "turn_id"),
    )


def upgrade() -> None:
    add_evaluation()
    add_goal_results()
    for table in ("evaluation", "goal_result", "evidence"):
        protect(table)


def downgrade() -> None:
    for table in ("evidence", "goal_result", "evaluation"):
        op.drop_table(table)
