"""How a member likes to practise."""

from typing import Any

import pytest
from flask import Flask

from tests.browsers import Browser, Enter
from tests.cast import Cast, Person
from tests.practice import as_member
from tests.web.reading import read

ALL = {"feedback_language": "fr", "patience_ms": "900", "captions": "y", "untimed": "y"}
SAVED = {"feedback_language": "fr", "patience_ms": 900, "captions": True, "untimed": True}


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


def preferences_of(app: Flask, person: Person) -> dict[str, Any]:
    with as_member(app, person) as member:
        return member.preferences


def selected(browser: Browser) -> set[str]:
    page = read(browser.get("/o/acme/preferences"))
    return {option.attributes["value"] for option in page.all("option") if "selected" in option.attributes}


def test_the_page_saves_everything_and_shows_it_again(lea: Browser, app: Flask, cast: Cast) -> None:
    assert lea.post("/o/acme/preferences", ALL).status_code == 303
    assert preferences_of(app, cast.lea) == SAVED
    assert selected(lea) == {"fr", "900"}


def test_an_unticked_box_is_off(lea: Browser, app: Flask, cast: Cast) -> None:
    lea.post("/o/acme/preferences", {**ALL, "captions": "", "untimed": ""})
    assert preferences_of(app, cast.lea) == {**SAVED, "captions": False, "untimed": False}


def test_the_room_changes_only_what_was_touched(lea: Browser, app: Flask, cast: Cast) -> None:
    lea.post("/o/acme/preferences", ALL)
    lea.post("/o/acme/preferences", {"patience_ms": "1800"})
    assert preferences_of(app, cast.lea) == {**SAVED, "patience_ms": 1800}


@pytest.mark.parametrize(
    "wrong",
    [{"patience_ms": "soon"}, {"patience_ms": "1"}, {"patience_ms": "9" * 500}, {"feedback_language": "klingon"}],
)
def test_what_nobody_can_choose_is_refused_and_changes_nothing(
    lea: Browser, app: Flask, cast: Cast, wrong: dict[str, str]
) -> None:
    response = lea.post("/o/acme/preferences", {**ALL, **wrong})
    assert response.status_code == 422
    assert "Some answers need another look" in read(response).words
    assert preferences_of(app, cast.lea) == {}


def test_a_member_has_their_own(lea: Browser, app: Flask, cast: Cast) -> None:
    lea.post("/o/acme/preferences", ALL)
    assert preferences_of(app, cast.leo) == {}
