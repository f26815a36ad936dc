"""The ground under every test: a private PostgreSQL and Valkey, the migrated schema, the application, and the cast."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url
from sqlalchemy.engine import Engine

from roleplay.app import create_app
from roleplay.embedded.postgres import Addresses, start_postgres
from roleplay.embedded.valkey import start_valkey
from roleplay.migrating import migrate
from roleplay.settings import Settings
from tenants.db import db
from tests.cast import Cast, call_the_cast, clear_the_stage

pytest_plugins = ["tests.browsers"]


@pytest.fixture(scope="session")
def var() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="roleplay-tests-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        yield Path(directory)


@pytest.fixture(scope="session")
def database(var: Path) -> Addresses:
    addresses = start_postgres(var / "postgres")
    _forget_durability(addresses)
    migrate(addresses.owner)
    return addresses


def _forget_durability(addresses: Addresses) -> None:
    """Nothing here has to survive a power cut, and most of a test's time would go into waiting for the disk."""
    host = make_url(addresses.owner).query["host"]
    with psycopg.connect(host=str(host), user="postgres", dbname="postgres", autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"alter system set {setting} = off")
        connection.execute("select pg_reload_conf()")


@pytest.fixture(scope="session")
def redis_url(var: Path) -> Iterator[str]:
    server, url = start_valkey(var / "valkey")
    yield url
    server.stop()


@pytest.fixture(scope="session")
def settings(database: Addresses, redis_url: str, var: Path) -> Settings:
    return Settings(
        _env_file=None,
        secret_key="only for tests, and long enough for them",
        public_url="http://localhost",
        demo=True,
        database_url=database.application,
        database_owner_url=database.owner,
        database_ops_url=database.operations,
        redis_url=redis_url,
        var=var,
        log_json=True,
    )


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.config["TESTING"] = True
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture(scope="session")
def owner(database: Addresses) -> Iterator[Engine]:
    """As the owner of the tables, to clear them and to look at the schema. No test reads tenant data by it."""
    engine = create_engine(database.owner)
    yield engine
    engine.dispose()


@pytest.fixture
def empty(app: Flask, owner: Engine) -> None:
    """Empty tables: nothing that another test left."""
    clear_the_stage(owner)


@pytest.fixture
def cast(app: Flask, empty: None) -> Cast:
    """Two organizations, one person for each role, and a stranger."""
    with app.app_context():
        return call_the_cast()
