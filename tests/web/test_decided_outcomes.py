"""What time and change do to practice, as people see it: other time zones, an archive, somebody who left."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from time_machine import travel

from roleplay.assignments import assigning
from roleplay.assignments.models import PracticeSession
from roleplay.attempts import lifecycle
from roleplay.attempts.models import EndReason, Mode, TurnStatus
from roleplay.attempts.transcript import record_turn
from roleplay.ports import Speaker
from roleplay.scenarios import shelving
from roleplay.scenarios.models import Scenario
from tenants.clock import now
from tenants.db import db
from tenants.identities import Identity
from tenants.scope import platform_scope
from tests.assigning import give, in_paris, in_use, sessions_of
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.judging import SAID
from tests.practice import as_member, member_of
from tests.web.reading import read

DEADLINE = datetime(2030, 5, 6, 21, 59, 59, tzinfo=UTC)
"""The end of Monday in Paris."""


@pytest.fixture
def given(app: Flask, cast: Cast) -> str:
    """Lea's session, due at the end of a day in Paris."""
    with as_member(app, cast.anna) as anna:
        in_paris(anna)
        assigning.invite(in_use(anna), [member_of(cast.lea)], deadline_at=DEADLINE, by=anna)
        db.session.commit()
    with as_member(app, cast.lea) as lea:
        return f"/o/acme/sessions/{sessions_of(lea)[0].id}"


def move_to(app: Flask, identity_id: UUID, zone: str) -> None:
    with app.app_context(), platform_scope():
        db.session.get_one(Identity, identity_id).time_zone = zone
        db.session.commit()


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("", "Monday 6 May, 23:59"),
        ("Asia/Kolkata", "Tuesday 7 May, 03:29"),
        ("America/Los_Angeles", "Monday 6 May, 14:59"),
        ("Pacific/Kiritimati", "Tuesday 7 May, 11:59"),
    ],
)
def test_everybody_reads_the_one_deadline_in_their_own_time_zone(
    enter: Enter, app: Flask, cast: Cast, given: str, zone: str, words: str
) -> None:
    move_to(app, cast.lea.identity_id, zone)
    assert f"Deadline: {words}" in read(enter(cast.lea).get(given)).words


def row_words(lea: Browser) -> str:
    """What stands in the table, below the filters."""
    return read(lea.get("/o/acme/sessions")).words.partition("sorted by")[2]


def test_a_session_is_overdue_at_the_same_instant_for_everybody(
    enter: Enter, app: Flask, cast: Cast, given: str
) -> None:
    with travel(DEADLINE - timedelta(minutes=1), tick=False):
        lea = enter(cast.lea)
    for zone in ("Asia/Kolkata", "America/Los_Angeles"):
        move_to(app, cast.lea.identity_id, zone)
        for after, words in ((timedelta(), "To do"), (timedelta(seconds=1), "Overdue")):
            with travel(DEADLINE + after, tick=False):
                assert words in row_words(lea)


def test_an_archived_scenario_leaves_open_sessions_to_practise_until_their_deadline(
    enter: Enter, app: Flask, cast: Cast, given: str
) -> None:
    with as_member(app, cast.anna) as anna:
        shelving.archive(db.session.query(Scenario).one(), by=anna)
        db.session.commit()
    lea = enter(cast.lea)
    assert "Start new" in read(lea.get(given)).words
    with as_member(app, cast.anna):
        db.session.query(PracticeSession).one().deadline_at = now() - timedelta(seconds=1)
        db.session.commit()
    page = read(lea.get(given))
    assert "archived and the deadline has passed" in page.words and "Start new" not in page.words
    assert lea.post(f"{given}/attempts").status_code == 409


@pytest.fixture
def practised(app: Flask, cast: Cast) -> tuple[str, str, str]:
    """A scenario, Lea's session in it and her attempt; and then she left."""
    with as_member(app, cast.anna) as anna:
        scenario = in_use(anna)
        give(scenario, [member_of(cast.lea), member_of(cast.leo)], by=anna)
        db.session.commit()
        scenario_id = scenario.id
    with as_member(app, cast.lea) as lea:
        session = sessions_of(lea)[0]
        attempt = lifecycle.start(session.version, by=lea, practice_session=session, mode=Mode.TEXT)
        record_turn(
            attempt,
            item_id="item-1",
            speaker=Speaker.LEARNER,
            text=SAID,
            status=TurnStatus.HEARD,
            started_ms=0,
            ended_ms=900,
        )
        lifecycle.complete(attempt, reason=EndReason.LEARNER, by=lea)
        lea.deactivated_at = now()
        db.session.commit()
        session_id, attempt_id = session.id, attempt.id
    return f"/o/acme/scenarios/{scenario_id}", f"/o/acme/sessions/{session_id}", f"/o/acme/attempts/{attempt_id}"


def test_the_history_of_somebody_who_left_stays_readable(
    enter: Enter, anna: Browser, cast: Cast, practised: tuple[str, str, str]
) -> None:
    scenario, session, attempt = practised
    assert enter(cast.lea).get(session).status_code == 404
    carl = enter(cast.carl)
    assert "Scenario attempts of Lea" in read(carl.get(session)).words
    page = read(carl.get(f"{attempt}/transcript"))
    assert SAID in page.words and page.the("a", href=session)
    assert "Lea 1 Completed" in read(carl.get(f"{scenario}/participation")).words
    assert "Lea 1 Completed" in read(enter(cast.adam).get("/o/acme/sessions?participant=lea")).words
    assert "lea@example.com" not in read(anna.get("/o/acme/people")).words
    assert str(cast.lea.member_id) not in anna.get(f"{scenario}/participants").get_data(as_text=True)


def test_somebody_who_left_is_given_nothing_more(
    app: Flask, cast: Cast, practised: tuple[str, str, str], anna: Browser
) -> None:
    scenario, _session, _attempt = practised
    answer = anna.post(f"{scenario}/participants", {"members": [str(cast.lea.member_id)]})
    assert answer.status_code == 422
    with as_member(app, cast.anna):
        assert db.session.query(PracticeSession).count() == 2
