"""Add what assignments need over time: weeks, deadlines, notices, teams; contacts and personal scenarios; seats."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import UUID

from migrations.tenancy import protect

revision = "2026_11_20_1830"
down_revision = "2026_11_20_1801"

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


def add_contacts() -> None:
    op.create_table(
        "contact",
        *key(),
        sa.Column("created_by_id", UUID, nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("job", sa.String(200), nullable=False),
        sa.Column("company", sa.String(200), nullable=False),
        sa.Column("notes", sa.Text, nullable=False),
        sa.Column("linkedin_url", sa.String(300)),
        sa.Column("is_shared", sa.Boolean, nullable=False),
        belongs_to("member", "created_by_id"),
        sa.Index("ix_contact_creator", "organization_id", "created_by_id"),
    )
    op.add_column("scenario", sa.Column("is_personal", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("scenario", sa.Column("contact_id", UUID))
    op.create_foreign_key(
        "fk_scenario_contact",
        "scenario",
        "contact",
        ["organization_id", "contact_id"],
        ["organization_id", "id"],
        ondelete="SET NULL (contact_id)",
    )
    op.create_index("ix_scenario_contact", "scenario", ["organization_id", "contact_id"])


def add_to_assignments() -> None:
    op.add_column("assignment", sa.Column("opened_week", sa.Date))
    op.add_column("participant", sa.Column("joined_at", AT, nullable=False, server_default=sa.func.now()))
    op.create_table(
        "notice",
        *key(),
        sa.Column("participant_id", UUID, nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("sent_at", AT),
        belongs_to("participant", "participant_id", "CASCADE"),
        sa.UniqueConstraint("organization_id", "participant_id", "kind", "due_on", name="uq_notice_kind"),
    )
    op.create_table(
        "member_tag",
        *key(),
        sa.Column("member_id", UUID, nullable=False),
        sa.Column("tag_id", UUID, nullable=False),
        belongs_to("member", "member_id"),
        belongs_to("tag", "tag_id", "CASCADE"),
        sa.UniqueConstraint("organization_id", "member_id", "tag_id"),
        sa.Index("ix_member_tag_tag", "organization_id", "tag_id"),
    )
    op.add_column("member", sa.Column("seat", sa.String(20), nullable=False, server_default="full"))


def add_to_sessions() -> None:
    op.add_column("practice_session", sa.Column("assignment_id", UUID))
    op.add_column("practice_session", sa.Column("week", sa.Date))
    op.add_column("practice_session", sa.Column("ordinal", sa.Integer))
    op.add_column("practice_session", sa.Column("type", sa.String(30)))
    op.add_column("practice_session", sa.Column("persona_name", sa.String(600), nullable=False, server_default=""))
    op.add_column("practice_session", sa.Column("begun_at", AT))
    op.add_column("practice_session", sa.Column("attempt_count", sa.Integer, nullable=False, server_default="0"))
    op.create_foreign_key(
        "fk_practice_session_assignment",
        "practice_session",
        "assignment",
        ["organization_id", "assignment_id"],
        ["organization_id", "id"],
    )
    week = ["organization_id", "assignment_id", "member_id", "week", "ordinal"]
    op.create_unique_constraint("uq_practice_session_week", "practice_session", week)
    op.create_index("ix_practice_session_created", "practice_session", ["organization_id", "created_at", "id"])
    untouched = sa.text("attempt_count = 0")
    op.create_index("ix_practice_session_open", "practice_session", ["deadline_at"], postgresql_where=untouched)
    op.create_index("ix_attempt_member", "attempt", ["organization_id", "member_id", "started_at"])


FILL = """
update practice_session s set type = v.type, persona_name = v.text -> 'persona' ->> 'name',
  assignment_id = case when s.is_private then null else a.id end,
  begun_at = (select min(t.started_at) from attempt t
    where t.organization_id = s.organization_id and t.practice_session_id = s.id),
  attempt_count = (select count(*) from attempt t
    where t.organization_id = s.organization_id and t.practice_session_id = s.id and t.status <> 'live')
from scenario_version v
left join assignment a on a.organization_id = v.organization_id and a.scenario_id = v.scenario_id
where v.organization_id = s.organization_id and v.id = s.scenario_version_id
"""


def fill() -> None:
    connection = op.get_bind()
    for organization in connection.scalars(sa.text("select id from organization")).all():
        connection.execute(
            sa.text("select set_config('app.organization', :organization, true)"), {"organization": str(organization)}
        )
        op.execute(FILL)
        op.execute("update participant set joined_at = created_at")


def upgrade() -> None:
    add_contacts()
    add_to_assignments()
    add_to_sessions()
    for table in ("contact", "notice", "member_tag"):
        protect(table)
    fill()


def downgrade() -> None:
    op.drop_index("ix_attempt_member", "attempt")
    for column in ("attempt_count", "begun_at", "persona_name", "type", "ordinal", "week", "assignment_id"):
        op.drop_column("practice_session", column)
    op.drop_index("ix_practice_session_created", "practice_session")
    op.drop_column("member", "seat")
    op.drop_table("member_tag")
    op.drop_table("notice")
    op.drop_column("participant", "joined_at")
    op.drop_column("assignment", "opened_week")
    for column in ("contact_id", "is_personal"):
        op.drop_column("scenario", column)
    op.drop_table("contact")
