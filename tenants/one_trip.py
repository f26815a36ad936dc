"""SQL that is a whole transaction and one trip to the database, for what a process writes many times a second.

A session waits five times for one statement: for a sign of life, the beginning, the organization, the statement, the
commit. Here the organization and the statement leave together. PostgreSQL takes everything before a `Sync` of its
protocol as one transaction, and commits all of it or nothing before it answers the `Sync`.

The connections are a few of the pool's that stay here for good. One on which anything went wrong is closed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Empty, LifoQueue
from typing import Any, cast
from weakref import WeakKeyDictionary

import psycopg
from psycopg.abc import PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGconn, PGresult
from sqlalchemy import event, text
from sqlalchemy.engine import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.exc import DBAPIError, OperationalError

from tenants.db import db
from tenants.scope import current_organization_id

CONNECTIONS = 5
"""For each process; a trip takes a few milliseconds."""
PATIENCE = 30.0
"""Seconds that a trip waits for one of them."""

_NUMBERED = DefaultDialect(paramstyle="numeric_dollar")


class OneTrip:
    """SQL with `:names`, planned once for each connection."""

    def __init__(self, sql: str) -> None:
        compiled = _NUMBERED.statement_compiler(_NUMBERED, text(sql))
        self.sql, self.names = str(compiled).encode(), compiled.positiontup or []

    def scalar(self, **values: object) -> Any:
        """The first value of the answer, or None; committed when it returns. Always a transaction of its own, in the
        scope's organization: what the scope's session holds locked, it waits for in vain."""
        organization: dict[str, object] = {"organization_id": str(current_organization_id())}
        try:
            with connection(db.engine) as held:
                return held.scalar((_NAME_ORGANIZATION, organization), (self, values))
        except psycopg.Error as error:
            # Without the parameters, which are what people said.
            raise DBAPIError.instance(self.sql.decode(), None, error, psycopg.Error, hide_parameters=True) from error


_NAME_ORGANIZATION = OneTrip("select set_config('app.organization', :organization_id, true)")


class Connection:
    """One of the pool's, taken out of it."""

    def __init__(self, engine: Engine) -> None:
        pooled = engine.raw_connection()
        self.driver = cast("psycopg.Connection[Any]", pooled.driver_connection)
        pooled.detach()
        self.driver.pgconn.enter_pipeline_mode()
        self._adapted = Transformer.from_context(self.driver)
        self._prepared: dict[OneTrip, bytes] = {}

    @property
    def is_alive(self) -> bool:
        """Asks the socket, not the server. The first look may find the server's goodbye, and the second the end."""
        try:
            self.driver.pgconn.consume_input()
            self.driver.pgconn.consume_input()
        except psycopg.OperationalError:
            return False
        return True

    def scalar(self, *statements: tuple[OneTrip, dict[str, object]]) -> Any:
        """Of the last one's answer."""
        pgconn = self.driver.pgconn
        for statement, values in statements:
            self._send(pgconn, statement, values)
        pgconn.pipeline_sync()
        answer = self.driver.wait(_last_answer(pgconn))
        if not answer.ntuples:
            return None
        self._adapted.set_pgresult(answer)
        return self._adapted.load_row(0, tuple)[0]

    def _send(self, pgconn: PGconn, statement: OneTrip, values: dict[str, object]) -> None:
        name = self._prepared.get(statement)
        if name is None:
            self._prepared[statement] = name = b"one_trip_%d" % len(self._prepared)
            pgconn.send_prepare(name, statement.sql)
        given = [values[key] for key in statement.names]
        pgconn.send_query_prepared(name, self._adapted.dump_sequence(given, [PyFormat.TEXT] * len(given)))


def _last_answer(pgconn: PGconn) -> PQGen[PGresult]:
    """The one before the answer to the `Sync`, which is when it holds. Raises what any of them raised."""
    yield from send(pgconn)
    last: PGresult | None = None
    while answers := (yield from fetch_many(pgconn)):
        for answer in answers:
            if answer.status == ExecStatus.FATAL_ERROR:
                raise error_from_result(answer)
            if last and answer.status == ExecStatus.PIPELINE_SYNC:
                return last
            last = answer
    raise psycopg.OperationalError("the connection ended before the transaction")


@contextmanager
def connection(engine: Engine) -> Iterator[Connection]:
    resting = _resting_of(engine)
    try:
        held = resting.get(timeout=PATIENCE)
    except Empty as error:
        raise OperationalError("waiting for a connection", None, error) from error
    try:
        if held and not held.is_alive:
            held.driver.close()
            held = None
        held = held or Connection(engine)
        yield held
    except BaseException:
        if held:
            held.driver.close()
        held = None
        raise
    finally:
        resting.put(held)


_Resting = LifoQueue[Connection | None]

_of_engines: WeakKeyDictionary[Engine, _Resting] = WeakKeyDictionary()


def _resting_of(engine: Engine) -> _Resting:
    """The connections that nobody uses now; None is one that may still be opened."""
    known = _of_engines.get(engine)
    if known is not None:
        return known
    resting = _Resting()
    for _ in range(CONNECTIONS):
        resting.put(None)
    event.listen(engine, "engine_disposed", lambda _: _close_all(resting))
    return _of_engines.setdefault(engine, resting)


def _close_all(resting: _Resting) -> None:
    for held in [resting.get_nowait() for _ in range(resting.qsize())]:
        if held:
            held.driver.close()
        resting.put(None)
