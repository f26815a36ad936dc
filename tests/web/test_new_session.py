"""New session: four steps, of which each is kept, to a conversation that opens."""

from typing import Any

import pytest
from flask import Flask

from roleplay.assignments.models import PracticeSession
from roleplay.scenarios.authoring import draft_of
from roleplay.scenarios.models import Scenario
from tenants.db import db
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read

DETAILS = {"title": "My price call", "type": "sales", "language": "en", "time_limit_minutes": "15", "tuning": "Be dry."}
PERSONA = {"name": "Ines Prado", "job": "Buyer"}


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


@pytest.fixture
def steps(lea: Browser) -> str:
    """The address of the steps, without the step."""
    return str(lea.post("/o/acme/sessions").location).removesuffix("details")


def text_of(app: Flask, cast: Cast) -> dict[str, Any]:
    with as_member(app, cast.lea):
        return draft_of(db.session.query(Scenario).filter_by(is_personal=True).one()).text


def test_four_steps_lead_to_the_room_and_the_rest_has_a_starter(
    lea: Browser, app: Flask, cast: Cast, steps: str
) -> None:
    assert "Step 1 of 4" in read(lea.get(f"{steps}details")).words
    assert str(lea.post(f"{steps}details", DETAILS).location).endswith("/persona")
    assert str(lea.post(f"{steps}persona", PERSONA).location).endswith("/personality")
    dials = {"trait": "proud", "emotional_state": "own", "emotional_state_own": "On the edge"}
    assert str(lea.post(f"{steps}personality", dials).location).endswith("/evaluation")
    done = lea.post(f"{steps}evaluation", {"evaluation_template": "discovery", "do": "start"})
    assert str(done.location).endswith("/room")
    assert "Initializing…" in lea.get(str(done.location)).text
    with as_member(app, cast.lea):
        session = db.session.query(PracticeSession).one()
        content = session.version.content
        assert (session.name, session.is_private, session.type) == ("My price call", True, "sales")
        assert (content.tuning, content.time_limit_minutes) == ("Be dry.", 15)
        assert (content.persona.trait, content.persona.emotional_state) == ("proud", "On the edge")
        assert len(content.goals) == 3 and content.opening


def test_going_back_loses_nothing(lea: Browser, steps: str) -> None:
    lea.post(f"{steps}details", DETAILS)
    back = lea.post(f"{steps}persona", {**PERSONA, "do": "back"}).location
    assert read(lea.get(str(back))).value_of("title") == "My price call"
    assert read(lea.get(f"{steps}persona")).value_of("name") == "Ines Prado"
    assert lea.post(f"{steps}persona", {**PERSONA, "do": "leave"}).location == "/o/acme/sessions"


def test_a_ready_made_persona_fills_the_step(lea: Browser, steps: str) -> None:
    taken = lea.post(f"{steps}persona", {"do": "take:procurement-director"}).location
    assert read(lea.get(str(taken))).value_of("name") == "Helga Brandt"


def test_starting_too_early_leads_to_what_is_missing(lea: Browser, app: Flask, cast: Cast, steps: str) -> None:
    early = lea.post(f"{steps}evaluation", {"do": "start"})
    assert str(early.location).endswith("details#title")
    assert "Something is still missing: Name: not filled in yet" in read(lea.get(f"{steps}details")).words
    lea.post(f"{steps}details", DETAILS)
    assert str(lea.post(f"{steps}evaluation", {"do": "start"}).location).endswith("persona#name")
    with as_member(app, cast.lea):
        assert not db.session.query(PracticeSession).count()


@pytest.mark.parametrize("field", ["title", "tuning"])
def test_what_is_too_long_is_said_at_its_field_and_not_lost(lea: Browser, steps: str, field: str) -> None:
    answer = lea.post(f"{steps}details", {**DETAILS, field: "x" * 10_001})
    assert answer.status_code == 422
    assert "Use at most" in read(answer).words and "x" * 10_001 in answer.text


def test_a_session_in_the_making_is_in_no_list_and_nobody_elses(
    lea: Browser, enter: Enter, cast: Cast, app: Flask, steps: str
) -> None:
    lea.post(f"{steps}details", DETAILS)
    olivia = enter(cast.olivia)
    for path in ("/o/acme/scenarios", "/o/acme/catalog", "/o/acme/sessions"):
        assert "My price call" not in read(olivia.get(path)).words
    scenario_id = steps.rstrip("/").rsplit("/", 1)[1]
    assert olivia.get(f"{steps}details").status_code == 404
    assert olivia.get(f"/o/acme/scenarios/{scenario_id}").status_code == 404
    assert olivia.get(f"/o/acme/scenarios/{scenario_id}/edit/details").status_code == 404


def test_beginning_twice_without_a_word_is_one_draft(lea: Browser, steps: str) -> None:
    again = str(lea.post("/o/acme/sessions").location).removesuffix("details")
    assert again == steps
    lea.post(f"{steps}details", DETAILS)
    assert str(lea.post("/o/acme/sessions").location).removesuffix("details") != steps


def test_with_a_conversation_still_open_the_session_is_made_and_waits(lea: Browser, steps: str) -> None:
    for title in ("The first", "The second"):
        path = str(lea.post("/o/acme/sessions").location).removesuffix("details")
        lea.post(f"{path}details", {**DETAILS, "title": title})
        lea.post(f"{path}persona", PERSONA)
        done = lea.post(f"{path}evaluation", {"do": "start:text"})
    page = read(lea.get(str(done.location)))
    assert "The second" in page.words and "A conversation is still open" in page.words
