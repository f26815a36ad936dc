"""Which calls may go on, as the relay asks it: by organization, and never across one."""

from types import SimpleNamespace
from typing import cast as as_type
from uuid import UUID

from flask import Flask

from roleplay.attempts import lifecycle
from roleplay.attempts.models import EndReason
from roleplay.relay.call import Call
from roleplay.relay.watch import calls_in_order
from tenants.clock import now
from tenants.db import db
from tests.cast import Cast, Person
from tests.practice import as_member, load, member_of, start_attempt


def call_of(app: Flask, person: Person) -> tuple[UUID, Call]:
    """A call that this process holds; of a `Call`, what the watch looks at."""
    attempt_id = start_attempt(app, person)
    with as_member(app, person):
        epoch = lifecycle.take(attempt_id).epoch
        db.session.commit()
    admission = SimpleNamespace(attempt_id=attempt_id, member_id=person.member_id, sign_in_id=None)
    return attempt_id, as_type(Call, SimpleNamespace(admission=admission, records=SimpleNamespace(epoch=epoch)))


def in_order(app: Flask, person: Person, *calls: Call) -> set[UUID]:
    assert person.organization_id
    with app.app_context():
        return calls_in_order(person.organization_id, calls)


def test_what_is_live_and_held_is_in_order(app: Flask, cast: Cast) -> None:
    lea, leas = call_of(app, cast.lea)
    leo, leos = call_of(app, cast.leo)
    assert in_order(app, cast.lea, leas, leos) == {lea, leo}


def test_what_was_taken_over_ended_or_lost_its_member_is_not(app: Flask, cast: Cast) -> None:
    lea, leas = call_of(app, cast.lea)
    leo, leos = call_of(app, cast.leo)
    _, annas = call_of(app, cast.anna)
    with as_member(app, cast.lea):
        lifecycle.take(lea)
        lifecycle.complete(load(leo), reason=EndReason.LEARNER)
        member_of(cast.anna).deactivated_at = now()
        db.session.commit()
    assert in_order(app, cast.lea, leas, leos, annas) == set()


def test_a_call_of_another_organization_is_not_seen(app: Flask, cast: Cast) -> None:
    lea, leas = call_of(app, cast.lea)
    _, others = call_of(app, cast.ben)
    assert in_order(app, cast.lea, leas, others) == {lea}
    assert in_order(app, cast.ben, leas) == set()
