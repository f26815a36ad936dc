"""Roleplay Training: the list of sessions and the history of one."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask

from roleplay.assignments.models import PracticeSession
from roleplay.evaluations.evaluator import evaluate_attempt
from tenants.clock import now
from tenants.db import db
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.judging import ScriptedEvaluator
from tests.practice import as_member
from tests.web.reading import Page, read


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


@pytest.fixture
def room(lea: Browser, scenario: UUID) -> str:
    """Of a conversation that goes on, as an address."""
    location = lea.post(f"/o/acme/catalog/{scenario}/attempts").location
    assert location
    return location


@pytest.fixture
def session(lea: Browser, room: str) -> str:
    """The address of the session it belongs to."""
    (link,) = [a for a in read(lea.get("/o/acme/sessions")).all("a") if "stretched" in a.attributes.get("class", "")]
    return link.attributes["href"]


def rows(page: Page) -> int:
    return len(page.all("tr")) - 1


def hang_up(browser: Browser, room: str) -> str:
    """Ends the conversation and returns the address of its debrief."""
    response = browser.post(room.replace("/room", "/completion"))
    assert response.status_code == 303 and response.location
    return response.location


def change(app: Flask, cast: Cast, **values: object) -> None:
    with as_member(app, cast.lea):
        db.session.query(PracticeSession).update(values)
        db.session.commit()


def test_without_sessions_the_page_offers_the_catalog(lea: Browser) -> None:
    page = read(lea.get("/o/acme/sessions"))
    assert "No sessions yet" in page.words and not page.all("table")


def test_a_session_is_to_do_until_an_attempt_has_ended(lea: Browser, room: str, session: str) -> None:
    page = read(lea.get("/o/acme/sessions"))
    assert "1 session" in page.words and "To do" in page.words
    hang_up(lea, room)
    assert "Completed" in read(lea.get("/o/acme/sessions")).words


def test_a_missed_deadline_is_overdue(lea: Browser, app: Flask, cast: Cast, session: str) -> None:
    change(app, cast, deadline_at=now() - timedelta(days=1))
    assert "Overdue" in read(lea.get("/o/acme/sessions")).words


def test_a_conversation_that_goes_on_blocks_a_new_one_and_leads_back(lea: Browser, room: str, session: str) -> None:
    page = read(lea.get(session))
    assert "In session" in page.words
    assert page.the("a", href=room)
    starting = page.the("form", action=f"{session}/attempts")
    assert all("disabled" in button.attributes for button in page.inside(starting, "button"))
    refused = lea.post(f"{session}/attempts")
    assert refused.status_code == 409
    assert read(refused).the("a", href=room)


def test_start_new_adds_a_numbered_attempt_by_voice_or_text(lea: Browser, room: str, session: str) -> None:
    first = hang_up(lea, room)
    page = read(lea.get(session))
    starting = page.the("form", action=f"{session}/attempts")
    assert [button.attributes["value"] for button in page.inside(starting, "button")] == ["voice", "text"]
    again = lea.post(f"{session}/attempts", {"mode": "text"})
    assert again.status_code == 303 and again.location
    assert 'data-mode="text"' in lea.get(again.location).text
    second = hang_up(lea, again.location)
    page = read(lea.get(session))
    assert rows(page) == 2
    newest_first = [a.attributes["href"] for a in page.all("a") if "stretched" in a.attributes.get("class", "")]
    assert newest_first == [second, first]


def test_many_attempts_come_page_by_page(
    lea: Browser, room: str, session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = hang_up(lea, room)
    second = hang_up(lea, str(lea.post(f"{session}/attempts", {"mode": "text"}).location))
    monkeypatch.setattr("roleplay.web.sessions.history.PAGE", 1)
    for number, shown in ((1, second), (2, first), (0, second), (99, first)):
        page = read(lea.get(f"{session}?page={number}"))
        assert [a.attributes["href"] for a in page.all("a") if "stretched" in a.attributes.get("class", "")] == [shown]
        assert "Page" in page.words


def test_an_attempt_is_evaluating_until_it_has_its_score(
    lea: Browser, app: Flask, cast: Cast, room: str, session: str
) -> None:
    debrief = hang_up(lea, room)
    assert "Evaluating" in read(lea.get(session)).words
    with as_member(app, cast.lea):
        evaluate_attempt(UUID(debrief.rsplit("/", 1)[1]), using=ScriptedEvaluator())
    words = read(lea.get(session)).words
    assert "Not scored" in words and "Evaluating" not in words


def test_a_session_keeps_the_name_and_the_way_to_its_brief(lea: Browser, scenario: UUID, session: str) -> None:
    page = read(lea.get(session))
    assert "The missed deadline" in page.words
    assert page.the("a", href=f"/o/acme/catalog/{scenario}")


@pytest.mark.parametrize("who", ["leo", "carl", "olivia"])
def test_a_private_session_is_there_for_its_learner_alone(enter: Enter, cast: Cast, session: str, who: str) -> None:
    browser = enter(getattr(cast, who))
    for answer in (browser.get(session), browser.post(f"{session}/attempts")):
        assert answer.status_code == 404
    assert browser.get(f"/o/acme/sessions/{uuid4()}").status_code == 404
    assert rows(read(browser.get("/o/acme/sessions"))) == -1
