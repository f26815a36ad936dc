"""One's own profile and password, and where one is signed in."""

import pytest
from flask import Flask

from roleplay.web.forms import one_line
from tenants.db import db
from tenants.identities import Identity, check_password
from tenants.scope import platform_scope
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.web.reading import read

PROFILE = {"name": "Lea Martin", "language": "en", "time_zone": "Europe/Paris"}


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


def identity_of_lea(app: Flask, cast: Cast) -> Identity:
    with app.app_context(), platform_scope():
        return db.session.get_one(Identity, cast.lea.identity_id)


def test_who_is_not_signed_in_is_asked_to_and_led_back(anonymous: Browser) -> None:
    assert anonymous.get("/account").location == "/sign-in?next=/account"
    refused = anonymous.post("/account/profile", PROFILE, headers={"Referer": "http://localhost/account"})
    assert (refused.status_code, refused.location) == (302, "/sign-in?next=/account")


def test_a_saved_profile_is_shown_and_said(lea: Browser, app: Flask, cast: Cast) -> None:
    response = lea.post("/account/profile", {**PROFILE, "name": "  Lea\tMartin "})
    assert (response.status_code, response.location) == (303, "/account")
    page = read(lea.get("/account"))
    assert page.value_of("name") == "Lea Martin"
    assert "Saved." in page.words
    saved = identity_of_lea(app, cast)
    assert (saved.name, saved.language, saved.time_zone) == ("Lea Martin", "en", "Europe/Paris")


def test_language_and_time_zone_can_follow_browser_and_organization(lea: Browser, app: Flask, cast: Cast) -> None:
    lea.post("/account/profile", PROFILE)
    lea.post("/account/profile", {**PROFILE, "language": "", "time_zone": ""})
    saved = identity_of_lea(app, cast)
    assert (saved.language, saved.time_zone) == (None, None)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"name": ""}, "Enter your name."),
        ({"name": " \t "}, "Enter your name."),
        ({"name": "\u200b\ufeff"}, "Enter your name."),
        ({"name": "x" * 201}, "at most 200 characters"),
        ({"language": "klingon"}, "Not a valid choice."),
        ({"time_zone": "Mars/Olympus"}, "Not a valid choice."),
    ],
)
def test_a_refused_profile_says_why_keeps_what_was_typed_and_changes_nothing(
    lea: Browser, app: Flask, cast: Cast, change: dict[str, str], why: str
) -> None:
    response = lea.post("/account/profile", {**PROFILE, **change})
    page = read(response)
    assert response.status_code == 422
    assert why in page.words
    assert page.value_of("name") == one_line({**PROFILE, **change}["name"])
    assert [field.attributes["id"] for field in page.elements if field.attributes.get("aria-invalid")] == [*change]
    assert identity_of_lea(app, cast).name == "Lea"


@pytest.mark.parametrize("password", ["", "too short", "x" * 201])
def test_a_password_of_a_wrong_length_is_refused_and_never_sent_back(lea: Browser, password: str) -> None:
    response = lea.post("/account/password", {"password": password})
    assert response.status_code == 422
    assert read(response).the("input", name="password").attributes.get("value", "") == ""
    assert read(response).value_of("name") == "Lea"


@pytest.mark.parametrize("password", ["a" * 12, "x" * 200, "motdepassé été 🌞", "pass\u202eword with turns"])
def test_any_other_password_works(lea: Browser, app: Flask, password: str) -> None:
    assert lea.post("/account/password", {"password": password}).status_code == 303
    with app.app_context(), platform_scope():
        assert check_password("lea@example.com", password)


def test_every_sign_in_is_listed_and_the_others_can_be_ended(lea: Browser, enter: Enter, cast: Cast) -> None:
    elsewhere = enter(cast.lea)
    page = read(lea.get("/account"))
    assert page.words.count("last seen") == 2 and page.words.count("this device") == 1
    assert lea.post("/account/sign-outs").status_code == 303
    assert elsewhere.get("/account").status_code == 302
    assert "Sign out everywhere else" not in read(lea.get("/account")).words


def test_nobody_else_is_signed_out(lea: Browser, enter: Enter, cast: Cast) -> None:
    leo = enter(cast.leo)
    lea.post("/account/sign-outs")
    assert leo.get("/account").status_code == 200
