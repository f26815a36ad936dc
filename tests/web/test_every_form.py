"""Every form that a page shows: wrong, missing, far too long, right-to-left, emoji, HTML; and nothing of it is lost."""

from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from roleplay.scenarios import authoring
from roleplay.scenarios.validity import Step
from roleplay.web.security import limiter
from tenants.db import db
from tests.authoring import AWKWARD, write
from tests.browsers import Browser, browser_of
from tests.cast import Cast
from tests.practice import as_member
from tests.tenancy.test_routes import TABLE, address, routes
from tests.tenancy.worlds import World, build_world
from tests.web.reading import Element, Page, read
from tests.web.test_every_page import NO_PAGES, VARIANTS, sent

NASTY = ("", "   ", "x" * 10_000, "-1", "1e400", "../../etc/passwd", "a\r\nBcc: b@example.com", *AWKWARD.values())
TYPED = {"text", "email", "search", "url", "tel", "number", "date", "textarea"}
LONG = "x" * 10_000
SAMPLES = "GET dev.components"
"""Its forms lead nowhere."""
NO_FORM = {
    "POST dev.sign_in_as",
    "POST organization.attempts.evaluate_again",
    "POST organization.room.complete",
    "POST organization.room.issue_ticket",
    "POST sign_in.use_link",
}
"""Sent by the live room itself, or by a form that stands only where something failed or is another person's."""


class Place(NamedTuple):
    """Where a form stands: whose page, at which address of a world."""

    person: int
    path: str


class Field(NamedTuple):
    name: str
    kind: str
    value: str


def people(app: Flask, cast: Cast) -> list[Browser]:
    """The learner whose world it is, the owner, the author, and nobody."""
    return [*(browser_of(app, one) for one in (cast.lea, cast.olivia, cast.anna)), Browser(app.test_client())]


def of_the_author(app: Flask, cast: Cast) -> list[UUID]:
    """A draft that is whole, and a scenario that was changed since it was put in use."""
    with as_member(app, cast.anna) as anna:
        draft, changed = write(anna, evaluation_instructions="Be strict."), write(anna)
        authoring.put_in_use(changed, by=anna)
        authoring.save(changed, Step.DETAILS, {"title": "Changed"}, revision=9, by=anna)
        db.session.commit()
        return [draft.id, changed.id]


def pages(app: Flask, world: World, scenarios: list[UUID]) -> Iterator[str]:
    for name, rule in routes(app):
        is_file = "." in rule.rule.rpartition("/")[2]
        if name.startswith("GET") and name not in {*NO_PAGES, SAMPLES} and not is_file:
            yield address(app, rule, **vars(world))
    yield from (variant.format(**vars(world)) for variant in VARIANTS)
    for scenario_id in scenarios:
        yield from (f"/o/acme/scenarios/{scenario_id}{part}" for part in ("", "?part=persona", "?part=evaluation"))


def route_of(app: Flask, action: str) -> str:
    endpoint, _arguments = app.url_map.bind("localhost").match(action.partition("?")[0], method="POST")
    return f"POST {endpoint}"


def forms_on(app: Flask, page: Page) -> Iterator[tuple[str, Element]]:
    for form in sent(page):
        if form.attributes.get("method") == "post":
            yield route_of(app, form.attributes["action"]), form


def fields_of(page: Page, form: Element) -> list[Field]:
    """What the form sends as it is shown; a set of radio buttons is one field."""
    found: dict[str, Field] = {}
    for one in page.elements:
        name, kind = one.attributes.get("name", ""), one.attributes.get("type", one.tag)
        if not name or name == "csrf_token" or form not in [page.elements[at] for at in one.within]:
            continue
        if one.tag == "button":
            found.setdefault(name, Field(name, "button", one.attributes.get("value", "")))
        elif one.tag in {"input", "select", "textarea"}:
            value = one.attributes.get("value", "on" if kind == "checkbox" else "")
            if one.tag == "input" and kind in {"input", "text"} and not value and "url" not in name:
                value = "Something"
            if kind == "select":
                options = page.inside(one, "option")
                value = next((o for o in options if "selected" in o.attributes), options[0]).attributes["value"]
            if kind not in {"radio", "checkbox"} or name not in found or "checked" in one.attributes:
                found[name] = Field(name, "text" if kind == "input" else kind, value)
    return list(found.values())


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


@cache
def places(app: Flask, cast: Cast) -> dict[str, Place]:
    """For each route that a form posts to: one page that has the form. Walked once."""
    world, scenarios, found = build_world(app, cast.lea), of_the_author(app, cast), {}
    people(app, cast)  # a second sign-in, for there is nothing to sign out otherwise
    for number, person in enumerate(people(app, cast)):
        for path in pages(app, world, scenarios):
            for route, _form in forms_on(app, read(person.get(path))):
                found.setdefault(route, Place(number, path))
    return found


@pytest.fixture
def form(request: pytest.FixtureRequest, app: Flask, standing_cast: Cast) -> Any:
    """Whoever has the form on a page, where it posts, and what it sends."""
    where = places(app, standing_cast)[request.param]
    browser = people(app, standing_cast)[where.person]
    page = read(browser.get(where.path))
    matching = [one for route, one in forms_on(app, page) if route == request.param]
    assert matching, "an earlier form took this one away"
    return browser, matching[0].attributes["action"], fields_of(page, matching[0])


TAKES_AWAY = ("delete", "archive", "remove", "sign_out", "start", "begin")
FORMS = sorted(
    {name for name in TABLE if name.startswith("POST")} - NO_FORM,
    key=lambda name: (any(word in name for word in TAKES_AWAY), name),
)


def is_sound(response: TestResponse) -> bool:
    return response.status_code < 500 and "<script>alert(1)" not in response.text


def test_every_form_stands_on_a_page(app: Flask, standing_cast: Cast) -> None:
    assert set(FORMS) <= places(app, standing_cast).keys()


@pytest.mark.parametrize("form", FORMS, indirect=True)
def test_a_form_takes_whatever_is_sent(form: tuple[Browser, str, list[Field]]) -> None:
    browser, action, fields = form
    shown = {field.name: field.value for field in fields}
    for field in fields:
        if field.kind in TYPED - {"number", "date"}:
            fits_or_is_refused_at(field, browser.post(action, {**shown, field.name: LONG}))
    assert is_sound(browser.post(action, {}))
    for typed in NASTY:
        words = {field.name: typed for field in fields if field.kind in TYPED}
        choices = {field.name: typed for field in fields if field.kind not in TYPED}
        for changed in (words, choices):
            assert not changed or is_sound(browser.post(action, {**shown, **changed})), (typed[:20], changed.keys())


def fits_or_is_refused_at(field: Field, response: TestResponse) -> None:
    if response.status_code in {200, 303}:
        return
    assert response.status_code == 422, field
    assert LONG in response.text, f"{field.name} is not given back"
    page = read(response)
    controls = [one.attributes for one in page.all("input", "textarea") if one.attributes.get("name") == field.name]
    refused = [control for control in controls if control.get("aria-invalid") == "true"]
    assert len(refused) == 1, f"{field.name} does not say it"
    assert set(refused[0]["aria-describedby"].split()) <= {one.attributes.get("id") for one in page.elements}
