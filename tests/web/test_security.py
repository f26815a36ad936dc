"""What stands between a browser and a change: cookies, form tokens, where a request is from; what a failure tells."""

import re
from collections.abc import Callable, Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from roleplay.web.assets import version_of
from roleplay.web.security import csrf
from tenants import identities, sign_ins
from tenants.clock import now
from tenants.db import db
from tenants.identities import Identity, set_password
from tenants.scope import platform_scope
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.web.reading import read

MakeApp = Callable[..., Flask]
SAFE = {"GET", "HEAD", "OPTIONS"}
PASSWORD = "a few words to remember"


def changing(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - SAFE:
            yield method, rule


def address(app: Flask, rule: Rule) -> str:
    known = {"organization_slug": "acme", "secret": "unknown", "step": "details"}
    arguments = {name: known.get(name, uuid4()) for name in rule.arguments}
    built = app.url_map.bind("localhost").build(rule.endpoint, arguments)
    return str(built)


def cookies_set_by_signing_in(app: Flask, cast: Cast, site: str) -> dict[str, dict[str, str]]:
    """Every cookie that a browser is given from the first page to the end of signing in."""
    with app.app_context(), platform_scope():
        secret = sign_ins.issue_link(db.session.get_one(Identity, cast.lea.identity_id))
        db.session.commit()
    client = app.test_client()
    form = client.get("/sign-in", base_url=site)
    token = {"csrf_token": read(form).all("input")[0].attributes["value"]}
    switch = client.post("/account/language", base_url=site, data={**token, "language": "fr"})
    signed_in = client.post(f"/sign-in/link/{secret}", base_url=site, data=token)
    assert signed_in.status_code == 303
    found = {}
    for header in [h for r in (form, switch, signed_in) for h in r.headers.getlist("Set-Cookie")]:
        for name, morsel in SimpleCookie(header).items():
            if morsel.value:
                found[name] = {key: str(value) for key, value in morsel.items()}
    return found


def test_cookies_over_https_are_bound_to_the_host_and_closed_to_scripts(make_app: MakeApp, cast: Cast) -> None:
    app = make_app(public_url="https://practice.example")
    cookies = cookies_set_by_signing_in(app, cast, "https://practice.example")
    assert cookies.keys() == {"__Host-sign-in", "__Host-form", "language"}
    for name, flags in cookies.items():
        assert (flags["secure"], flags["httponly"], flags["samesite"]) == ("True", "True", "Lax"), name
        assert (flags["path"], flags["domain"]) == ("/", ""), name


def test_cookies_without_https_are_still_closed_to_scripts(app: Flask, cast: Cast) -> None:
    cookies = cookies_set_by_signing_in(app, cast, "http://localhost")
    assert cookies.keys() == {"sign-in", "form", "language"}
    for name, flags in cookies.items():
        assert (flags["secure"], flags["httponly"], flags["samesite"]) == ("", "True", "Lax"), name


def test_only_a_site_with_https_insists_on_it(make_app: MakeApp, app: Flask) -> None:
    secure = make_app(public_url="https://practice.example")
    answer = secure.test_client().get("/healthz", base_url="https://practice.example")
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "wss://practice.example" in answer.headers["Content-Security-Policy"]
    assert "Strict-Transport-Security" not in app.test_client().get("/healthz").headers


def test_no_route_is_exempt_from_the_form_token() -> None:
    assert not csrf._exempt_views
    assert not csrf._exempt_blueprints


def test_no_route_changes_anything_without_the_form_token(app: Flask, enter: Enter, cast: Cast) -> None:
    client = enter(cast.olivia).client
    routes = list(changing(app))
    assert len(routes) >= 15
    for method, rule in routes:
        answer = client.open(address(app, rule), method=method)
        assert answer.status_code == 400, rule
        assert "This form was open for too long" in read(answer).words
    assert client.get("/account").status_code == 200


def test_the_token_of_somebody_else_is_worth_nothing(enter: Enter, cast: Cast) -> None:
    lea, leo = enter(cast.lea), enter(cast.leo)
    foreign = read(leo.get("/sign-in")).all("input")[0].attributes["value"]
    lea.get("/sign-in")
    assert lea.client.post("/sign-out", data={"csrf_token": foreign}).status_code == 400
    assert lea.get("/account").status_code == 200


def test_htmx_may_carry_the_token_in_a_header(enter: Enter, cast: Cast) -> None:
    lea = enter(cast.lea)
    body = read(lea.get("/account")).the("body").attributes
    (token,) = re.findall(r'"X-CSRFToken": "([^"]+)"', body["hx-headers:inherited"])
    assert lea.client.post("/account/sign-outs", headers={"X-CSRFToken": token}).status_code == 303


@pytest.mark.parametrize(
    ("origin", "status"), [("cross-site", 403), ("same-site", 403), ("same-origin", 303), ("none", 303)]
)
def test_a_change_is_sent_by_this_site_alone(enter: Enter, cast: Cast, origin: str, status: int) -> None:
    answer = enter(cast.lea).post("/account/sign-outs", headers={"Sec-Fetch-Site": origin})
    assert answer.status_code == status
    assert answer.text if status == 403 else answer.location


def test_another_site_may_link_to_a_page(enter: Enter, cast: Cast) -> None:
    assert enter(cast.lea).get("/o/acme/", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("path", ["/dev/sign-in", "/dev/mail", "/dev/components"])
def test_a_real_host_has_no_demo_pages(make_app: MakeApp, cast: Cast, path: str) -> None:
    client = make_app(demo=False).test_client()
    assert client.get(path).status_code == 404
    assert client.get("/sign-in").status_code == 200


def test_the_demo_signs_in_by_a_click(anonymous: Browser, cast: Cast) -> None:
    page = read(anonymous.get("/dev/sign-in"))
    button = page.the("form", action=f"/dev/sign-in/{cast.lea.identity_id}")
    assert anonymous.post(button.attributes["action"]).location == "/"
    assert anonymous.get("/").location == "/o/acme/"


def test_a_failure_shows_a_page_with_a_way_out_and_nothing_of_its_cause(make_app: MakeApp) -> None:
    app = make_app(demo=False)

    @app.get("/broken")
    def broken() -> str:
        raise RuntimeError("what somebody said in confidence")

    answer = app.test_client().get("/broken?really=1")
    assert answer.status_code == 500
    assert "confidence" not in answer.text and "Traceback" not in answer.text
    assert read(answer).the("a", href="/broken?really=1")
    assert "Content-Security-Policy" in answer.headers and answer.headers["Cache-Control"] == "no-store"


def test_what_is_too_large_is_refused_in_words(enter: Enter, cast: Cast) -> None:
    answer = enter(cast.lea).post("/account/profile", {"name": "x" * 3_000_000})
    assert answer.status_code == 413
    assert "too large" in read(answer).words


def test_a_wrong_method_is_told_the_right_one(enter: Enter, cast: Cast) -> None:
    answer = enter(cast.lea).get("/sign-out")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_try_again_never_leads_to_another_site(enter: Enter, cast: Cast) -> None:
    client = enter(cast.lea).client
    for referrer in ("https://evil.example/o/acme/", "http://[", "http://localhost//evil.example"):
        page = read(client.post("/sign-out", headers={"Referer": referrer}))
        assert not [a for a in page.all("a") if "evil" in a.attributes["href"]]
    page = read(client.post("/sign-out", headers={"Referer": "http://localhost/account?tab=1"}))
    assert page.the("a", href="/account?tab=1")


@pytest.mark.parametrize("path", ["../settings.py", "%2e%2e/settings.py", "js/../../app.py"])
def test_static_files_are_those_of_the_static_folder(app: Flask, path: str) -> None:
    with app.test_request_context():
        address = url_for("static", filename="x").removesuffix("x") + path
    assert app.test_client().get(address).status_code == 404


def test_a_static_file_is_what_it_says_it_is(app: Flask) -> None:
    with app.test_request_context():
        address = url_for("static", filename="css/app.css")
    answer = app.test_client().get(address)
    assert answer.headers["Content-Type"].startswith("text/css")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in answer.headers["Cache-Control"]
    answer.close()


def test_a_changed_file_changes_the_address_of_all(tmp_path: Path) -> None:
    (tmp_path / "room.js").write_text("before")
    before = version_of(tmp_path)
    (tmp_path / "room.js").write_text("after")
    assert version_of(tmp_path) != before


def password_tries(client: FlaskClient, email: str) -> str:
    token = read(client.get("/sign-in")).all("input")[0].attributes["value"]
    form = {"csrf_token": token, "email": email, "password": "not the right one"}
    answer = client.post("/sign-in/password", data=form)
    assert answer.status_code == 422
    return read(answer).words


def test_a_wrong_password_costs_as_much_as_an_unknown_address(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context(), platform_scope():
        set_password(db.session.get_one(Identity, cast.lea.identity_id), PASSWORD, at=now())
        db.session.commit()
    compared: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            compared.append(stored)
            return real.verify(stored, password)

    real = identities._hasher
    monkeypatch.setattr(identities, "_hasher", Counting())
    said = {
        password_tries(app.test_client(), email) for email in ("lea@example.com", "leo@example.com", "who@else.com")
    }
    assert len(compared) == 3, "with a password, without one, and unknown"
    assert len({stored.rsplit("$", 2)[0] for stored in compared}) == 1, "by the same parameters"
    assert len(said) == 1


def without_tokens(page: str) -> str:
    return re.sub(r'nonce="[^"]+"|"X-CSRFToken": "[^"]+"', "", page)


def test_an_organization_one_does_not_belong_to_is_told_like_one_that_there_is_not(
    enter: Enter, anonymous: Browser, cast: Cast
) -> None:
    members = (enter(cast.lea), enter(cast.sam))
    for browser in members:
        browser.get("/sign-in")  # the cookie that the first page sets
    for path in ("/", "/catalog", "/sessions", f"/attempts/{uuid4()}", "/preferences"):
        for browser in members:
            there, nowhere = browser.get(f"/o/beacon{path}"), browser.get(f"/o/nowhere{path}")
            assert (there.status_code, nowhere.status_code) == (404, 404)
            assert without_tokens(there.text) == without_tokens(nowhere.text)
            assert {name for name, _ in there.headers} == {name for name, _ in nowhere.headers}
        asked = anonymous.get(f"/o/beacon{path}").location
        assert asked and anonymous.get(f"/o/nowhere{path}").location == asked.replace("beacon", "nowhere")
