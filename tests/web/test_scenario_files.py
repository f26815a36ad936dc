"""Scenarios as files: export, import, and what is refused."""

from io import BytesIO
from uuid import UUID

import pytest
from flask import Flask

from roleplay.scenarios import authoring
from roleplay.scenarios.models import Scenario
from tenants.db import db
from tests.browsers import Browser
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read
from tests.web.writing import TABLE


def test_a_scenario_leaves_as_yaml_and_comes_in_again(anna: Browser, app: Flask, cast: Cast, scenario_id: UUID) -> None:
    exported = anna.get(f"{TABLE}/{scenario_id}/file")
    assert exported.headers["Content-Disposition"] == 'attachment; filename="the-missed-deadline.yaml"'
    assert "title: The missed deadline" in exported.text
    response = anna.post(f"{TABLE}/imports", {"source": exported.text})
    again = anna.get(response.location.replace("/edit/details", "/file"))
    assert again.text == exported.text
    assert read(anna.get(response.location)).value_of("title") == "The missed deadline"
    with as_member(app, cast.anna):
        texts = [authoring.draft_of(one).text["persona"]["name"] for one in db.session.query(Scenario)]
        assert texts == ["Martin Keller", "Martin Keller"]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("", "This is not a scenario"),
        ("title: [", "Line 1: This cannot be read as YAML"),
        ("title: x\nevil: 1", "Line 2: There is no field “evil” here."),
        ('title: "\\0"', "no text can hold"),
        ("title: " + "x" * 10_000, "Line 1, Name: is longer than 600 characters"),
        ("goals:\n- id: a\n  text: " + "x" * 700, "Line 3, Goal 1, text: is longer than 600 characters"),
        ("goals:\n- {id: a, text: b, weight: 9}", "Line 2, Goal 1, weight: has to be ≤ 5"),
        ("title: !!python/name:os.system", "Line 1: Tags such as !!python/name:os.system are not taken."),
        ("type: sale", "Line 1, Scenario type: has to be one of: sales, "),
    ],
    ids=["empty", "broken", "unknown field", "nul", "long title", "long goal", "heavy goal", "tag", "type"],
)
def test_a_file_that_is_wrong_is_refused_with_its_faults_and_kept(anna: Browser, source: str, complaint: str) -> None:
    refused = anna.post(f"{TABLE}/imports", {"source": source})
    assert refused.status_code == 422
    page = read(refused)
    assert "The file was not taken" in page.words
    assert complaint in page.words
    assert source[:200] in refused.text.replace("&#34;", '"')


def test_a_file_in_another_encoding_is_refused_with_its_line(anna: Browser, app: Flask, cast: Cast) -> None:
    upload = (BytesIO("title: x\nsummary: déjà".encode("latin-1")), "scenario.yaml")
    refused = anna.post(f"{TABLE}/imports", {"file": upload})
    assert refused.status_code == 422
    assert "Line 2: The file is not written in UTF-8." in read(refused).words
    with as_member(app, cast.anna):
        assert db.session.query(Scenario).count() == 0


def test_the_complaint_is_in_the_language_of_the_page(anna: Browser) -> None:
    anna.post("/account/language", {"language": "fr"})
    refused = anna.post(f"{TABLE}/imports", {"source": "goals:\n- {id: a, text: b, weight: 9}"})
    assert "Ligne 2, Objectif 1, weight : doit être ≤ 5" in read(refused).words
