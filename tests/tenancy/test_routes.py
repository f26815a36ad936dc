"""Every route, walked from the URL map: who gets what, and that another organization's ids are worth nothing."""

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Engine
from werkzeug.routing import Rule

from tenants.db import Model, OrganizationOwned
from tests.browsers import Browser, Enter
from tests.cast import Cast, Person
from tests.tenancy.worlds import World, build_world

OK, NOTHING, SIGN_IN, GONE, LATE, BAD = "ok", "nothing", "asked to sign in", "gone", "conflict", "refused input"
NOT_ALLOWED = "not allowed"

Outcomes = tuple[str, str, str, str, str]
"""For: nobody signed in, a stranger, the learner of another organization, a colleague who is admin, the learner."""
WHO = ("nobody", "stranger", "neighbour", "admin", "learner")

EVERYBODY: Outcomes = (OK, OK, OK, OK, OK)
SIGNED_IN: Outcomes = (SIGN_IN, OK, OK, OK, OK)
MEMBERS: Outcomes = (SIGN_IN, NOTHING, NOTHING, OK, OK)
OWN: Outcomes = (SIGN_IN, NOTHING, NOTHING, NOTHING, OK)
AUTHORS: Outcomes = (SIGN_IN, NOTHING, NOTHING, OK, NOT_ALLOWED)
ONLY_AUTHORS: Outcomes = (SIGN_IN, NOTHING, NOTHING, OK, NOTHING)


def everyone(outcome: str) -> Outcomes:
    return (outcome,) * 5


TABLE: dict[str, Outcomes] = {
    "GET health.healthz": EVERYBODY,
    "GET health.metrics": (NOTHING,) * 5,
    "GET health.readyz": EVERYBODY,
    "GET sign_in.home": (SIGN_IN, OK, OK, OK, OK),
    "GET sign_in.show": EVERYBODY,
    "POST sign_in.request_link": everyone(BAD),
    "GET sign_in.open_link": everyone(GONE),
    "POST sign_in.use_link": everyone(GONE),
    "POST sign_in.use_password": everyone(BAD),
    "POST sign_in.sign_out": EVERYBODY,
    "GET account.show": SIGNED_IN,
    "POST account.save_profile": (SIGN_IN, BAD, BAD, BAD, BAD),
    "POST account.save_password": (SIGN_IN, BAD, BAD, BAD, BAD),
    "POST account.sign_out_others": SIGNED_IN,
    "POST account.choose_language": EVERYBODY,
    "GET help_centre.index": EVERYBODY,
    "GET help_centre.show": EVERYBODY,
    "GET dev.sign_in": EVERYBODY,
    "POST dev.sign_in_as": everyone(NOTHING),
    "GET dev.components": EVERYBODY,
    "GET dev.mail": EVERYBODY,
    "GET organization.home.show": MEMBERS,
    "GET organization.catalog.index": MEMBERS,
    "GET organization.catalog.show": MEMBERS,
    "POST organization.catalog.start": (SIGN_IN, NOTHING, NOTHING, OK, LATE),
    "GET organization.sessions.index": MEMBERS,
    "GET organization.sessions.export": MEMBERS,
    "GET organization.sessions.show": OWN,
    "POST organization.sessions.begin": MEMBERS,
    "GET organization.sessions.edit": OWN,
    "POST organization.sessions.keep": (SIGN_IN, NOTHING, NOTHING, NOTHING, BAD),
    "POST organization.sessions.start_new": (SIGN_IN, NOTHING, NOTHING, NOTHING, LATE),
    "GET organization.scenarios.index": AUTHORS,
    "GET organization.scenarios.export_table": AUTHORS,
    "POST organization.scenarios.begin": AUTHORS,
    "GET organization.scenarios.choose_original": AUTHORS,
    "GET organization.scenarios.choose_file": AUTHORS,
    "POST organization.scenarios.import_file": (SIGN_IN, NOTHING, NOTHING, BAD, NOT_ALLOWED),
    "GET organization.scenarios.show": ONLY_AUTHORS,
    "GET organization.scenarios.edit": ONLY_AUTHORS,
    "POST organization.scenarios.keep": (SIGN_IN, NOTHING, NOTHING, BAD, NOTHING),
    "POST organization.scenarios.duplicate": ONLY_AUTHORS,
    "POST organization.scenarios.test": ONLY_AUTHORS,
    "POST organization.scenarios.put_in_use": ONLY_AUTHORS,
    "POST organization.scenarios.publish": ONLY_AUTHORS,
    "POST organization.scenarios.archive": ONLY_AUTHORS,
    "POST organization.scenarios.delete": (SIGN_IN, NOTHING, NOTHING, NOT_ALLOWED, NOTHING),
    "GET organization.scenarios.tags": ONLY_AUTHORS,
    "POST organization.scenarios.update_tags": ONLY_AUTHORS,
    "GET organization.scenarios.export": ONLY_AUTHORS,
    "GET organization.participants.choose": ONLY_AUTHORS,
    "POST organization.participants.invite": (SIGN_IN, NOTHING, NOTHING, BAD, NOTHING),
    "POST organization.participants.remove": ONLY_AUTHORS,
    "GET organization.participation.index": ONLY_AUTHORS,
    "GET organization.participation.export": ONLY_AUTHORS,
    "GET organization.assignments.edit": ONLY_AUTHORS,
    "POST organization.assignments.change": (SIGN_IN, NOTHING, NOTHING, BAD, NOTHING),
    "GET organization.people.index": AUTHORS,
    "GET organization.people.export": AUTHORS,
    "POST organization.people.tag_several": (SIGN_IN, NOTHING, NOTHING, BAD, NOT_ALLOWED),
    "GET organization.people.tags": ONLY_AUTHORS,
    "POST organization.people.update_tags": ONLY_AUTHORS,
    "GET organization.scenarios.export_persona": ONLY_AUTHORS,
    "POST organization.scenarios.keep_persona": ONLY_AUTHORS,
    "POST organization.scenarios.keep_template": ONLY_AUTHORS,
    "GET organization.personas.index": AUTHORS,
    "GET organization.personas.show": ONLY_AUTHORS,
    "GET organization.personas.export_all": AUTHORS,
    "GET organization.personas.export": ONLY_AUTHORS,
    "GET organization.personas.choose_file": AUTHORS,
    "POST organization.personas.import_file": (SIGN_IN, NOTHING, NOTHING, BAD, NOT_ALLOWED),
    "POST organization.personas.begin": ONLY_AUTHORS,
    "POST organization.personas.delete": ONLY_AUTHORS,
    "GET organization.evaluation_templates.index": AUTHORS,
    "GET organization.evaluation_templates.show": ONLY_AUTHORS,
    "GET organization.evaluation_templates.export_all": AUTHORS,
    "GET organization.evaluation_templates.export": ONLY_AUTHORS,
    "GET organization.evaluation_templates.choose_file": AUTHORS,
    "POST organization.evaluation_templates.import_file": (SIGN_IN, NOTHING, NOTHING, BAD, NOT_ALLOWED),
    "POST organization.evaluation_templates.delete": ONLY_AUTHORS,
    "GET organization.contacts.index": MEMBERS,
    "GET organization.contacts.new": MEMBERS,
    "POST organization.contacts.add": (SIGN_IN, NOTHING, NOTHING, BAD, BAD),
    "GET organization.contacts.show": OWN,
    "GET organization.contacts.edit": OWN,
    "POST organization.contacts.change": (SIGN_IN, NOTHING, NOTHING, NOTHING, BAD),
    "POST organization.contacts.delete": OWN,
    "POST organization.contacts.rehearse": OWN,
    "POST organization.attempts.delete": OWN,
    "GET organization.attempts.show": OWN,
    "GET organization.attempts.transcript": OWN,
    "GET organization.attempts.evaluation": OWN,
    "POST organization.attempts.evaluate_again": (SIGN_IN, NOTHING, NOTHING, NOTHING, LATE),
    "GET organization.room.show": OWN,
    "POST organization.room.issue_ticket": (SIGN_IN, NOTHING, NOTHING, NOTHING, LATE),
    "POST organization.room.complete": OWN,
    "GET organization.reports.index": AUTHORS,
    "GET organization.reports.people": AUTHORS,
    "POST organization.reports.export": AUTHORS,
    "GET organization.reports.show_export": ONLY_AUTHORS,
    "GET organization.reports.download": ONLY_AUTHORS,
    "POST organization.reports.subscribe": AUTHORS,
    "GET organization.preferences.show": MEMBERS,
    "POST organization.preferences.save": MEMBERS,
}


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    for rule in app.url_map.iter_rules():
        if rule.endpoint == "static":
            continue
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield f"{method} {rule.endpoint}", rule


def address(app: Flask, rule: Rule, **values: Any) -> str:
    defaults = {
        "organization_slug": "acme",
        "page": "privacy",
        "step": "details",
        "secret": "unknown",
        "identity_id": uuid4(),
        **values,
    }
    arguments = {name: defaults[name] for name in rule.arguments}
    with app.test_request_context():
        return app.url_map.bind("localhost").build(rule.endpoint, arguments)


def call(browser: Browser, name: str, path: str) -> Any:
    method = name.split(maxsplit=1)[0]
    options = {"environ_overrides": {"REMOTE_ADDR": f"10.{hash(name) % 250}.{id(browser) % 250}.7"}}
    return browser.get(path, **options) if method == "GET" else browser.post(path, **options)


def outcome(response: Any) -> str:
    if response.status_code in {301, 302, 303} and response.location.startswith("/sign-in"):
        return OK if response.request.path == "/sign-out" else SIGN_IN
    names = {403: NOT_ALLOWED, 404: NOTHING, 410: GONE, 409: LATE, 422: BAD}
    return names.get(response.status_code, OK if response.status_code < 400 else str(response.status_code))


@pytest.fixture
def acme(app: Flask, cast: Cast) -> World:
    return build_world(app, cast.lea)


@pytest.fixture
def beacon(app: Flask, cast: Cast) -> World:
    return build_world(app, cast.ben)


def test_every_route_has_a_row_and_every_row_a_route(app: Flask) -> None:
    assert {name for name, _ in routes(app)} == TABLE.keys()


@pytest.mark.parametrize("name", TABLE)
def test_everyone_gets_what_the_table_says(
    app: Flask, cast: Cast, acme: World, enter: Enter, anonymous: Browser, name: str
) -> None:
    rule = dict(routes(app))[name]
    path = address(app, rule, **vars(acme))
    people: list[Person | None] = [None, cast.sam, cast.ben, cast.adam, cast.lea]
    browsers = [enter(person) if person else anonymous for person in people]
    found = dict(zip(WHO, (outcome(call(browser, name, path)) for browser in browsers), strict=True))
    assert found == dict(zip(WHO, TABLE[name], strict=True))


def body(response: Any) -> str:
    """The page without what differs between any two answers: nonce and form token."""
    page = re.sub(r'nonce="[^"]*"', "", response.get_data(as_text=True))
    return re.sub(r'(value=|X-CSRFToken&#34;: &#34;|"X-CSRFToken": )"?[^"&]*"?', "", page)


def test_a_foreign_id_is_told_the_same_as_an_unknown_one_and_changes_nothing(
    app: Flask, cast: Cast, acme: World, beacon: World, enter: Enter, owner: Engine
) -> None:
    before = fingerprints(owner, cast.ben.organization_id)
    with_ids = [(name, rule) for name, rule in routes(app) if any(a.endswith("_id") for a in rule.arguments)]
    assert len(with_ids) >= 10
    for person in (cast.lea, cast.adam, cast.olivia):
        browser = enter(person)
        browser.get("/sign-in")
        for name, rule in with_ids:
            if not rule.endpoint.startswith("organization."):
                continue
            unknown = {key: uuid4() for key in vars(beacon)}
            foreign = call(browser, name, address(app, rule, **vars(beacon)))
            nothing = call(browser, name, address(app, rule, **unknown))
            assert (foreign.status_code, body(foreign)) == (404, body(nothing)), name
            headers = {key for key, _ in foreign.headers} ^ {key for key, _ in nothing.headers}
            assert not headers, name
    assert fingerprints(owner, cast.ben.organization_id) == before


def fingerprints(owner: Engine, organization_id: UUID | None) -> dict[str, str | None]:
    """A hash over all rows of the organization, table by table."""
    found = {}
    with owner.begin() as connection:
        connection.execute(text("select set_config('app.organization', :id, true)"), {"id": str(organization_id)})
        for mapper in Model.registry.mappers:
            if issubclass(mapper.class_, OrganizationOwned):
                table = mapper.local_table.name
                query = f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t"
                found[table] = connection.scalar(text(query))
    assert any(found.values())
    return found
