"""What every tenant table gets: forced row-level security, one policy, and the grants of the two application roles."""

from alembic import op

ORGANIZATION = "nullif(current_setting('app.organization', true), '')::uuid"
"""`nullif`, because on a pooled connection the unset setting is an empty string and not null."""


def protect(table: str, *, append_only: bool = False) -> None:
    """Shows the rows of `table` to their own organization alone, whoever asks, its owner included."""
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"alter table {table} force row level security")
    op.execute(
        f"create policy tenant on {table} using (organization_id = (select {ORGANIZATION})) "
        f"with check (organization_id = (select {ORGANIZATION}))"
    )
    grant(table, append_only=append_only)


def grant(table: str, *, append_only: bool = False) -> None:
    """Lets the application read and write `table`; nobody but the owner may truncate."""
    op.execute(f"grant select, insert{'' if append_only else ', update, delete'} on {table} to app_rw")
    op.execute(f"grant select, insert, update, delete on {table} to app_ops")
