"""${message}

Runs while the version before it is still serving: add, backfill, switch, and remove in a later release. The lock
timeout is 4 s and the statement timeout 5 s; what needs longer goes in steps. A table with an `organization_id` calls
`protect`; a data migration names the organization first, or runs as `app_ops`, since row-level security is forced on
the owner too and an update would change nothing, silently.
"""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
from migrations.tenancy import protect

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    ${downgrades if downgrades else "pass"}
