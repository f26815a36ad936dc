"""Edit tags: picked, typed, refused, in a dialog or on a page."""

from uuid import UUID

import pytest
from flask import Flask

from roleplay.scenarios.tags import tags_of
from tests.browsers import Browser
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read
from tests.web.writing import TABLE


def test_tags_are_picked_and_made_in_place(anna: Browser, app: Flask, cast: Cast, scenario_id: UUID) -> None:
    path = f"{TABLE}/{scenario_id}/tags"
    anna.post(path, {"new": "Pricing,  New   hires , pricing,"})
    assert tagged(app, cast, scenario_id) == ["New hires", "Pricing"]
    page = read(anna.get(path))
    assert [box.attributes["value"] for box in page.all("input") if "checked" in box.attributes] == [
        "New hires",
        "Pricing",
    ]
    anna.post(path, {"tag": ["Pricing"], "new": "שלום 🎯"})
    assert tagged(app, cast, scenario_id) == ["Pricing", "שלום 🎯"]
    words = read(anna.get(f"{TABLE}/{scenario_id}")).words
    assert "Pricing" in words and "שלום 🎯" in words
    anna.post(path, {})
    assert tagged(app, cast, scenario_id) == []


@pytest.mark.parametrize(
    ("typed", "complaint"),
    [
        ("x" * 61, "A tag has at most 60 characters"),
        ("x" * 10_000, "A tag has"),
        (",".join(map(str, range(21))), "at most 20 tags"),
    ],
    ids=["61", "10000", "21 tags"],
)
def test_tags_that_cannot_be_are_said_and_what_was_typed_stays(
    anna: Browser, app: Flask, cast: Cast, scenario_id: UUID, typed: str, complaint: str
) -> None:
    refused = anna.post(f"{TABLE}/{scenario_id}/tags", {"new": typed})
    page = read(refused)
    assert refused.status_code == 422
    assert complaint in page.words
    assert page.value_of("new") == typed
    assert tagged(app, cast, scenario_id) == []


def tagged(app: Flask, cast: Cast, scenario_id: UUID) -> list[str]:
    with as_member(app, cast.anna):
        return tags_of([scenario_id])[scenario_id]


def test_edit_tags_from_the_table_is_a_fragment_and_leads_back_to_it(anna: Browser, scenario_id: UUID) -> None:
    fragment = read(anna.get(f"{TABLE}/{scenario_id}/tags", headers={"HX-Request": "true"}))
    assert not fragment.all("html", "main")
    assert "Edit tags" in fragment.words
    table = f"http://localhost{TABLE}?sort=name"
    done = anna.post(f"{TABLE}/{scenario_id}/tags", {"new": "x"}, headers={"Referer": table})
    assert done.location == f"{TABLE}?sort=name"
