"""The catalog and the brief of a scenario."""

from uuid import UUID, uuid4

import pytest
from flask import Flask

from roleplay.scenarios.content import ScenarioType
from roleplay.scenarios.models import Scenario
from tenants.clock import now
from tenants.db import db
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import THE_SCENARIO, as_member, publish_the_scenario
from tests.web.reading import read
from tests.web.test_languages import speaks

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


@pytest.fixture
def two_scenarios(app: Flask, cast: Cast) -> None:
    persona = THE_SCENARIO.persona.model_copy(update={"name": "Ines Ferreira", "job": "buyer"})
    sales = {"title": "100% of the price", "type": ScenarioType.SALES, "summary": "She_wants a discount."}
    with as_member(app, cast.lea):
        publish_the_scenario()
        publish_the_scenario(THE_SCENARIO.model_copy(update={**sales, "persona": persona}))
        db.session.commit()


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("", 2),
        ("missed", 1),
        ("MISSED deadline", 1),
        ("ferreira", 1),
        ("buyer", 1),
        ("%", 1),
        ("_", 1),
        ("missed price", 0),
        ("zebra", 0),
    ],
)
def test_a_search_finds_title_summary_and_persona_word_by_word(
    lea: Browser, two_scenarios: None, search: str, found: int
) -> None:
    page = read(lea.get("/o/acme/catalog", query_string={"q": search}))
    assert len(page.all("article")) == found
    assert page.value_of("q") == search
    assert ("No scenario matches" in page.words) == (found == 0)


def test_scenarios_in_the_language_of_the_person_come_first(app: Flask, lea: Browser, cast: Cast) -> None:
    with as_member(app, cast.lea):
        publish_the_scenario(THE_SCENARIO.model_copy(update={"title": "A delay"}))
        publish_the_scenario(THE_SCENARIO.model_copy(update={"title": "Un retard", "language": "fr"}))
        db.session.commit()
    for language, order in (("en", ["A delay", "Un retard"]), ("fr", ["Un retard", "A delay"])):
        speaks(app, cast.lea, language)
        words = read(lea.get("/o/acme/catalog")).words
        assert sorted(order, key=words.index) == order


def test_a_type_narrows_and_an_unknown_type_does_not(lea: Browser, two_scenarios: None) -> None:
    for kind, found in (("sales", 1), ("support", 0), ("nonsense", 2)):
        assert len(read(lea.get(f"/o/acme/catalog?type={kind}")).all("article")) == found
    page = read(lea.get("/o/acme/catalog?type=sales"))
    assert page.the("input", name="type").attributes["value"] == "sales"


def test_htmx_gets_only_what_a_search_changes(lea: Browser, two_scenarios: None) -> None:
    response = lea.get("/o/acme/catalog?q=missed", headers=FRAGMENT)
    page = read(response)
    assert page.elements[0].attributes["id"] == "catalog-cards"
    assert not page.all("html", "main", "h1")
    assert len(page.all("article")) == 1
    chips = [link.attributes["href"] for link in page.all("a") if "chip" in link.attributes.get("class", "")]
    assert chips and all("q=missed" in address for address in chips)


def test_going_back_in_history_gets_the_whole_page(lea: Browser, two_scenarios: None) -> None:
    response = lea.get("/o/acme/catalog", headers={**FRAGMENT, "HX-History-Restore-Request": "true"})
    assert read(response).all("main")


def test_an_empty_catalog_says_so(lea: Browser) -> None:
    assert "The catalog is empty" in read(lea.get("/o/acme/catalog")).words


def test_the_brief_tells_what_a_learner_needs_and_that_it_is_an_ai(lea: Browser, scenario: UUID) -> None:
    words = read(lea.get(f"/o/acme/catalog/{scenario}")).words
    for text in ("You lead the team.", "Martin Keller", "5 minutes", "You will talk to an AI", "Practice engine"):
        assert text in words
    assert THE_SCENARIO.goals[0].text in words
    assert THE_SCENARIO.persona.biography not in words


@pytest.mark.parametrize(("mode", "kept"), [("voice", "voice"), ("text", "text"), ("telepathy", "voice")])
def test_a_button_starts_the_conversation_and_leads_to_its_room(
    lea: Browser, scenario: UUID, mode: str, kept: str
) -> None:
    response = lea.post(f"/o/acme/catalog/{scenario}/attempts", {"mode": mode})
    assert response.status_code == 303
    assert response.location.endswith("/room")
    room = lea.get(response.location)
    assert room.status_code == 200
    assert f'data-mode="{kept}"' in room.text


def test_a_second_conversation_at_a_time_is_refused_with_the_way_back(lea: Browser, scenario: UUID) -> None:
    room = lea.post(f"/o/acme/catalog/{scenario}/attempts").location
    refused = lea.post(f"/o/acme/catalog/{scenario}/attempts")
    page = read(refused)
    assert refused.status_code == 409
    assert page.the("a", href=room)
    ending = page.the("form", action=room.replace("/room", "/completion"))
    assert page.inside(ending, "button")
    for path in ("/o/acme/", f"/o/acme/catalog/{scenario}"):
        assert read(lea.get(path)).the("a", href=room), path
    assert lea.post(ending.attributes["action"]).status_code == 303
    assert lea.post(f"/o/acme/catalog/{scenario}/attempts").status_code == 303


def test_an_unknown_scenario_is_not_there(lea: Browser, cast: Cast) -> None:
    unknown = uuid4()
    assert lea.get(f"/o/acme/catalog/{unknown}").status_code == 404
    assert lea.post(f"/o/acme/catalog/{unknown}/attempts").status_code == 404


def test_a_scenario_that_was_taken_out_of_the_catalog_is_not_there(
    lea: Browser, app: Flask, cast: Cast, scenario: UUID
) -> None:
    with as_member(app, cast.anna):
        db.session.query(Scenario).one().archived_at = now()
        db.session.commit()
    assert lea.get(f"/o/acme/catalog/{scenario}").status_code == 404
    assert not read(lea.get("/o/acme/catalog")).all("article")
