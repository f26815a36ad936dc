"""The table of sessions: columns, who sees what, filters, order and pages; deleting a chat and starting again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from roleplay.assignments import assigning
from roleplay.assignments.models import PracticeSession
from roleplay.attempts.models import Attempt, AttemptStatus, Turn, UsageEntry
from roleplay.evaluations.evaluator import evaluate_attempt
from roleplay.evaluations.models import Evaluation
from tenants.clock import now
from tenants.db import db
from tests.assigning import in_use, sessions_of
from tests.browsers import Browser, Enter
from tests.cast import Cast, Person
from tests.judging import SAID, ScriptedEvaluator, end_attempt
from tests.practice import as_member, load, member_of
from tests.web.reading import Page, read

TABLE = "/o/acme/sessions"
COLUMNS = ["Name", "Attempts", "Status", "Deadline", "Scenario Type", "Persona used", "Created by", "Date created"]


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


@pytest.fixture
def given(app: Flask, cast: Cast) -> None:
    """To Lea: one that is overdue and one that is due next week. To Leo: one without a deadline."""
    with as_member(app, cast.anna) as anna:
        lea, leo = member_of(cast.lea), member_of(cast.leo)
        late, soon = in_use(anna, title="Zebra talk"), in_use(anna, title="A price call", type="sales")
        assigning.invite(late, [lea], deadline_at=now() - timedelta(days=2), by=anna)
        assigning.invite(soon, [lea], deadline_at=now() + timedelta(days=7), by=anna)
        assigning.invite(in_use(anna, title="For Leo"), [leo], by=anna)
        db.session.commit()


def names(page: Page) -> list[str]:
    rows = list(page.all("tr"))[1:]
    return [page.inside(row, "a")[0].attributes["href"].rsplit("/", 1)[1] for row in rows]


def titles(app: Flask, person: Person, page: Page) -> list[str]:
    with as_member(app, person):
        known = {str(session.id): session.name for session in db.session.query(PracticeSession)}
    return [known[name] for name in names(page)]


def test_the_table_has_every_column_and_says_how_many_there_are(lea: Browser, given: None) -> None:
    page = read(lea.get(TABLE))
    assert [cell.attributes.get("scope") for cell in page.all("th")][:8] == ["col"] * 8
    for column in COLUMNS:
        assert column in page.words
    assert "2 sessions, sorted by date created" in page.words
    assert page.the("p", role="status", **{"class": "table-status"})
    assert "Overdue" in page.words and "Anna" in page.words and "Martin Keller" in page.words


def test_only_administrators_see_the_participants_and_can_choose_one(
    lea: Browser, enter: Enter, app: Flask, cast: Cast, given: None
) -> None:
    assert "Participant" not in read(lea.get(TABLE)).words
    assert "Participant" not in read(enter(cast.anna).get(TABLE)).words
    adam = enter(cast.adam)
    page = read(adam.get(TABLE))
    assert "Participant" in page.words and "3 sessions" in page.words
    assert titles(app, cast.adam, read(adam.get(f"{TABLE}?participant=leo"))) == ["For Leo"]
    assert "No session matches" in read(adam.get(f"{TABLE}?participant=adam%40example.com")).words
    assert len(names(read(lea.get(f"{TABLE}?participant=leo")))) == 2


def test_private_practice_is_in_no_table_but_its_owners(lea: Browser, enter: Enter, cast: Cast, scenario: UUID) -> None:
    lea.post(f"/o/acme/catalog/{scenario}/attempts")
    assert "The missed deadline" in read(lea.get(TABLE)).words
    for person in (cast.adam, cast.olivia, cast.carl):
        assert "The missed deadline" not in read(enter(person).get(TABLE)).words


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("sort=name", ["A price call", "Zebra talk"]),
        ("sort=-name", ["Zebra talk", "A price call"]),
        ("sort=deadline", ["Zebra talk", "A price call"]),
        ("sort=-deadline", ["A price call", "Zebra talk"]),
        ("sort=status", ["Zebra talk", "A price call"]),
        ("sort=type", ["Zebra talk", "A price call"]),
        ("status=overdue", ["Zebra talk"]),
        ("status=to_do", ["A price call"]),
        ("status=completed", []),
        ("type=sales", ["A price call"]),
        ("q=zebra", ["Zebra talk"]),
        ("q=martin+PRICE", ["A price call"]),
        ("q=%25", []),
        ("page=99&sort=name", ["A price call", "Zebra talk"]),
        ("sort=nonsense&status=nonsense&type=nonsense&page=nonsense", ["A price call", "Zebra talk"]),
    ],
)
def test_filters_order_and_page_are_in_the_address(
    lea: Browser, app: Flask, cast: Cast, given: None, query: str, found: list[str]
) -> None:
    assert titles(app, cast.lea, read(lea.get(f"{TABLE}?{query}"))) == found


@pytest.mark.parametrize("sort", ["attempts", "persona", "participant", "creator", "created"])
def test_every_column_sorts_both_ways(enter: Enter, cast: Cast, given: None, sort: str) -> None:
    adam = enter(cast.adam)
    up, down = (names(read(adam.get(f"{TABLE}?sort={sign}{sort}"))) for sign in ("", "-"))
    assert sorted(up) == sorted(down) and len(up) == 3


@contextmanager
def statements() -> Iterator[list[str]]:
    said: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", hear)
    yield said
    event.remove(Engine, "before_cursor_execute", hear)


def test_a_page_takes_the_same_number_of_queries_however_many_rows_it_has(
    enter: Enter, app: Flask, cast: Cast, given: None
) -> None:
    adam = enter(cast.adam)
    adam.get(TABLE)
    with statements() as few:
        adam.get(TABLE)
    with as_member(app, cast.anna) as anna:
        for number in range(12):
            assigning.invite(in_use(anna, title=f"Call {number}"), [member_of(cast.lea)], by=anna)
        db.session.commit()
    with statements() as many:
        assert len(names(read(adam.get(TABLE)))) == 15
    assert len(many) == len(few)


def test_home_shows_what_is_due_first(lea: Browser, given: None) -> None:
    page = read(lea.get("/o/acme/"))
    assert page.words.index("Zebra talk") < page.words.index("A price call")


def assigned(app: Flask, cast: Cast) -> UUID:
    """An attempt that Lea made in a session she was given, evaluated."""
    with as_member(app, cast.anna) as anna:
        assigning.invite(in_use(anna), [member_of(cast.lea)], by=anna)
        session = sessions_of(member_of(cast.lea))[0]
        db.session.commit()
    attempt_id = end_attempt(app, cast.lea, SAID)
    with as_member(app, cast.lea):
        load(attempt_id).practice_session_id = session.id
        db.session.query(PracticeSession).filter_by(id=session.id).update({"attempt_count": 1})
        db.session.commit()
        evaluate_attempt(attempt_id, using=ScriptedEvaluator())
    return attempt_id


def test_a_deleted_chat_is_gone_with_its_evaluation_and_the_session_is_to_do_again(
    enter: Enter, app: Flask, cast: Cast
) -> None:
    attempt_id, adam = assigned(app, cast), enter(cast.adam)
    address = f"/o/acme/attempts/{attempt_id}"
    page = read(adam.get(address))
    assert "Delete chat?" in page.words and "This is permanent" in page.words
    done = adam.post(page.the("form", action=f"{address}/deletion").attributes["action"])
    assert done.status_code == 303
    words = read(adam.get(str(done.location))).words
    assert "The chat is deleted." in words and "No attempts yet" in words and "To do" in words
    assert adam.get(address).status_code == 404
    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.DELETED
        for table in (Turn, Evaluation):
            assert not db.session.query(table).count()


def test_who_may_delete_a_chat(enter: Enter, app: Flask, cast: Cast) -> None:
    address = f"/o/acme/attempts/{assigned(app, cast)}"
    lea = enter(cast.lea)
    assert "Delete chat" not in read(lea.get(address)).words
    refused = lea.post(f"{address}/deletion")
    assert refused.status_code == 403 and "only someone who administers" in read(refused).words
    assert enter(cast.carl).post(f"{address}/deletion").status_code == 403
    assert enter(cast.leo).post(f"{address}/deletion").status_code == 404


def test_private_practice_is_deleted_by_its_owner_even_in_the_room(
    lea: Browser, enter: Enter, app: Flask, cast: Cast, scenario: UUID
) -> None:
    room = str(lea.post(f"/o/acme/catalog/{scenario}/attempts").location)
    attempt = room.removesuffix("/room")
    assert "Delete chat?" in read(lea.get(room)).words
    assert enter(cast.olivia).post(f"{attempt}/deletion").status_code == 404
    assert lea.post(f"{attempt}/deletion").status_code == 303
    assert lea.get(room).status_code == 404
    with as_member(app, cast.lea):
        evaluate_attempt(UUID(attempt.rsplit("/", 1)[1]), using=ScriptedEvaluator())
        assert not db.session.query(Evaluation).count() and not db.session.query(UsageEntry).count()
    again = str(lea.post(f"/o/acme/catalog/{scenario}/attempts").location)
    with as_member(app, cast.lea):
        assert load(UUID(again.split("/")[-2])).number == 2


def test_after_an_error_the_owner_restarts_in_one_click(lea: Browser, app: Flask, cast: Cast, scenario: UUID) -> None:
    room = str(lea.post(f"/o/acme/catalog/{scenario}/attempts", {"mode": "text"}).location)
    page = read(lea.get(room))
    with as_member(app, cast.lea) as member:
        session = f"{TABLE}/{sessions_of(member)[0].id}"
    assert page.the("form", action=f"{session}/attempts") and "Restart roleplay" in page.words
    again = lea.post(f"{session}/attempts", {"restart": "1", "mode": "text"})
    assert str(again.location).endswith("/room") and again.location != room
    with as_member(app, cast.lea):
        db.session.query(Attempt).update({"status": AttemptStatus.FAILED})
        db.session.commit()
    words = read(lea.get(session)).words
    assert "There was an issue with the roleplay." in words and "Restart roleplay" in words


def test_instructions_are_shown_to_whoever_joins(lea: Browser, app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        scenario = in_use(anna, instructions="Stand up while you talk.")
        assigning.invite(scenario, [member_of(cast.lea)], by=anna)
        session = f"{TABLE}/{sessions_of(member_of(cast.lea))[0].id}"
        db.session.commit()
    assert "Stand up while you talk." in read(lea.get(session)).words
    room = lea.post(f"{session}/attempts").location
    assert "Stand up while you talk." in read(lea.get(str(room))).words
