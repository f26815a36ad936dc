"""Canary strings in every text column of one organization never show up in anything made for another."""

import json

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Engine

from tests.browsers import Enter
from tests.cast import Cast
from tests.tenancy.test_routes import address, call, routes
from tests.tenancy.worlds import World, build_world

CANARY = "CANARY-OF-BEACON"
WORDS_OF_CODE = {
    "action",
    "end_reason",
    "format",
    "job",
    "kind",
    "language",
    "mode",
    "reason",
    "rhythm",
    "role",
    "speaker",
    "status",
    "type",
    "verdict",
}
"""Columns that hold a word the code chose from a list, and so cannot hold what somebody wrote."""

_COLUMNS = """
select c.table_name, c.column_name, c.data_type from information_schema.columns c
join information_schema.columns o
  on o.table_schema = c.table_schema and o.table_name = c.table_name and o.column_name = 'organization_id'
where c.table_schema = 'public' and c.data_type in ('character varying', 'text', 'jsonb')
  and c.is_generated = 'NEVER'
"""


def plant(owner: Engine, cast: Cast) -> int:
    """Writes a canary into every text column of Beacon's rows, and into every text of its JSON; returns how many."""
    planted = 0
    with owner.begin() as connection:
        connection.execute(
            text("select set_config('app.organization', :id, true)"), {"id": str(cast.ben.organization_id)}
        )
        for table, column, kind in connection.execute(text(_COLUMNS)).all():
            if column in WORDS_OF_CODE:
                continue
            value = (
                f"replace({column}::text, '\": \"', '\": \"{CANARY} ')::jsonb"
                if kind == "jsonb"
                else f"left('{CANARY}-' || id::text, coalesce((select character_maximum_length from "
                f"information_schema.columns where table_name = '{table}' and column_name = '{column}'), 200))"
            )
            query = f"update {table} set {column} = {value} where {column} is not null"
            planted += connection.execute(text(query)).rowcount
    return planted


@pytest.fixture
def planted(app: Flask, cast: Cast, owner: Engine) -> World:
    acme = build_world(app, cast.lea)
    build_world(app, cast.ben)
    assert plant(owner, cast) > 50
    return acme


def test_no_page_of_acme_shows_anything_of_beacon(
    app: Flask, cast: Cast, planted: World, enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = 0
    for person in (cast.lea, cast.adam, cast.olivia, cast.sam):
        browser = enter(person)
        for name, rule in routes(app):
            if not name.startswith("GET") or rule.endpoint == "health.metrics":
                continue
            response = call(browser, name, address(app, rule, **vars(planted)))
            everything = response.get_data(as_text=True) + json.dumps(list(response.headers))
            assert CANARY not in everything, f"{name} for {person.email}"
            seen += response.status_code == 200
    assert seen > 30
    assert CANARY not in capsys.readouterr().out


def test_the_canaries_would_be_seen_where_they_belong(app: Flask, cast: Cast, planted: World, enter: Enter) -> None:
    assert CANARY in enter(cast.ben).get("/o/beacon/sessions").text


def test_no_page_logs_what_was_said(
    app: Flask, cast: Cast, planted: World, enter: Enter, capsys: pytest.CaptureFixture[str]
) -> None:
    page = enter(cast.lea).get(f"/o/acme/attempts/{planted.attempt_id}/transcript").text
    assert "I am sorry that you waited" in page
    logged = capsys.readouterr().out
    assert "organization.attempts" in logged or "/attempts/" in logged
    for private in ("I am sorry", "lea@example.com", "Fine. Nine it is"):
        assert private not in logged
