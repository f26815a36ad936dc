"""Signing in and out, by link and by password."""

import pytest
from flask import Flask

from tenants import sign_ins
from tenants.clock import now
from tenants.db import db
from tenants.identities import Identity, set_password
from tenants.outbox import OutboxEntry
from tenants.scope import organization_scope, platform_scope
from tests.browsers import Browser, Enter
from tests.cast import Cast

PASSWORD = "a few words to remember"


@pytest.fixture
def lea_has_a_password(app: Flask, cast: Cast) -> None:
    with app.app_context(), platform_scope():
        identity = db.session.get(Identity, cast.lea.identity_id)
        assert identity
        set_password(identity, PASSWORD, at=now())
        db.session.commit()


def link_for(app: Flask, cast: Cast) -> str:
    with app.app_context(), platform_scope():
        identity = db.session.get(Identity, cast.lea.identity_id)
        assert identity
        secret = sign_ins.issue_link(identity)
        db.session.commit()
    return secret


def test_who_is_not_signed_in_is_asked_to(anonymous: Browser) -> None:
    response = anonymous.get("/o/acme/catalog")
    assert response.status_code == 302
    assert response.location.startswith("/sign-in?next=")


def test_a_right_password_signs_in_and_leads_on(anonymous: Browser, cast: Cast, lea_has_a_password: None) -> None:
    form = {"email": "LEA@example.com ", "password": PASSWORD, "next": "/o/acme/sessions"}
    response = anonymous.post("/sign-in/password", form)
    assert (response.status_code, response.location) == (303, "/o/acme/sessions")
    assert anonymous.get("/o/acme/sessions").status_code == 200


@pytest.mark.parametrize("email", ["lea@example.com", "nobody@example.com", "ben@example.com"])
def test_a_wrong_password_and_an_unknown_address_look_the_same(
    anonymous: Browser, lea_has_a_password: None, email: str
) -> None:
    response = anonymous.post("/sign-in/password", {"email": email, "password": "not the right one"})
    assert response.status_code == 422
    assert "E-mail or password is not right." in response.text


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_never_leads_to_another_site(anonymous: Browser, lea_has_a_password: None, target: str) -> None:
    form = {"email": "lea@example.com", "password": PASSWORD, "next": target}
    assert anonymous.post("/sign-in/password", form).location == "/"


def test_a_link_is_promised_whether_or_not_the_address_is_known(anonymous: Browser, app: Flask, cast: Cast) -> None:
    known = anonymous.post("/sign-in/link", {"email": "lea@example.com"})
    unknown = anonymous.post("/sign-in/link", {"email": "who@example.com"})
    assert known.status_code == unknown.status_code == 200
    assert known.text.replace("lea@", "who@").count("who@example.com") == unknown.text.count("who@example.com")
    assert cast.lea.organization_id
    with app.app_context(), organization_scope(cast.lea.organization_id):
        entries = db.session.query(OutboxEntry).all()
        assert [(entry.job, entry.arguments) for entry in entries] == [
            ("send_sign_in_link", {"identity_id": str(cast.lea.identity_id)})
        ]


def test_opening_a_link_does_not_use_it_up_and_the_button_does(anonymous: Browser, app: Flask, cast: Cast) -> None:
    secret = link_for(app, cast)
    for _ in range(2):
        assert anonymous.get(f"/sign-in/link/{secret}").status_code == 200
    assert anonymous.post(f"/sign-in/link/{secret}").status_code == 303
    assert anonymous.get("/o/acme/").status_code == 200
    assert anonymous.post(f"/sign-in/link/{secret}").status_code == 410


def test_a_newer_link_ends_the_older_one(anonymous: Browser, app: Flask, cast: Cast) -> None:
    older, newer = link_for(app, cast), link_for(app, cast)
    assert anonymous.get(f"/sign-in/link/{older}").status_code == 410
    assert anonymous.get(f"/sign-in/link/{newer}").status_code == 200


def test_a_cookie_copied_before_signing_out_is_worth_nothing(enter: Enter, app: Flask, cast: Cast) -> None:
    browser = enter(cast.lea)
    cookie = browser.client.get_cookie("sign-in")
    assert cookie
    assert browser.post("/sign-out").status_code == 303
    thief = app.test_client()
    thief.set_cookie("sign-in", cookie.value)
    assert thief.get("/o/acme/").status_code == 302


def test_a_new_password_signs_out_every_other_device(enter: Enter, cast: Cast) -> None:
    here, elsewhere = enter(cast.lea), enter(cast.lea)
    assert here.post("/account/password", {"password": PASSWORD}).status_code == 303
    assert here.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_without_the_form_token_nothing_changes(enter: Enter, cast: Cast) -> None:
    browser = enter(cast.lea)
    assert browser.client.post("/sign-out").status_code == 400
    assert browser.get("/o/acme/").status_code == 200


def test_another_site_cannot_send_the_form(enter: Enter, cast: Cast) -> None:
    browser = enter(cast.lea)
    assert browser.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.get("/o/acme/").status_code == 200
