"""Add drafts, tags, assignments and participants, and what a list of scenarios shows without reading their text."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import protect

revision = "2026_11_20_1705"
down_revision = "2026_11_20_1640"

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


def add_to_scenarios() -> None:
    op.add_column("scenario", sa.Column("title", sa.String(600), nullable=False, server_default=""))
    op.add_column("scenario", sa.Column("type", sa.String(30)))
    op.add_column("scenario", sa.Column("persona_name", sa.String(600), nullable=False, server_default=""))
    op.add_column("scenario", sa.Column("deleted_at", AT))
    op.create_index("ix_scenario_created", "scenario", ["organization_id", "created_at"])
    op.create_index("ix_practice_session_version", "practice_session", ["organization_id", "scenario_version_id"])
    connection = op.get_bind()
    for organization in connection.scalars(sa.text("select id from organization")).all():
        connection.execute(
            sa.text("select set_config('app.organization', :organization, true)"), {"organization": str(organization)}
        )
        op.execute(
            "update scenario s set title = v.title, type = v.type, persona_name = v.text -> 'persona' ->> 'name' "
            "from scenario_version v where v.organization_id = s.organization_id and v.scenario_id = s.id "
            "and v.number = s.version_number"
        )


def add_drafts() -> None:
    op.create_table(
        "scenario_draft",
        *key(),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("text", JSONB, nullable=False),
        sa.Column("member_ids", JSONB, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("saves", JSONB, nullable=False),
        belongs_to("scenario", "scenario_id"),
        sa.UniqueConstraint("organization_id", "scenario_id"),
    )


def add_tags() -> None:
    op.create_table(
        "tag",
        *key(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Index("uq_tag_name", "organization_id", sa.text("lower(name)"), unique=True),
    )
    op.create_table(
        "scenario_tag",
        *key(),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("tag_id", UUID, nullable=False),
        belongs_to("scenario", "scenario_id"),
        belongs_to("tag", "tag_id", "CASCADE"),
        sa.UniqueConstraint("organization_id", "scenario_id", "tag_id"),
        sa.Index("ix_scenario_tag_tag", "organization_id", "tag_id"),
    )


def add_assignments() -> None:
    op.create_table(
        "assignment",
        *key(),
        sa.Column("scenario_id", UUID, nullable=False),
        sa.Column("created_by_id", UUID, nullable=False),
        sa.Column("sessions_per_week", sa.Integer),
        sa.Column("instructions", sa.Text),
        belongs_to("scenario", "scenario_id"),
        belongs_to("member", "created_by_id"),
        sa.UniqueConstraint("organization_id", "scenario_id"),
    )
    op.create_table(
        "participant",
        *key(),
        sa.Column("assignment_id", UUID, nullable=False),
        sa.Column("member_id", UUID, nullable=False),
        sa.Column("invited_by_id", UUID, nullable=False),
        sa.Column("removed_at", AT),
        belongs_to("assignment", "assignment_id", "CASCADE"),
        belongs_to("member", "member_id"),
        belongs_to("member", "invited_by_id"),
        sa.UniqueConstraint("organization_id", "assignment_id", "member_id"),
        sa.Index("ix_participant_member", "organization_id", "member_id"),
    )


def upgrade() -> None:
    add_to_scenarios()
    add_drafts()
    add_tags()
    add_assignments()
    for table in ("scenario_draft", "tag", "scenario_tag", "assignment", "participant"):
        protect(table)


def downgrade() -> None:
    for table in ("participant", "assignment", "scenario_tag", "tag", "scenario_draft"):
        op.drop_table(table)
    op.drop_index("ix_practice_session_version", "practice_session")
    op.drop_index("ix_scenario_created", "scenario")
    for column in ("deleted_at", "persona_name", "type", "title"):
        op.drop_column("scenario", column)
