"""Home, and the front door before it."""

from uuid import UUID

import pytest
from flask import Flask

from roleplay.evaluations.evaluator import evaluate_attempt
from tenants.db import db
from tenants.identities import Identity
from tenants.members import add_member
from tenants.permissions import Role
from tenants.scope import organization_scope, platform_scope
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.judging import SAID, ScriptedEvaluator, end_attempt
from tests.practice import as_member
from tests.web.reading import read


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


def test_a_first_visit_offers_the_catalog_and_one_thing_to_do(lea: Browser, scenario: UUID) -> None:
    page = read(lea.get("/o/acme/"))
    assert "Hello, Lea" in page.words
    assert page.the("a", href=f"/o/acme/catalog/{scenario}")
    assert "Practise now" in page.words
    assert "Latest debriefs" not in page.words and "Your sessions" not in page.words


def test_after_practice_home_leads_to_the_session_and_to_the_debrief(
    lea: Browser, app: Flask, cast: Cast, scenario: UUID
) -> None:
    room = lea.post(f"/o/acme/catalog/{scenario}/attempts").location
    attempt = room.removesuffix("/room")
    lea.post(f"{attempt}/completion")
    page = read(lea.get("/o/acme/"))
    assert page.the("a", href=attempt)
    assert [link for link in page.all("a") if "/sessions/" in link.attributes["href"]]


def test_a_score_is_shown_and_no_score_is_a_dash(lea: Browser, app: Flask, cast: Cast) -> None:
    attempt_id = end_attempt(app, cast.lea, SAID)
    assert "Score: not scored" in lea.get("/o/acme/").text
    with as_member(app, cast.lea):
        evaluate_attempt(attempt_id, using=ScriptedEvaluator())
    assert "Score: 100 of 100" in lea.get("/o/acme/").text


def test_nobody_sees_what_a_colleague_practised(enter: Enter, app: Flask, cast: Cast) -> None:
    end_attempt(app, cast.lea, SAID)
    for person in (cast.leo, cast.olivia):
        assert "Latest debriefs" not in read(enter(person).get("/o/acme/")).words


def test_a_name_of_nothing_but_spaces_breaks_no_page(lea: Browser, app: Flask, cast: Cast) -> None:
    with app.app_context(), platform_scope():
        db.session.get_one(Identity, cast.lea.identity_id).name = "  "
        db.session.commit()
    for path in ("/o/acme/", "/account"):
        assert lea.get(path).status_code == 200


def test_the_front_door_leads_to_the_only_organization(lea: Browser) -> None:
    response = lea.get("/")
    assert (response.status_code, response.location) == (302, "/o/acme/")


def test_the_front_door_asks_who_belongs_to_several(lea: Browser, app: Flask, cast: Cast) -> None:
    assert cast.ben.organization_id
    with app.app_context(), organization_scope(cast.ben.organization_id):
        add_member(db.session.get_one(Identity, cast.lea.identity_id), role=Role.LEARNER)
        db.session.commit()
    page = read(lea.get("/"))
    for slug in ("acme", "beacon"):
        assert page.the("a", href=f"/o/{slug}/")
        assert lea.get(f"/o/{slug}/").status_code == 200


def test_the_front_door_tells_a_stranger_what_to_do(enter: Enter, cast: Cast) -> None:
    page = read(enter(cast.sam).get("/"))
    assert "not a member of an organization yet" in page.words
    assert page.the("form", action="/sign-out")


def test_the_front_door_sends_who_is_not_signed_in_to_the_form(anonymous: Browser) -> None:
    assert anonymous.get("/").location == "/sign-in"
