"""The six steps: every way out keeps what was typed, and refusals lose nothing."""

import pytest
from flask import Flask

from roleplay.assignments.models import Participant
from roleplay.scenarios.personas import people
from roleplay.web.scenarios import wizard
from tenants.clock import now
from tenants.db import db
from tenants.member_tags import list_teams, tag_members
from tenants.members import members_with
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read
from tests.web.writing import DETAILS, STEPS, filled, text_of


@pytest.mark.parametrize("step", STEPS)
def test_every_step_opens_on_a_new_and_on_a_complete_scenario(
    anna: Browser, steps: str, complete: str, step: str
) -> None:
    for address in (steps, complete):
        page = read(anna.get(address + step))
        assert f"Step {STEPS.index(step) + 1} of 6" in page.words
        assert page.the("li", aria_current="step")


@pytest.mark.parametrize(
    ("do", "leads_to"),
    [
        ("next", "persona"),
        ("back", "details"),
        ("go:frequency", "frequency"),
        ("leave", ""),
        ("", "persona"),
        ("nonsense", "persona"),
    ],
)
def test_every_way_out_keeps_the_step(
    anna: Browser, app: Flask, cast: Cast, steps: str, do: str, leads_to: str
) -> None:
    response = anna.post(f"{steps}details", {**DETAILS, "revision": 0, "do": do})
    assert response.status_code == 303
    assert response.location == (steps + leads_to if leads_to else steps.removesuffix("/edit/"))
    text = text_of(app, cast, steps)
    assert {key: text[key] for key in DETAILS} == DETAILS


def test_a_whole_scenario_in_six_steps(anna: Browser, app: Flask, cast: Cast, steps: str) -> None:
    anna.post(f"{steps}details", {**DETAILS, "goals-0-text": "Ask first.", "goals-0-weight": 3, "revision": 0})
    anna.post(f"{steps}persona", {"do": "take:it-director", "ecosystem": "customers", "revision": 1})
    taken = people("en")[1]
    assert text_of(app, cast, steps)["opening"] == taken.opening
    page = read(anna.get(f"{steps}persona"))
    assert page.value_of("name") == taken.persona.name
    anna.post(
        f"{steps}personality", {**filled(read(anna.get(f"{steps}personality"))), "trait": "own", "trait_own": "Vain"}
    )
    anna.post(
        f"{steps}evaluation",
        {"evaluation_template": "negotiation", "evaluation_instructions": "Be strict.", "revision": 9},
    )
    anna.post(f"{steps}frequency", {"sessions_per_week": 2, "instructions": "By Friday.", "revision": 9})
    done = anna.post(f"{steps}participants", {"members": [str(cast.lea.member_id)], "do": "start", "revision": 9})
    assert done.location == steps.removesuffix("/edit/")
    page = read(anna.get(done.location))
    assert "missing" not in page.words
    assert "Lea" in page.words and "In use" in page.words
    text = text_of(app, cast, steps)
    assert (text["persona"]["trait"], text["persona"]["voice"]) == ("Vain", taken.persona.voice)
    assert text["goals"] == [
        {
            "id": "goal-1",
            "text": "Ask first.",
            "weight": 3,
            "better": None,
            "examples": {"positive": [], "negative": []},
        }
    ]
    with as_member(app, cast.anna):
        assert [one.member_id for one in db.session.query(Participant)] == [cast.lea.member_id]
        db.session.query(Participant).one().removed_at = now()
        db.session.commit()
    anna.post(f"{steps}participants", {"do": "start", "revision": 9})
    with as_member(app, cast.anna):
        assert db.session.query(Participant).one().removed_at, "a later start invites nobody again"


def test_start_on_an_incomplete_scenario_saves_a_draft_and_invites_nobody(
    anna: Browser, app: Flask, cast: Cast, steps: str
) -> None:
    done = anna.post(f"{steps}participants", {"members": [str(cast.lea.member_id)], "do": "start", "revision": 0})
    page = read(anna.get(done.location))
    assert "Saved as a draft" in page.words
    assert "are missing before anyone can practise this" in page.words
    boxes = [box for box in read(anna.get(f"{steps}participants")).all("input") if "checked" in box.attributes]
    assert [box.attributes["value"] for box in boxes] == [str(cast.lea.member_id)]


def test_rows_come_go_move_and_keep_what_the_form_does_not_show(
    anna: Browser, app: Flask, cast: Cast, complete: str
) -> None:
    def press(do: str) -> list[str]:
        page = read(anna.get(f"{complete}details"))
        anna.post(f"{complete}details", {**DETAILS, **filled(page), **typed, "do": do})
        return [goal["text"] for goal in text_of(app, cast, complete)["goals"]]

    typed: dict[str, str] = {}
    first = press("goals:add")
    assert first == ["He says in his own words what he will change.", ""]
    typed = {"goals-1-text": "He names a date."}
    assert press("goals:up:1") == ["He names a date.", first[0]]
    typed = {}
    assert [goal["id"] for goal in text_of(app, cast, complete)["goals"]] == ["goal-1", "own-it"]
    assert press("goals:down:0") == [first[0], "He names a date."]
    assert press("goals:remove:0") == ["He names a date."]
    for nonsense in ("goals:remove:99", "goals:up:x", "goals:explode", "evil:add"):
        assert press(nonsense) == ["He names a date."]


def test_no_more_goals_than_a_scenario_takes(anna: Browser, app: Flask, cast: Cast, steps: str) -> None:
    rows = {f"goals-{number}-text": f"Goal {number}" for number in range(12)}
    anna.post(f"{steps}details", {**DETAILS, **rows, "revision": 0, "do": "goals:add"})
    assert len(text_of(app, cast, steps)["goals"]) == 8


def test_examples_and_levers_are_kept_with_their_rows(anna: Browser, app: Flask, cast: Cast, steps: str) -> None:
    rows = {
        "goals-0-text": "Ask.",
        "goals-0-positive": "What lies behind it?\r\n\r\n  Why now? ",
        "opens-0-text": "Names a cost",
        "opens-0-strength": 3,
        "closes-0-text": "Gives in",
        "facts-0-text": "Has an offer",
        "facts-0-guarded": "y",
        "facts-0-asked_by": "Do you have an offer?",
    }
    anna.post(f"{steps}details", {**DETAILS, **rows, "revision": 0})
    text = text_of(app, cast, steps)
    assert text["goals"][0]["examples"]["positive"] == ["What lies behind it?", "Why now?"]
    assert [(lever["direction"], lever["strength"]) for lever in text["levers"]] == [("opens", 3), ("closes", 2)]
    assert len({lever["id"] for lever in text["levers"]}) == 2
    assert (text["facts"][0]["guarded"], text["facts"][0]["asked_by"]) == (True, ["Do you have an offer?"])


def test_the_people_shown_come_from_the_ecosystem_and_vertical(anna: Browser, steps: str) -> None:
    anna.post(f"{steps}persona", {"ecosystem": "careers", "vertical": "", "revision": 0, "do": "show"})
    words = read(anna.get(f"{steps}persona")).words
    assert "Tessa Boyd" in words and "Helga Brandt" not in words
    anna.post(f"{steps}persona", {"ecosystem": "careers", "vertical": "manufacturing", "revision": 1, "do": "show"})
    assert "Nobody ready-made comes from there yet" in read(anna.get(f"{steps}persona")).words


def test_a_second_author_is_told_who_and_when_and_loses_nothing(
    anna: Browser, enter: Enter, app: Flask, cast: Cast, complete: str
) -> None:
    adam, opened = enter(cast.adam), filled(read(anna.get(f"{complete}details")))
    assert anna.post(f"{complete}details", {**DETAILS, **opened, "title": "Anna's title"}).status_code == 303
    refused = adam.post(f"{complete}details", {**DETAILS, **opened, "title": "Adam's title"})
    page = read(refused)
    assert refused.status_code == 409
    assert "Anna saved this step while you were writing" in page.words
    assert "Name Theirs Anna's title Yours Adam's title" in page.words
    assert "Objective Theirs" not in page.words, "what both wrote alike is no difference"
    assert page.value_of("title") == "Adam's title"
    for do in ("keep", "next", "restore"):
        assert adam.post(f"{complete}details", {**DETAILS, **filled(page), "do": do}).status_code == 409
    assert text_of(app, cast, complete)["title"] == "Anna's title"
    mine = page.the("button", name="do", **{"class": "button button-danger button-small"}).attributes["value"]
    again = adam.post(f"{complete}details", {**DETAILS, **filled(page), "do": mine})
    assert again.location == f"{complete}details"
    assert text_of(app, cast, complete)["title"] == "Adam's title"


def test_whoever_was_ticked_by_two_authors_is_shown_to_the_second(
    anna: Browser, enter: Enter, cast: Cast, complete: str
) -> None:
    adam = enter(cast.adam)
    anna.post(f"{complete}participants", {"members": [str(cast.lea.member_id)], "revision": 1})
    refused = adam.post(f"{complete}participants", {"members": [str(cast.carl.member_id)], "revision": 1})
    assert refused.status_code == 409
    assert "Participants Theirs Lea Yours Carl" in read(refused).words


def test_what_was_left_in_a_browser_is_kept_again_and_the_page_says_so(
    anna: Browser, app: Flask, cast: Cast, steps: str
) -> None:
    back = anna.post(f"{steps}details", {**DETAILS, "title": "Typed before lunch", "revision": 0, "do": "restore"})
    assert back.location == f"{steps}details"
    page = read(anna.get(back.location))
    assert "What you typed here before is back, and kept." in page.words
    assert page.the("form", id="step").attributes["data-kept-saved"] == "1"
    assert text_of(app, cast, steps)["title"] == "Typed before lunch"


@pytest.mark.parametrize(
    ("do", "lands_on"),
    [
        ("goals:add", "goals-2-text"),
        ("goals:up:1", "goals-0-down"),
        ("goals:down:0", "goals-1-up"),
        ("goals:remove:0", "goals-add"),
        ("opens:add", "opens-0-text"),
    ],
)
def test_a_button_of_a_row_leads_on_to_a_control_that_is_there(
    anna: Browser, steps: str, do: str, lands_on: str
) -> None:
    rows = {"goals-0-text": "Ask.", "goals-1-text": "Answer."}
    back = anna.post(f"{steps}details", {**DETAILS, **rows, "revision": 0, "do": do})
    assert back.location.partition("#")[2] == lands_on
    (control,) = [one for one in read(anna.get(f"{steps}details")).elements if one.attributes.get("id") == lands_on]
    assert control.tag in {"input", "button"} and "disabled" not in control.attributes


def test_authors_in_different_steps_see_each_other(
    anna: Browser, enter: Enter, app: Flask, cast: Cast, complete: str
) -> None:
    adam = enter(cast.adam)
    adam.post(f"{complete}frequency", {"sessions_per_week": 3, "revision": 1})
    assert "Adam also writes in this scenario" in read(anna.get(f"{complete}details")).words
    assert anna.post(f"{complete}evaluation", {"revision": 1}).status_code == 303
    assert text_of(app, cast, complete)["sessions_per_week"] == 3


def test_a_form_that_keeps_itself_learns_its_revision(anna: Browser, app: Flask, cast: Cast, steps: str) -> None:
    kept = anna.post(f"{steps}details", {**DETAILS, "revision": 0, "do": "keep"})
    assert kept.get_json() == {"revision": 1}
    assert text_of(app, cast, steps)["title"] == "A hard call"


def test_members_are_found_by_name_and_whoever_is_ticked_stays(
    anna: Browser, app: Flask, cast: Cast, steps: str
) -> None:
    ticked = {
        "members": [str(cast.lea.member_id), "no-id", str(cast.ben.member_id)],
        "q": "carl",
        "do": "find",
        "revision": 0,
    }
    found = anna.post(f"{steps}participants", ticked)
    page = read(anna.get(found.location))
    boxes = {
        box.attributes["value"]: "checked" in box.attributes
        for box in page.all("input")
        if box.attributes.get("name") == "members"
    }
    assert boxes == {str(cast.lea.member_id): True, str(cast.carl.member_id): False}


def test_a_team_that_is_ticked_stands_for_its_people(anna: Browser, app: Flask, cast: Cast, steps: str) -> None:
    with as_member(app, cast.anna) as anna_herself:
        tag_members(members_with([cast.lea.member_id, cast.leo.member_id]), "Sales north", by=anna_herself)
        db.session.commit()
        team = list_teams()[0]
    sent = {"teams": [str(team.tag_id), "no-id"], "members": [str(cast.carl.member_id)], "do": "next", "revision": 0}
    assert anna.post(f"{steps}participants", sent).status_code == 303
    page = read(anna.get(f"{steps}participants"))
    ticked = {box.attributes["value"] for box in page.all("input") if "checked" in box.attributes}
    assert {str(each.member_id) for each in (cast.lea, cast.leo, cast.carl)} <= ticked
    assert str(team.tag_id) not in ticked, "its people are ticked, and can be unticked one by one"


def test_whoever_is_ticked_beyond_the_list_stays_ticked(
    anna: Browser, cast: Cast, steps: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wizard, "LISTED", 1)
    people = {str(each.member_id) for each in (cast.lea, cast.leo, cast.carl)}
    anna.post(f"{steps}participants", {"members": list(people), "do": "next", "revision": 0})
    page = read(anna.get(f"{steps}participants"))
    boxes = [box.attributes for box in page.all("input") if box.attributes.get("name") == "members"]
    assert {box["value"] for box in boxes if "checked" in box or box["type"] == "hidden"} == people
    assert "2 more people are ticked." in page.words


def test_a_stale_form_of_a_deleted_scenario_is_told(anna: Browser, steps: str) -> None:
    anna.post(f"{steps}details", {**DETAILS, "revision": 0})
    anna.post(steps.removesuffix("edit/") + "deletion")
    assert anna.post(f"{steps}details", {**DETAILS, "revision": 1}).status_code == 404
