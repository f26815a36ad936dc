"""The outbox: nothing is said before the outermost commit, and only the holder of the lease may say how it went."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from tenants import current, outbox
from tenants.clock import now
from tenants.db import db
from tenants.outbox import Call, OutboxEntry
from tenants.scope import operations_scope, organization_scope
from tests.cast import Cast, Person


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    calls: list[Call] = []
    monkeypatch.setattr(outbox, "_listeners", [calls.extend])
    return calls


@contextmanager
def at_home(app: Flask, person: Person) -> Iterator[None]:
    assert person.organization_id
    with app.app_context(), organization_scope(person.organization_id):
        yield


def put(**arguments: int) -> OutboxEntry:
    entry = outbox.later("count", **arguments)
    db.session.commit()
    return entry


def entry_now(entry: OutboxEntry) -> OutboxEntry:
    return db.session.query(OutboxEntry).populate_existing().filter_by(id=entry.id).one()


def test_an_entry_is_heard_of_once_it_is_committed(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        entry = outbox.later("count", start=1)
        assert heard == []
        db.session.commit()
        assert heard == [Call(entry.organization_id, entry.id)]
        db.session.commit()
        assert len(heard) == 1


def test_a_released_savepoint_is_no_commit(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        with db.session.begin_nested():
            outbox.later("count")
        assert heard == []
        db.session.commit()
        assert len(heard) == 1


def test_an_entry_of_a_rolled_back_savepoint_is_never_heard_of(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        kept = outbox.later("count", start=1)
        with db.session.begin_nested() as savepoint:
            outbox.later("count", start=2)
            savepoint.rollback()
        db.session.commit()
        assert heard == [Call(kept.organization_id, kept.id)]


def test_a_rolled_back_entry_is_neither_stored_nor_heard_of(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        outbox.later("count")
        db.session.rollback()
        put(start=2)
        assert [row.arguments for row in db.session.query(OutboxEntry)] == [{"start": 2}]
        assert len(heard) == 1


def test_an_entry_keeps_the_request_that_asked_for_it(app: Flask, cast: Cast, heard: list[Call]) -> None:
    token = current.request_id.set("r-7")
    try:
        with at_home(app, cast.lea):
            lease = outbox.take(put(start=3).id)
    finally:
        current.request_id.reset(token)
    assert lease
    assert (lease.job, lease.arguments, lease.request_id, lease.tries) == ("count", {"start": 3}, "r-7", 1)


def test_only_one_holds_the_lease_until_it_runs_out(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea), time_machine.travel(now(), tick=False) as clock:
        entry = put()
        first = outbox.take(entry.id)
        assert first
        assert outbox.take(entry.id) is None
        clock.shift(outbox.LEASE - timedelta(seconds=1))
        assert outbox.renew(first)
        clock.shift(outbox.LEASE - timedelta(seconds=1))
        assert outbox.take(entry.id) is None
        clock.shift(timedelta(seconds=2))
        second = outbox.take(entry.id)
        assert second
        assert second.tries == 2


def test_whoever_lost_the_lease_changes_nothing(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea), time_machine.travel(now(), tick=False) as clock:
        entry = put()
        paused = outbox.take(entry.id)
        clock.shift(outbox.LEASE + timedelta(seconds=1))
        other = outbox.take(entry.id)
        assert paused
        assert other
        assert not outbox.renew(paused)
        assert not outbox.finish(paused)
        assert not outbox.put_back(paused, error="late")
        assert not outbox.give_up(paused, error="late")
        assert outbox.finish(other)
        assert entry_now(entry).done_at
        assert outbox.take(entry.id) is None


def test_an_entry_of_another_organization_cannot_be_taken(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        entry = put()
    with at_home(app, cast.ben):
        assert outbox.take(entry.id) is None


def test_what_was_put_back_is_called_again_after_a_while_that_grows(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea), time_machine.travel(now(), tick=False) as clock:
        entry = put()
        waits = []
        for _ in range(3):
            lease = outbox.take(entry.id)
            assert lease
            assert outbox.put_back(lease, error="TimeoutError")
            waits.append(entry_now(entry).called_at - now())
            clock.shift(timedelta(minutes=1))
        assert waits == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
        assert entry_now(entry).error == "TimeoutError"


def test_what_was_given_up_is_nobody_s_any_more(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        entry = put()
        lease = outbox.take(entry.id)
        assert lease
        assert outbox.give_up(lease, error="x" * 300)
        assert outbox.take(entry.id) is None
        assert len(entry_now(entry).error or "") == 200


def unheard_at(app: Flask, at: datetime) -> list[Call]:
    with app.app_context(), operations_scope(), time_machine.travel(at, tick=False):
        calls = outbox.unheard()
        db.session.commit()
        return calls


def test_what_nobody_took_is_called_again_in_every_organization(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        acme = put()
    with at_home(app, cast.ben):
        beacon = put()
    assert unheard_at(app, now()) == []
    later = now() + outbox.UNHEARD_AFTER + timedelta(seconds=1)
    assert {call.entry_id for call in unheard_at(app, later)} == {acme.id, beacon.id}
    assert unheard_at(app, later) == []


def test_what_is_held_or_over_is_not_called_again(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        held, done, given_up = (outbox.take(put().id) for _ in range(3))
        assert held
        assert done
        assert given_up
        outbox.finish(done)
        outbox.give_up(given_up, error="lost")
        db.session.commit()
    assert unheard_at(app, now() + outbox.LEASE - timedelta(seconds=1)) == []
    dropped = unheard_at(app, now() + outbox.LEASE + timedelta(seconds=1))
    assert [call.entry_id for call in dropped] == [held.entry_id]


def test_two_reconcilers_never_call_for_the_same_entry(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        put()
    with app.app_context(), time_machine.travel(now() + timedelta(minutes=1), tick=False), operations_scope():
        assert len(outbox.unheard()) == 1
        with operations_scope():
            assert outbox.unheard() == []
        db.session.commit()


def test_done_work_is_forgotten_and_failed_work_is_not(app: Flask, cast: Cast, heard: list[Call]) -> None:
    with at_home(app, cast.lea):
        done, failed, waiting = put(), put(), put()
        for entry, end in ((done, outbox.finish), (failed, lambda lease: outbox.give_up(lease, error="lost"))):
            lease = outbox.take(entry.id)
            assert lease
            end(lease)
        db.session.commit()
    with app.app_context(), operations_scope():
        outbox.forget_done(before=now() + timedelta(seconds=1))
        db.session.commit()
    with at_home(app, cast.lea):
        assert {row.id for row in db.session.query(OutboxEntry)} == {failed.id, waiting.id}
