"""Tickets and access: one use, thirty seconds, one's own attempt, and nothing of another organization."""

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from roleplay.assignments.practising import practise
from roleplay.attempts import lifecycle, tickets
from roleplay.attempts.access import access_attempt
from roleplay.attempts.models import AttemptTicket, Mode
from tenants.clock import now
from tenants.db import db
from tenants.errors import NotFound
from tenants.permissions import Permission
from tests.cast import Cast, Person
from tests.practice import as_member, load, publish_the_scenario, start_attempt


def issue(app: Flask, person: Person) -> str:
    attempt_id = start_attempt(app, person)
    with as_member(app, person):
        token = tickets.issue(load(attempt_id), to=None)
        db.session.commit()
    return token


def test_a_ticket_opens_one_socket(app: Flask, cast: Cast) -> None:
    token = issue(app, cast.lea)
    with app.app_context():
        admission = tickets.redeem(token)
        assert admission is not None
        assert (admission.organization_id, admission.member_id) == (cast.lea.organization_id, cast.lea.member_id)
        assert tickets.redeem(token) is None


def test_a_ticket_is_good_for_thirty_seconds(app: Flask, cast: Cast) -> None:
    token = issue(app, cast.lea)
    with app.app_context(), time_machine.travel(now() + timedelta(seconds=31)):
        assert tickets.redeem(token) is None


def test_the_database_does_not_know_the_secret(app: Flask, cast: Cast) -> None:
    token = issue(app, cast.lea)
    with as_member(app, cast.lea):
        ticket = db.session.scalars(select(AttemptTicket)).one()
        assert ticket.secret_hash not in token
        assert token.partition(".")[2] not in ticket.secret_hash


@pytest.mark.parametrize("token", ["", "x", ".", "nonsense.secret", "0" * 32 + ".secret", "é.é"])
def test_what_is_no_ticket_opens_nothing(app: Flask, cast: Cast, token: str) -> None:
    with app.app_context():
        assert tickets.redeem(token) is None


def test_a_ticket_shown_as_another_organizations_opens_nothing(app: Flask, cast: Cast) -> None:
    secret = issue(app, cast.lea).partition(".")[2]
    assert cast.ben.organization_id
    with app.app_context():
        assert tickets.redeem(f"{cast.ben.organization_id.hex}.{secret}") is None


@pytest.mark.parametrize("to", [Permission.ATTEMPTS_START, Permission.ATTEMPTS_READ_ANY])
@pytest.mark.parametrize("name", ["leo", "carl", "olivia", "ben"])
def test_private_practice_is_seen_by_nobody_else(app: Flask, cast: Cast, name: str, to: Permission) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, getattr(cast, name)) as other, pytest.raises(NotFound):
        access_attempt(other, attempt_id, to=to)


def test_the_learner_sees_and_drives_it(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea) as lea:
        assert access_attempt(lea, attempt_id).id == attempt_id
        assert access_attempt(lea, attempt_id, to=Permission.ATTEMPTS_READ_ANY).id == attempt_id


def test_a_coach_reads_assigned_practice_and_cannot_take_part_in_it(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea) as lea:
        session = practise(publish_the_scenario(), by=lea)
        session.is_private = False
        attempt_id = lifecycle.start(session.version, by=lea, practice_session=session, mode=Mode.VOICE).id
        db.session.commit()
    with as_member(app, cast.carl) as carl:
        assert access_attempt(carl, attempt_id, to=Permission.ATTEMPTS_READ_ANY).id == attempt_id
        with pytest.raises(NotFound):
            access_attempt(carl, attempt_id)
