"""Languages that are settings of their own: of the interface, of the feedback; and how dates are written."""

from datetime import UTC, datetime

import pytest
from flask import Flask

from roleplay.attempts.models import Attempt
from roleplay.evaluations.evaluator import evaluate_attempt
from roleplay.evaluations.models import Evaluation
from tenants.db import db
from tenants.identities import Identity
from tenants.organizations import Organization
from tenants.scope import platform_scope
from tests.browsers import Browser, Enter
from tests.cast import Cast, Person
from tests.judging import SAID, ScriptedEvaluator, end_attempt
from tests.practice import as_member
from tests.web.reading import read

FRENCH_BROWSER = {"Accept-Language": "fr-CA,fr;q=0.9,en;q=0.5"}
GERMAN_BROWSER = {"Accept-Language": "de-DE,de;q=0.9"}


def speaks(app: Flask, person: Person, language: str | None, time_zone: str | None = None) -> None:
    with app.app_context(), platform_scope():
        identity = db.session.get_one(Identity, person.identity_id)
        identity.language, identity.time_zone = language, time_zone
        db.session.commit()


def organization_speaks(app: Flask, person: Person, **values: str) -> None:
    with app.app_context(), platform_scope():
        db.session.query(Organization).filter_by(id=person.organization_id).update(values)
        db.session.commit()


def language_of(browser: Browser, path: str, **options: object) -> str:
    return read(browser.get(path, **options)).the("html").attributes["lang"]


@pytest.mark.parametrize(
    ("own", "browser", "expected"),
    [
        ("fr", GERMAN_BROWSER, "fr"),
        ("en", FRENCH_BROWSER, "en"),
        (None, FRENCH_BROWSER, "fr"),
        (None, {"Accept-Language": "en-GB"}, "en"),
    ],
)
def test_pages_speak_the_persons_language_else_the_browsers(
    enter: Enter, app: Flask, cast: Cast, own: str | None, browser: dict[str, str], expected: str
) -> None:
    speaks(app, cast.lea, own)
    lea = enter(cast.lea)
    for path in ("/o/acme/", "/account", "/help", "/nothing"):
        assert language_of(lea, path, headers=browser) == expected, path


@pytest.mark.parametrize("organization", ["fr", "en"])
def test_where_neither_can_be_spoken_pages_speak_the_organizations(
    enter: Enter, app: Flask, cast: Cast, organization: str
) -> None:
    speaks(app, cast.lea, None)
    organization_speaks(app, cast.lea, language=organization)
    assert language_of(enter(cast.lea), "/o/acme/", headers=GERMAN_BROWSER) == organization


def test_before_signing_in_the_switch_is_remembered_by_the_browser(anonymous: Browser) -> None:
    assert language_of(anonymous, "/sign-in", headers=FRENCH_BROWSER) == "fr"
    response = anonymous.post("/account/language", {"language": "en", "next": "/help"})
    assert (response.status_code, response.location) == (303, "/help")
    assert language_of(anonymous, "/sign-in", headers=FRENCH_BROWSER) == "en"


def test_after_signing_in_the_switch_is_the_persons_own_on_every_device(enter: Enter, app: Flask, cast: Cast) -> None:
    here, elsewhere = enter(cast.lea), enter(cast.lea)
    here.post("/account/language", {"language": "fr", "next": "/o/acme/"})
    assert language_of(here, "/o/acme/") == language_of(elsewhere, "/o/acme/") == "fr"
    assert language_of(enter(cast.leo), "/o/acme/") == "en"


@pytest.mark.parametrize("language", ["", "klingon", "../../etc", "en\r\nX-Evil: 1"])
def test_a_language_that_there_is_not_changes_nothing(enter: Enter, cast: Cast, language: str) -> None:
    lea = enter(cast.lea)
    assert lea.post("/account/language", {"language": language, "next": "//evil.example"}).location == "/"
    assert language_of(lea, "/account") == "en"


@pytest.mark.parametrize(
    ("language", "time_zone", "written"),
    [
        ("en", "UTC", "Nov 20, 2026, 11:30\u202fPM"),
        ("fr", "Europe/Paris", "21 nov. 2026, 00:30"),
        ("en", "America/Los_Angeles", "Nov 20, 2026, 3:30\u202fPM"),
    ],
)
def test_a_date_is_written_in_the_persons_language_and_zone(
    enter: Enter, app: Flask, cast: Cast, language: str, time_zone: str, written: str
) -> None:
    attempt_id = end_attempt(app, cast.lea, SAID)
    with as_member(app, cast.lea):
        db.session.query(Attempt).update({"started_at": datetime(2026, 11, 20, 23, 30, tzinfo=UTC)})
        db.session.commit()
    speaks(app, cast.lea, language, time_zone)
    assert written.replace("\u202f", " ") in enter(cast.lea).get(f"/o/acme/attempts/{attempt_id}").text.replace(
        "\u202f", " "
    )


def test_without_a_zone_of_their_own_people_read_the_organizations(enter: Enter, app: Flask, cast: Cast) -> None:
    attempt_id = end_attempt(app, cast.lea, SAID)
    with as_member(app, cast.lea):
        db.session.query(Attempt).update({"started_at": datetime(2026, 11, 20, 23, 30, tzinfo=UTC)})
        db.session.commit()
    organization_speaks(app, cast.lea, time_zone="Asia/Tokyo")
    assert "Nov 21, 2026, 8:30" in enter(cast.lea).get(f"/o/acme/attempts/{attempt_id}").text


@pytest.mark.parametrize(("feedback", "asked_for"), [("fr", "fr"), ("", "en")])
def test_the_feedback_has_a_language_of_its_own(
    enter: Enter, app: Flask, cast: Cast, feedback: str, asked_for: str
) -> None:
    lea, judge = enter(cast.lea), ScriptedEvaluator()
    lea.post("/account/language", {"language": "fr"})
    lea.post("/o/acme/preferences", {"feedback_language": feedback, "patience_ms": "500"})
    attempt_id = end_attempt(app, cast.lea, SAID)
    with as_member(app, cast.lea):
        evaluate_attempt(attempt_id, using=judge)
        assert db.session.query(Evaluation).one().language == asked_for
    assert [request.language for request in judge.requests] == [asked_for]
    page = read(lea.get(f"/o/acme/attempts/{attempt_id}"))
    assert page.the("html").attributes["lang"] == "fr"
