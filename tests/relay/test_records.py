"""What a call writes while the database has a bad moment."""

import time
from threading import Thread
from uuid import UUID

from flask import Flask
from sqlalchemy import text

from roleplay.attempts import lifecycle, transcript
from roleplay.attempts.models import TurnStatus
from roleplay.attempts.tickets import Admission
from roleplay.ports import Speaker
from roleplay.ports.realtime import Usage, UsageKind
from roleplay.relay.conversation import Draft
from roleplay.relay.records import Records
from tenants.db import db
from tests.cast import Cast, Person
from tests.practice import as_member, load, start_attempt

DRAFT = Draft("item_1", Speaker.LEARNER, 0, 900, "You were late.", TurnStatus.HEARD, key="sess/item_1")
COST = Usage(ref="sess/resp_1", kind=UsageKind.ANSWER, text_in=40)

WAITING = text("""
    select pid from pg_stat_activity
    where pid <> pg_backend_pid() and wait_event_type = 'Lock' and query like '%insert into turn%'
""")


def taken(app: Flask, learner: Person, attempt_id: UUID) -> Records:
    assert learner.organization_id and learner.member_id
    records = Records(
        Admission(learner.organization_id, attempt_id, learner.member_id, None), "Practice engine", resumed=list
    )
    with app.app_context():
        records.take()
    return records


def end_the_connection_that_waits() -> None:
    deadline = time.monotonic() + 10
    while (pid := db.session.scalar(WAITING)) is None:
        assert time.monotonic() < deadline
        db.session.execute(text("select pg_sleep(0.005), pg_stat_clear_snapshot()"))
    assert db.session.scalar(text("select pg_terminate_backend(:pid, 5000)"), {"pid": pid})


def test_a_turn_on_its_way_while_the_connection_ends_is_stored_once(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    records = taken(app, cast.lea, attempt_id)

    def save() -> None:
        with app.app_context():
            records.save([DRAFT], [COST], seq=4)

    saving = Thread(target=save)
    with as_member(app, cast.lea):
        lifecycle.held(attempt_id, 1)
        saving.start()
        end_the_connection_that_waits()
        db.session.rollback()
    saving.join(10)
    assert not saving.is_alive()
    with as_member(app, cast.lea):
        assert [said.text for said in transcript.turns_of(load(attempt_id))] == ["You were late."]
        assert db.session.scalar(text("select count(*) from usage_entry")) == 1
        assert load(attempt_id).seq == 4


def test_saved_again_it_is_still_stored_once(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    records = taken(app, cast.lea, attempt_id)
    with app.app_context():
        records.save([DRAFT], [COST], seq=4)
        records.save([DRAFT], [COST], seq=4)
    with as_member(app, cast.lea):
        assert len(transcript.turns_of(load(attempt_id))) == 1
        assert db.session.scalar(text("select count(*) from usage_entry")) == 1
