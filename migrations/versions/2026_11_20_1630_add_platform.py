"""Add the platform: organizations, identities, sign-ins, members, audit log, outbox."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB, UUID

from migrations.tenancy import grant, protect

revision = "2026_11_20_1630"
down_revision = None

AT = sa.DateTime(timezone=True)


def key() -> list[sa.Column]:
    return [sa.Column("id", UUID, primary_key=True), sa.Column("created_at", AT, nullable=False)]


def tenant_key() -> list[sa.Column]:
    owner = sa.Column("organization_id", UUID, sa.ForeignKey("organization.id"), primary_key=True)
    return [owner, *key()]


def add_directory() -> None:
    op.create_table(
        "organization",
        *key(),
        sa.Column("slug", sa.String(60), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("parent_id", UUID, sa.ForeignKey("organization.id"), index=True),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("time_zone", sa.String(64), nullable=False),
        sa.Column("aliases", JSONB, nullable=False),
    )
    op.create_table(
        "identity",
        *key(),
        sa.Column("email", sa.String(320), nullable=False, unique=True),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("password_hash", sa.String(200)),
        sa.Column("language", sa.String(2)),
        sa.Column("time_zone", sa.String(64)),
        sa.Column("password_changed_at", AT),
        sa.CheckConstraint("email = lower(email)", name="email_is_lower_case"),
    )


def add_sign_ins() -> None:
    identity = sa.ForeignKey("identity.id", ondelete="CASCADE")
    op.create_table(
        "sign_in",
        *key(),
        sa.Column("identity_id", UUID, identity, nullable=False, index=True),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("method", sa.String(20), nullable=False),
        sa.Column("user_agent", sa.String(300)),
        sa.Column("last_seen_at", AT, nullable=False),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("revoked_at", AT),
    )
    op.create_table(
        "sign_in_link",
        *key(),
        sa.Column("identity_id", UUID, sa.ForeignKey("identity.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("secret_hash", sa.String(64), nullable=False, unique=True),
        sa.Column("expires_at", AT, nullable=False),
        sa.Column("used_at", AT),
    )


def add_members() -> None:
    op.create_table(
        "member",
        *tenant_key(),
        sa.Column("identity_id", UUID, sa.ForeignKey("identity.id"), nullable=False, index=True),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("deactivated_at", AT),
        sa.Column("preferences", JSONB, nullable=False),
        sa.Index("uq_member_identity", "organization_id", "identity_id", unique=True),
    )
    op.create_table(
        "audit_event",
        *tenant_key(),
        sa.Column("action", sa.String(60), nullable=False),
        sa.Column("actor_id", UUID),
        sa.Column("object_id", UUID),
        sa.Column("detail", JSONB, nullable=False),
        sa.Column("request_id", sa.String(64)),
        sa.ForeignKeyConstraint(["organization_id", "actor_id"], ["member.organization_id", "member.id"]),
    )


def add_outbox() -> None:
    op.create_table(
        "outbox_entry",
        *tenant_key(),
        sa.Column("job", sa.String(60), nullable=False),
        sa.Column("arguments", JSONB, nullable=False),
        sa.Column("request_id", sa.String(64)),
        sa.Column("called_at", AT, nullable=False),
        sa.Column("tries", sa.Integer, nullable=False),
        sa.Column("leased_until", AT),
        sa.Column("done_at", AT),
        sa.Column("failed_at", AT),
        sa.Column("error", sa.String(200)),
        sa.Index(
            "ix_outbox_entry_open", "called_at", postgresql_where=sa.text("done_at is null and failed_at is null")
        ),
    )


def add_memberships_of() -> None:
    """The one question across organizations that the application may ask, answered with the directory's words only."""
    op.execute(
        """
        create function memberships_of(identity uuid)
        returns table (organization_id uuid, slug varchar, name varchar, role varchar)
        language sql stable security definer set search_path = public, pg_temp as $$
          select o.id, o.slug, o.name, m.role from member m join organization o on o.id = m.organization_id
          where m.identity_id = identity and m.deactivated_at is null order by o.name
        $$
        """
    )
    op.execute("revoke all on function memberships_of(uuid) from public")
    op.execute("grant create on schema public to app_ops")
    op.execute("alter function memberships_of(uuid) owner to app_ops")
    op.execute("revoke create on schema public from app_ops")
    op.execute("grant execute on function memberships_of(uuid) to app_rw, app_ops")


def upgrade() -> None:
    op.execute("grant usage on schema public to app_rw, app_ops")
    add_directory()
    add_sign_ins()
    add_members()
    add_outbox()
    add_memberships_of()
    op.execute("grant select on alembic_version to app_rw, app_ops")
    for table in ("organization", "identity", "sign_in", "sign_in_link"):
        grant(table)
    protect("member")
    protect("outbox_entry")
    protect("audit_event", append_only=True)


def downgrade() -> None:
    op.execute("drop function memberships_of(uuid)")
    for table in ("outbox_entry", "audit_event", "member", "sign_in_link", "sign_in", "identity", "organization"):
        op.drop_table(table)
