"""Add what an organization keeps for its scenarios: personas and evaluation templates."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import protect

revision = "2026_11_20_2030"
down_revision = "2026_11_20_2005"

TABLES = ("kept_persona", "evaluation_template")


def upgrade() -> None:
    for table in TABLES:
        op.create_table(
            table,
            sa.Column("organization_id", UUID, sa.ForeignKey("organization.id"), primary_key=True),
            sa.Column("id", UUID, primary_key=True),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("name", sa.String(600), nullable=False),
            sa.Column("language", sa.String(2), nullable=False),
            sa.Column("text", JSONB, nullable=False),
            sa.Column("created_by_id", UUID),
            sa.ForeignKeyConstraint(["organization_id", "created_by_id"], ["member.organization_id", "member.id"]),
            sa.UniqueConstraint("organization_id", "language", "name", name=f"uq_{table}_name"),
        )
        protect(table)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
