"""Add what a calendar hears of a deadline that moved or went: how new the word is, and which week it is about."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_20_1950"
down_revision = "2026_11_20_1830"


def upgrade() -> None:
    op.add_column("participant", sa.Column("calendar_sequence", sa.Integer, nullable=False, server_default="0"))
    op.add_column("notice", sa.Column("week", sa.Date))


def downgrade() -> None:
    op.drop_column("notice", "week")
    op.drop_column("participant", "calendar_sequence")
