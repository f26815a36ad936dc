"""Runs the migrations as the owner of the tables, one deployer at a time, never waiting long for a lock."""

from alembic import context
from sqlalchemy import Connection, NullPool, create_engine, text

import roleplay.models
from tenants.db import Model

ADVISORY_LOCK = 7_265_110_415


def _migrate(connection: Connection) -> None:
    connection.execute(text("set lock_timeout = '4s'"))
    connection.execute(text("set statement_timeout = '5s'"))
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": ADVISORY_LOCK})
    connection.commit()
    context.configure(
        connection=connection, target_metadata=Model.metadata, compare_type=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "", poolclass=NullPool)
with engine.connect() as connection:
    _migrate(connection)

__all__ = ["roleplay"]
