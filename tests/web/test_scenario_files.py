"""Scenarios as files: export, import, and what is refused."""

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
    assert read(anna.get(response.location)).value_of("title") == "The missed deadline"
    with as_member(app, cast.anna):
        texts = [authoring.draft_of(one).text["persona"]["name"] for one in db.session.query(Scenario)]
        assert texts == ["Martin Keller", "Martin Keller"]


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("", "This is not a scenario"),
        ("title: [", "line 1"),
        ("title: x\nevil: 1", "evil"),
        ('title: "\\0"', "no text can hold"),
        ("title: " + "x" * 10_000, "Name"),
        ("goals:\n- id: a\n  text: " + "x" * 700, "Goal 1"),
    ],
    ids=["empty", "broken", "unknown field", "nul", "long title", "long goal"],
)
def test_a_file_that_is_wrong_is_refused_with_its_faults_and_kept(anna: Browser, source: str, complaint: str) -> None:
    refused = anna.post(f"{TABLE}/imports", {"source": source})
    assert refused.status_code == 422
    page = read(refused)
    assert "The file was not taken" in page.words
    assert complaint in page.words
    assert source[:200] in refused.text.replace("&#34;", '"')
