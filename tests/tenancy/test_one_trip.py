"""SQL in one trip: in one organization only, whole or not at all, and with nothing left behind on its connection."""

from collections.abc import Iterator

import psycopg
import pytest
from flask import Flask
from psycopg.pq import TransactionStatus
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DataError, OperationalError, ProgrammingError

from roleplay.embedded.postgres import Addresses
from tenants import one_trip
from tenants.db import db
from tenants.one_trip import OneTrip, connection
from tenants.scope import NoScope, operations_scope, platform_scope
from tests.cast import Cast, Person
from tests.practice import as_member, member_of

FIND = OneTrip("select email from member join identity on identity.id = identity_id where identity_id = :identity")
REPLACE = OneTrip("update member set preferences = cast(:words as jsonb) where id = :id returning id")
SETTING = OneTrip("select current_setting('app.organization', true)")
PID = OneTrip("select pg_backend_pid()")


@pytest.fixture
def private(database: Addresses) -> Iterator[Engine]:
    """An engine of the test's own."""
    engine = create_engine(database.application)
    yield engine
    engine.dispose()


def preferences(app: Flask, person: Person) -> object:
    with as_member(app, person):
        return member_of(person).preferences


def test_each_trip_sees_its_own_organization(app: Flask, cast: Cast) -> None:
    for _ in range(3):
        with as_member(app, cast.lea):
            assert FIND.scalar(identity=cast.lea.identity_id) == cast.lea.email
            assert FIND.scalar(identity=cast.ben.identity_id) is None
        with as_member(app, cast.ben):
            assert FIND.scalar(identity=cast.ben.identity_id) == cast.ben.email
            assert FIND.scalar(identity=cast.lea.identity_id) is None


def test_a_trip_changes_nothing_elsewhere(app: Flask, cast: Cast) -> None:
    before = preferences(app, cast.ben)
    with as_member(app, cast.lea):
        assert REPLACE.scalar(id=cast.ben.member_id, words="{}") is None
        moves = OneTrip("update member set organization_id = :there where id = :id returning id")
        with pytest.raises(ProgrammingError, match="row-level security"):
            moves.scalar(id=cast.lea.member_id, there=cast.ben.organization_id)
    assert preferences(app, cast.ben) == before


def test_a_trip_needs_an_organization(app: Flask, cast: Cast) -> None:
    with app.app_context():
        with pytest.raises(NoScope):
            PID.scalar()
        for scope in (platform_scope, operations_scope):
            with scope(), pytest.raises(NoScope):
                PID.scalar()


def test_a_trip_is_committed_when_it_is_over(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea):
        assert REPLACE.scalar(id=cast.lea.member_id, words='{"patience_ms": 900}') == cast.lea.member_id
        db.session.rollback()
    assert preferences(app, cast.lea) == {"patience_ms": 900}


def test_nothing_stays_on_the_connection(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea):
        pid = PID.scalar()
        assert SETTING.scalar() == str(cast.lea.organization_id)
        with connection(db.engine) as held:
            assert held.scalar((PID, {})) == pid
            assert held.driver.info.transaction_status == TransactionStatus.IDLE
            assert held.scalar((SETTING, {})) == ""
            assert held.scalar((FIND, {"identity": cast.lea.identity_id})) is None


def test_a_trip_that_fails_leaves_nothing_and_tells_nothing_of_what_was_said(app: Flask, cast: Cast) -> None:
    fails = OneTrip("""
        with changed as (
          update member set preferences = jsonb_build_object('said', cast(:said as text)) where id = :id returning id
        )
        select 1 / (count(*) - 1) from changed
    """)
    before = preferences(app, cast.lea)
    with as_member(app, cast.lea):
        pid = PID.scalar()
        with pytest.raises(DataError, match="division by zero") as failure:
            fails.scalar(id=cast.lea.member_id, said="I am so sorry")
        assert "I am so sorry" not in str(failure.value)
        assert PID.scalar() != pid
        with connection(db.engine) as held:
            assert held.driver.info.transaction_status == TransactionStatus.IDLE
            assert held.scalar((SETTING, {})) == ""
    assert preferences(app, cast.lea) == before


def test_what_the_commit_refuses_is_refused(app: Flask, cast: Cast) -> None:
    table = OneTrip("create temporary table place (number int unique deferrable initially deferred)")
    with as_member(app, cast.lea), connection(db.engine) as held:
        held.scalar((table, {}))
        with pytest.raises(psycopg.errors.UniqueViolation):
            held.scalar((OneTrip("insert into place values (1), (1) returning number"), {}))
        held.driver.close()


def test_a_connection_that_ended_while_it_rested_is_not_used(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea):
        pid = PID.scalar()
        assert db.session.scalar(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})
        assert PID.scalar() != pid


def test_a_connection_that_ends_on_the_way_is_an_operational_error(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea):
        pid = PID.scalar()
        with pytest.raises(OperationalError):
            OneTrip("select pg_terminate_backend(pg_backend_pid())").scalar()
        assert PID.scalar() != pid


def test_trips_share_a_few_connections(private: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one_trip, "CONNECTIONS", 1)
    monkeypatch.setattr(one_trip, "PATIENCE", 0.01)
    with connection(private) as held, pytest.raises(OperationalError, match="waiting"), connection(private):
        pass
    with connection(private) as again:
        assert again is held


def test_they_are_closed_with_the_engine(private: Engine) -> None:
    with connection(private) as held:
        pass
    private.dispose()
    assert held.driver.closed
    with connection(private) as another:
        assert another.scalar((PID, {}))
