"""Export this view: the rows that the address of a table asks for, as a file that a spreadsheet program opens."""

import csv
import io

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from roleplay.assignments.practising import practise
from roleplay.scenarios.versions import version_in_use
from tenants.db import db
from tenants.identities import Identity
from tenants.scope import platform_scope
from tests.assigning import give, in_use
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member, member_of
from tests.web.reading import read


@pytest.fixture
def scenario_url(app: Flask, cast: Cast) -> str:
    """Lea and Leo were given one; Leo practises another that is his own."""
    with as_member(app, cast.anna) as anna:
        scenario = in_use(anna, title="=cmd()")
        give(scenario, [member_of(cast.lea), member_of(cast.leo)], by=anna)
        db.session.commit()
        address = f"/o/acme/scenarios/{scenario.id}"
        other = version_in_use(in_use(anna, title="Mine alone"))
        assert other
        practise(other, by=member_of(cast.leo))
        db.session.commit()
    return address


def rows_of(answer: TestResponse, delimiter: str = ",") -> list[list[str]]:
    assert answer.status_code == 200 and answer.content_type == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    text = answer.get_data().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=delimiter))


def test_a_learner_takes_what_is_in_their_own_table(enter: Enter, cast: Cast, scenario_url: str) -> None:
    leo = enter(cast.leo)
    head, *rows = rows_of(leo.get("/o/acme/sessions/table.csv?sort=name"))
    assert head[:3] == ["Name", "Attempts", "Status"] and "Participant" not in head
    assert [row[:3] for row in rows] == [["'=cmd()", "0", "To do"], ["Mine alone", "0", "To do"]]
    assert [row[0] for row in rows_of(leo.get("/o/acme/sessions/table.csv?q=alone"))[1:]] == ["Mine alone"]


def test_an_admin_takes_whose_session_it_is_and_no_private_practice(
    enter: Enter, cast: Cast, scenario_url: str
) -> None:
    adam = enter(cast.adam)
    link = next(
        a
        for a in read(adam.get("/o/acme/sessions?participant=le&sort=participant")).all("a")
        if "download" in a.attributes
    )
    head, *rows = rows_of(adam.get(link.attributes["href"]))
    assert head[1] == "Participant"
    assert [row[1] for row in rows] == ["Lea", "Leo"]


def test_the_scenarios_and_their_participation_history_are_files_too(
    anna: Browser, cast: Cast, scenario_url: str
) -> None:
    rows = rows_of(anna.get("/o/acme/scenarios/table.csv?sort=name"))
    assert [row[0] for row in rows] == ["Name", "'=cmd()", "Mine alone"]
    assert rows[1][4] == "2"
    rows = rows_of(anna.get("/o/acme/people/table.csv?q=leo"))
    assert rows == [["Name", "E-mail", "Role", "Tags"], ["Leo", "leo@example.com", "Learner", ""]]
    rows = rows_of(anna.get(f"{scenario_url}/participation/table.csv?sort=participant"))
    assert [row[:3] for row in rows] == [
        ["Participant", "Attempts", "Status"],
        ["Lea", "0", "To do"],
        ["Leo", "0", "To do"],
    ]


def test_the_file_speaks_the_language_of_its_reader(app: Flask, enter: Enter, cast: Cast, scenario_url: str) -> None:
    with app.app_context(), platform_scope():
        db.session.get_one(Identity, cast.leo.identity_id).language = "fr"
        db.session.commit()
    assert rows_of(enter(cast.leo).get("/o/acme/sessions/table.csv"), ";")[0][0] == "Nom"


def test_the_participation_history_is_searched_narrowed_and_seen_by_coaches(
    enter: Enter, cast: Cast, scenario_url: str
) -> None:
    carl = enter(cast.carl)
    page = read(carl.get(f"{scenario_url}/participation"))
    assert "2 sessions" in page.words and "Lea" in page.words and "Mine alone" not in page.words
    assert "Leo" not in read(carl.get(f"{scenario_url}/participation?q=lea")).words
    assert "No session matches" in read(carl.get(f"{scenario_url}/participation?status=completed")).words
    assert enter(cast.lea).get(f"{scenario_url}/participation").status_code == 404


def test_participants_are_found_when_there_are_more_than_fit(
    anna: Browser, cast: Cast, scenario_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("roleplay.web.scenarios.detail.SHOWN", 1)
    assert "1 of 2 people" in read(anna.get(scenario_url)).words
    page = read(anna.get(f"{scenario_url}?who=leo"))
    assert "Remove Leo" in {button.attributes.get("aria-label") for button in page.all("button")}
    assert "Remove Lea" not in {button.attributes.get("aria-label") for button in page.all("button")}
