"""Add what a search of the catalog looks at, beside the large text of each version."""

import sqlalchemy as sa
from alembic import op

revision = "2026_11_20_2055"
down_revision = "2026_11_20_2030"

SEARCHED = (
    "title || ' ' || coalesce(text ->> 'summary', '') || ' ' || coalesce(text #>> '{persona,name}', '') "
    "|| ' ' || coalesce(text #>> '{persona,job}', '')"
)


def upgrade() -> None:
    op.add_column(
        "scenario_version", sa.Column("searched", sa.Text, sa.Computed(SEARCHED, persisted=True), nullable=False)
    )


def downgrade() -> None:
    op.drop_column("scenario_version", "searched")
