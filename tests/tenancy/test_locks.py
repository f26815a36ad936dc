"""The three locks on tenant data, and that each of them is noticed when it is gone."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Connection, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError, ProgrammingError

from roleplay.app import UnsafeDatabaseRole, create_worker
from roleplay.assignments.models import PracticeSession
from roleplay.embedded.postgres import Addresses
from roleplay.scenarios.models import ScenarioVersion
from roleplay.settings import Settings
from tenants.db import Model, OrganizationOwned, db
from tenants.members import Member
from tenants.scope import NoScope, organization_scope, platform_scope
from tests.cast import Cast
from tests.tenancy.schema import open_locks

TENANT_TABLES = sorted(
    mapper.local_table.name for mapper in Model.registry.mappers if issubclass(mapper.class_, OrganizationOwned)
)


@pytest.fixture
def undone(owner: Engine, app: Flask) -> Iterator[Connection]:
    """The owner's connection, in a transaction that is rolled back."""
    with owner.connect() as connection, connection.begin() as transaction:
        yield connection
        transaction.rollback()


def test_every_lock_holds(owner: Engine, app: Flask) -> None:
    with owner.connect() as connection:
        assert open_locks(connection) == []


@pytest.mark.parametrize("table", TENANT_TABLES)
@pytest.mark.parametrize(
    "change",
    [
        "drop policy tenant on {table}",
        "alter table {table} disable row level security",
        "alter table {table} no force row level security",
        "create policy second on {table} using (true)",
        "grant truncate on {table} to app_rw",
    ],
)
def test_taking_one_lock_away_is_noticed(undone: Connection, table: str, change: str) -> None:
    undone.execute(text(change.format(table=table)))
    assert [line for line in open_locks(undone) if line.startswith(f"{table}:")]


def test_a_new_table_without_locks_is_noticed(undone: Connection) -> None:
    undone.execute(text("create table note (organization_id uuid, body text)"))
    undone.execute(text("create table stray (body text)"))
    names = {line.split(":")[0] for line in open_locks(undone)}
    assert {"note", "stray"} <= names


def test_a_foreign_key_across_organizations_is_noticed(undone: Connection) -> None:
    undone.execute(text("alter table turn add constraint lone unique (id)"))
    assert [line for line in open_locks(undone) if "tells of another organization" in line]


def test_the_application_does_not_start_as_a_role_that_bypasses_the_locks(
    settings: Settings, database: Addresses
) -> None:
    for address in (database.owner, database.operations):
        unsafe = settings.model_copy(update={"database_url": address})
        with pytest.raises(UnsafeDatabaseRole):
            create_worker(unsafe)


def test_the_operations_role_must_bypass_them(settings: Settings, database: Addresses) -> None:
    with pytest.raises(UnsafeDatabaseRole):
        create_worker(settings.model_copy(update={"database_ops_url": database.application}))


def test_the_tests_themselves_run_as_a_role_that_the_locks_bind(app: Flask) -> None:
    with app.app_context(), platform_scope():
        role = db.session.execute(
            text("select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user")
        ).one()
    assert tuple(role) == ("app_rw", False, False)


def test_outside_every_scope_the_database_does_not_answer(app: Flask) -> None:
    with app.app_context(), pytest.raises(NoScope):
        db.session.execute(text("select 1"))


def test_in_the_platform_scope_tenant_tables_are_empty(app: Flask, cast: Cast) -> None:
    with app.app_context(), platform_scope():
        assert db.session.scalar(text("select count(*) from member")) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "select count(*) from member where identity_id = :identity",
        "update member set role = 'owner' where identity_id = :identity returning 1",
        "delete from member where identity_id = :identity returning 1",
    ],
)
def test_raw_sql_in_one_organization_does_not_reach_another(app: Flask, cast: Cast, statement: str) -> None:
    assert cast.lea.organization_id
    with app.app_context(), organization_scope(cast.lea.organization_id):
        assert not db.session.scalar(text(statement), {"identity": cast.ben.identity_id})


def test_a_row_cannot_be_written_into_another_organization(app: Flask, cast: Cast) -> None:
    assert cast.lea.organization_id
    with app.app_context(), organization_scope(cast.lea.organization_id):
        db.session.add(
            Member(
                organization_id=cast.ben.organization_id,
                identity_id=cast.sam.identity_id,
                role="owner",
                preferences={},
            )
        )
        with pytest.raises(ProgrammingError, match="row-level security"):
            db.session.flush()


def test_a_row_cannot_point_at_another_organization(app: Flask, cast: Cast, stocked: None) -> None:
    assert cast.lea.organization_id and cast.ben.organization_id
    with app.app_context():
        with organization_scope(cast.ben.organization_id):
            foreign = db.session.query(ScenarioVersion).first()
        assert foreign
        with organization_scope(cast.lea.organization_id):
            db.session.add(
                PracticeSession(
                    member_id=cast.lea.member_id,
                    created_by_id=cast.lea.member_id,
                    scenario_version_id=foreign.id,
                    name="borrowed",
                )
            )
            with pytest.raises(IntegrityError, match="scenario_version"):
                db.session.flush()


def test_the_identity_map_is_not_shared_between_scopes(app: Flask, cast: Cast) -> None:
    assert cast.lea.organization_id and cast.ben.organization_id
    with app.app_context(), organization_scope(cast.ben.organization_id):
        key = (cast.ben.organization_id, cast.ben.member_id)
        assert db.session.get(Member, key)
        with organization_scope(cast.lea.organization_id):
            assert db.session.get(Member, key) is None


def test_the_audit_log_can_be_added_to_and_never_changed(app: Flask, cast: Cast) -> None:
    assert cast.lea.organization_id
    for statement in ("update audit_event set action = 'x'", "delete from audit_event"):
        with (
            app.app_context(),
            organization_scope(cast.lea.organization_id),
            pytest.raises(ProgrammingError, match="permission denied"),
        ):
            db.session.execute(text(statement))
