"""What holds for every page: whole without JavaScript, strict under its policy, and no link that leads nowhere."""

import re
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import NotFound
from werkzeug.routing import RequestRedirect

from roleplay.scenarios.validity import Step
from roleplay.web.help_centre import PAGES as HELP
from tests.browsers import Browser, browser_of
from tests.cast import Cast
from tests.tenancy.test_routes import TABLE, address, routes
from tests.tenancy.worlds import World, build_world
from tests.web.reading import Element, Page, read

NO_PAGES = {
    "GET organization.reports.download",
    "GET health.healthz",
    "GET health.metrics",
    "GET health.readyz",
    "GET sign_in.home",
    "GET organization.attempts.evaluation",
    "GET organization.room.show",
    "GET organization.scenarios.export",
    "GET organization.scenarios.export_persona",
    "GET organization.personas.export",
    "GET organization.personas.export_all",
    "GET organization.evaluation_templates.export",
    "GET organization.evaluation_templates.export_all",
    "GET organization.scenarios.export_table",
    "GET organization.sessions.export",
    "GET organization.participation.export",
    "GET organization.people.export",
}
"""Figures, a redirect, a fragment, a file; and the room, which an attempt that is over does not have."""
ROUTES = [name for name in TABLE if name.startswith("GET") and name not in NO_PAGES]
VARIANTS = [
    "/sign-in?next=/o/acme/sessions",
    "/nothing/here",
    *(f"/help/{page}" for page in HELP),
    "/o/acme/catalog?q=zebra&type=sales",
    "/o/acme/attempts/{live_attempt_id}/room",
    *(f"/o/acme/scenarios/{{scenario_id}}/edit/{step}" for step in Step),
    *(f"/o/acme/scenarios/{{scenario_id}}?part={step}" for step in Step),
    "/o/acme/scenarios?q=zebra&tag=none",
    "/o/beacon/",
    "/o/beacon/catalog",
    "/o/beacon/sessions",
]
"""Beacon is an organization where nothing was published or practised yet."""
SAMPLES = "/dev/components"
"""Shows what pages are made of: headings below headings, links that lead nowhere."""


@pytest.fixture(scope="module")
def world(app: Flask, standing_cast: Cast) -> World:
    return build_world(app, standing_cast.lea)


@pytest.fixture(scope="module")
def people(app: Flask, standing_cast: Cast) -> list[Browser]:
    return [browser_of(app, person) for person in (standing_cast.lea, standing_cast.olivia, standing_cast.ben)]


@pytest.fixture(params=[*ROUTES, *VARIANTS])
def response(request: pytest.FixtureRequest, app: Flask, people: list[Browser], world: World) -> Any:
    """The page as the first person sees it to whom it is there."""
    name = request.param
    path = address(app, dict(routes(app))[name], **vars(world)) if name in TABLE else name.format(**vars(world))
    answers = [person.get(path) for person in people]
    found = [answer for answer in answers if answer.status_code not in {403, 404}]
    assert found or name == "/nothing/here"
    return (found or answers)[0]


@pytest.fixture
def page(response: Any) -> Page:
    return read(response)


def test_every_page_is_a_document_with_one_heading_and_one_main_part(response: Any, page: Page) -> None:
    assert response.status_code in {200, 404, 410}
    assert page.the("html").attributes["lang"] == "en"
    assert len(page.all("main")) == 1
    if not response.request.path.startswith(SAMPLES):
        assert len([heading for heading in page.all("h1") if page.is_shown(heading)]) == 1
    title = response.text.split("<title>")[1].split("</title>")[0].strip()
    assert title.endswith("· Roleplay") and not title.startswith("·")


def test_every_id_is_given_once_and_every_reference_is_to_one(page: Page) -> None:
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert sorted(ids) == sorted(set(ids))
    wanted = [element.attributes["for"] for element in page.all("label") if "for" in element.attributes]
    for name in ("aria-describedby", "aria-labelledby", "popovertarget", "commandfor"):
        wanted += " ".join(element.attributes.get(name, "") for element in page.elements).split()
    assert set(wanted) <= set(ids)


def test_every_field_has_a_label(page: Page) -> None:
    labelled = {label.attributes.get("for") for label in page.all("label")}
    for field in page.all("input", "select", "textarea"):
        if field.attributes.get("type") not in {"hidden", "submit"}:
            named = field.attributes.get("id") in labelled or "aria-label" in field.attributes
            wrapped = any(page.elements[position].tag == "label" for position in field.within)
            assert named or wrapped, field


def test_every_form_works_without_javascript(page: Page) -> None:
    for form in sent(page):
        assert form.attributes["action"]
        tokens = [field for field in page.inside(form, "input") if field.attributes.get("name") == "csrf_token"]
        assert len(tokens) == (1 if form.attributes["method"] == "post" else 0), form


def sent(page: Page) -> list[Element]:
    """The forms that a browser sends by itself: neither a dialog's, nor the live room's own."""
    live = any(element.attributes.get("data-part") == "check-heading" for element in page.elements)
    own = [form for form in page.all("form") if live and "method" not in form.attributes]
    return [form for form in page.all("form") if form not in own and form.attributes["method"] != "dialog"]


def leads_somewhere(app: Flask, address: str, method: str) -> bool:
    parts = urlsplit(address)
    if parts.netloc or not parts.path or parts.path.startswith("/static/"):
        return True
    try:
        app.url_map.bind("localhost").match(parts.path, method=method)
    except RequestRedirect:
        return True
    except NotFound:
        return False
    return True


def test_every_link_and_form_leads_somewhere(app: Flask, page: Page, response: Any) -> None:
    lost = [
        element.attributes["href"]
        for element in page.all("a")
        if element.attributes.get("href") and not leads_somewhere(app, element.attributes["href"], "GET")
    ]
    lost += [
        form.attributes["action"]
        for form in sent(page)
        if not leads_somewhere(app, form.attributes["action"], form.attributes["method"].upper())
    ]
    assert not lost or response.request.path.startswith(SAMPLES)


def test_every_script_carries_the_nonce_of_its_answer(response: Any, page: Page) -> None:
    policy = response.headers["Content-Security-Policy"]
    (nonce,) = re.findall(r"'nonce-([\w-]{20,})'", policy)
    assert "unsafe" not in policy and "default-src 'self'" in policy and "object-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy
    scripts = [script for script in page.all("script") if script.attributes.get("type") != "application/json"]
    assert scripts
    assert {script.attributes.get("nonce") for script in scripts} == {nonce}
    assert not page.all("style")
    assert not [element for element in page.elements if is_inline(element)]


def is_inline(element: Element) -> bool:
    return any(name.startswith("on") or name == "style" for name in element.attributes)


def test_every_answer_carries_the_same_protection(response: Any) -> None:
    headers = response.headers
    assert "HX-Request" in headers["Vary"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    for permission in ("microphone=(self)", "autoplay=(self)", "camera=(self)", "geolocation=()"):
        assert permission in headers["Permissions-Policy"]
    assert re.fullmatch(r"[0-9a-f]{32}", headers["X-Request-Id"])


def test_a_nonce_is_never_used_twice(people: list[Browser]) -> None:
    policies = [people[0].get("/help").headers["Content-Security-Policy"] for _ in range(2)]
    assert policies[0] != policies[1]
