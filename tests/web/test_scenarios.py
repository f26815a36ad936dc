"""The table of scenarios, one scenario, and what its author can do with it."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import event

from roleplay.assignments.assigning import assign
from roleplay.attempts.models import Attempt
from roleplay.scenarios import shelving
from roleplay.scenarios.tags import retag
from tenants.db import db
from tests.authoring import AWKWARD, write
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member, member_of
from tests.web.reading import read
from tests.web.writing import TABLE, names, written


@pytest.fixture
def three(app: Flask, cast: Cast) -> None:
    """An archived one of Adam's, one in the catalog with two tags and a participant, and a draft with one tag."""
    with as_member(app, cast.anna) as anna:
        adam = member_of(cast.adam)
        old = write(adam, title="Zebra talk")
        shelving.publish_draft(old, by=adam)
        shelving.archive(old, by=adam)
        sales = write(anna, title="A price call", type="sales")
        shelving.publish_draft(sales, by=anna)
        retag(sales, ["Pricing", "New hires"], by=anna)
        assign(sales, members=[member_of(cast.lea)], sessions_per_week=2, instructions=None, by=anna)
        draft = write(anna, title="Missing goals", goals=[])
        retag(draft, ["pricing"], by=anna)
        db.session.commit()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 2),
        ("?status=archived", 1),
        ("?status=published", 1),
        ("?status=draft", 1),
        ("?status=ready", 0),
        ("?status=nonsense", 2),
        ("?type=sales", 1),
        ("?q=PRICE", 1),
        ("?q=keller+anna", 2),
        ("?q=%25", 0),
        ("?by=me", 2),
        ("?tag=Pricing", 2),
        ("?tag=Pricing&tag=new+hires", 1),
        ("?tag=unknown", 0),
        ("?sort=-participants", 2),
        ("?sort=frequency&page=99", 2),
        ("?sort=evil;drop&page=-4", 2),
    ],
)
def test_the_address_narrows_and_sorts_the_table(anna: Browser, three: None, query: str, found: int) -> None:
    response = anna.get(TABLE + query)
    assert response.status_code == 200
    assert len(names(read(response))) == found
    assert len(names(read(anna.get(TABLE + query, headers={"HX-Request": "true"})))) == found


def test_a_row_tells_everything_of_the_guide(anna: Browser, three: None) -> None:
    page = read(anna.get(f"{TABLE}?q=price"))
    for heading in (
        "Name",
        "Scenario Type",
        "Persona used",
        "Participants",
        "Frequency",
        "Created by",
        "Tags",
        "Date created",
    ):
        assert heading in page.words
    for value in (
        "A price call",
        "In the catalog",
        "Sales",
        "Martin Keller",
        "2 per week",
        "Anna",
        "Pricing",
        "New hires",
    ):
        assert value in page.words
    assert "1 scenario, sorted by date created" in page.words


def test_the_sorted_column_says_so_and_turns_round(anna: Browser, three: None) -> None:
    page = read(anna.get(f"{TABLE}?sort=name"))
    assert [head.attributes["aria-sort"] for head in page.all("th") if "aria-sort" in head.attributes] == ["ascending"]
    first, second = names(page)
    assert names(read(anna.get(f"{TABLE}?sort=-name"))) == [second, first]
    assert any("sort=-name" in link.attributes.get("href", "") for link in page.all("a"))


def test_the_number_of_queries_does_not_grow_with_the_scenarios(app: Flask, cast: Cast, anna: Browser) -> None:
    written(app, cast)
    few = queries_of(app, anna)
    with as_member(app, cast.anna) as author:
        for number in range(60):
            retag(write(author, title=f"Scenario {number:03}"), [f"tag {number % 5}"], by=author)
        db.session.commit()
    assert queries_of(app, anna) == few
    page = read(anna.get(f"{TABLE}?sort=name&page=2"))
    assert len(names(page)) == 25
    assert page.all("nav")[-1].attributes["aria-label"] == "Pages"


def queries_of(app: Flask, browser: Browser) -> list[str]:
    browser.get(TABLE)
    said: list[str] = []
    with app.app_context():
        engine = db.engines[None]

    def hear(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        said.append(statement.split(maxsplit=1)[0])

    event.listen(engine, "before_cursor_execute", hear)
    browser.get(TABLE)
    event.remove(engine, "before_cursor_execute", hear)
    return said


def test_nothing_yet_offers_to_begin(anna: Browser) -> None:
    page = read(anna.get(TABLE))
    assert "No scenarios yet" in page.words
    assert (
        len(
            [
                form
                for form in page.all("form")
                if form.attributes["method"] == "post" and form.attributes["action"] == TABLE
            ]
        )
        == 2
    )


@pytest.mark.parametrize(
    "part", ["", "?part=persona", "?part=personality", "?part=evaluation", "?part=frequency", "?part=x"]
)
def test_every_part_of_a_scenario_can_be_read(anna: Browser, scenario_id: UUID, part: str) -> None:
    response = anna.get(f"{TABLE}/{scenario_id}{part}")
    assert response.status_code == 200
    assert [link for link in read(response).all("a") if link.attributes.get("aria-current") == "page"]


@pytest.mark.parametrize("words", AWKWARD.values(), ids=AWKWARD)
def test_words_of_any_kind_are_shown_as_they_are(app: Flask, cast: Cast, anna: Browser, words: str) -> None:
    scenario_id = written(app, cast, title=words, context=words)
    for path in (TABLE, f"{TABLE}/{scenario_id}", f"{TABLE}/{scenario_id}/edit/details"):
        response = anna.get(path)
        assert "<script>alert" not in response.text
        assert words in read(response).words or words in response.text.replace("&#34;", '"').replace(
            "&#39;", "'"
        ).replace("&amp;", "&")


def test_what_is_missing_leads_to_its_field(anna: Browser, app: Flask, cast: Cast) -> None:
    scenario_id = written(app, cast, goals=[], opening=None)
    page = read(anna.get(f"{TABLE}/{scenario_id}"))
    assert "2 things are missing" in page.words
    link = page.the("a", href=f"{TABLE}/{scenario_id}/edit/persona#opening")
    target, _hash, field = link.attributes["href"].partition("#")
    assert [element for element in read(anna.get(target)).elements if element.attributes.get("id") == field]
    assert page.the("a", href=f"{TABLE}/{scenario_id}/edit/details#goals-add")


def test_every_missing_part_of_an_empty_draft_leads_to_a_field(anna: Browser) -> None:
    first = anna.post(TABLE).location
    anna.post(first, {"title": "x", "revision": 0, "do": "goals:add"})
    page = read(anna.get(first.replace("/edit/details", "")))
    links = [
        link.attributes["href"]
        for link in page.all("a")
        if "/edit/" in link.attributes.get("href", "") and "#" in link.attributes["href"]
    ]
    assert len(links) > 12
    for address in links:
        target, _hash, field = address.partition("#")
        ids = {element.attributes.get("id") for element in read(anna.get(target)).elements}
        assert field in ids, address


def test_a_test_session_of_an_incomplete_scenario_is_refused_and_brings_back(
    anna: Browser, app: Flask, cast: Cast
) -> None:
    scenario_id = written(app, cast, goals=[])
    response = anna.post(f"{TABLE}/{scenario_id}/test-sessions")
    assert (response.status_code, response.location) == (303, f"{TABLE}/{scenario_id}")
    assert "Scenario is not valid for test session" in read(anna.get(response.location)).words


@pytest.mark.parametrize("mode", ["voice", "text"])
def test_a_test_session_opens_the_room_on_the_present_text(
    anna: Browser, app: Flask, cast: Cast, scenario_id: UUID, mode: str
) -> None:
    response = anna.post(f"{TABLE}/{scenario_id}/test-sessions", {"mode": mode})
    assert response.location.endswith("/room")
    with as_member(app, cast.anna):
        attempt = db.session.query(Attempt).one()
        assert (attempt.mode, attempt.version.scenario_id) == (mode, scenario_id)
        assert attempt.practice_session and attempt.practice_session.is_private
    page = read(anna.get(f"/o/acme/sessions/{attempt.practice_session_id}"))
    assert not [link for link in page.all("a") if link.attributes.get("href", "").endswith(f"/catalog/{scenario_id}")]


def test_publish_archive_and_back_again(anna: Browser, enter: Enter, cast: Cast, scenario_id: UUID) -> None:
    lea, brief = enter(cast.lea), f"/o/acme/catalog/{scenario_id}"
    assert lea.get(brief).status_code == 404
    for noun, status in (("publication", 200), ("archival", 404), ("publication", 200)):
        assert anna.post(f"{TABLE}/{scenario_id}/{noun}").status_code == 303
        assert lea.get(brief).status_code == status


def test_only_its_creator_is_offered_to_delete_and_the_attempts_stay(
    anna: Browser, enter: Enter, cast: Cast, scenario_id: UUID
) -> None:
    adam, path = enter(cast.adam), f"{TABLE}/{scenario_id}"
    assert "Delete scenario?" in read(anna.get(path)).words
    assert "Delete scenario?" not in read(adam.get(path)).words
    assert "Only its creator" in read(adam.post(f"{path}/deletion")).words
    room = anna.post(f"{path}/test-sessions", {"mode": "text"}).location
    anna.post(room.replace("/room", "/completion"))
    assert anna.post(f"{path}/deletion").location == TABLE
    assert anna.get(path).status_code == 404
    assert not names(read(anna.get(TABLE)))
    assert anna.get(room.replace("/room", "")).status_code == 200


def test_duplicate_opens_the_steps_filled_in(anna: Browser, app: Flask, cast: Cast, scenario_id: UUID) -> None:
    response = anna.post(f"{TABLE}/{scenario_id}/copies")
    page = read(anna.get(response.location))
    assert page.value_of("title") == "Copy of The missed deadline"
    assert page.value_of("goals-0-text") == "He says in his own words what he will change."
    assert str(scenario_id) not in response.location
    assert str(scenario_id) in anna.get(f"{TABLE}/copies?q=missed").text


def test_a_library_scenario_offers_duplicate_and_not_edit(anna: Browser, stocked: None) -> None:
    (first, *_others) = names(read(anna.get(f"{TABLE}?q=fridge")))
    page = read(anna.get(f"{TABLE}/{first}"))
    assert "A ready-made scenario" in page.words
    assert not [link for link in page.all("a") if "/edit/" in link.attributes.get("href", "")]
    refused = anna.get(f"{TABLE}/{first}/edit/details")
    assert refused.status_code == 403
    assert "Duplicate this one and change the copy" in read(refused).words
    assert anna.post(f"{TABLE}/{first}/test-sessions", {"mode": "text"}).location.endswith("/room")


def test_an_unknown_scenario_is_not_there(anna: Browser, cast: Cast) -> None:
    unknown = uuid4()
    for path in ("", "/edit/details", "/tags", "/file"):
        assert anna.get(f"{TABLE}/{unknown}{path}").status_code == 404
    for noun in ("copies", "test-sessions", "versions", "publication", "archival", "deletion", "tags"):
        assert anna.post(f"{TABLE}/{unknown}/{noun}").status_code == 404
