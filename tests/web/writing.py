"""What tests of the authors' pages share: a scenario that is written, and how its pages are read and filled in."""

from typing import Any
from uuid import UUID

from flask import Flask

from roleplay.scenarios import authoring
from roleplay.scenarios.models import Scenario
from tenants.db import db
from tests.authoring import write
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import Page

TABLE = "/o/acme/scenarios"
STEPS = ("details", "persona", "personality", "evaluation", "frequency", "participants")
DETAILS = {
    "title": "A hard call",
    "summary": "Hold your price.",
    "type": "sales",
    "language": "en",
    "time_limit_minutes": 15,
    "fixed_time": True,
    "difficulty": "gentle",
    "learner_role": "You sell.",
    "context": "They tested it.",
    "stakes": "The year.",
    "objective": "A yes.",
}


def written(app: Flask, cast: Cast, **changes: Any) -> UUID:
    with as_member(app, cast.anna) as anna:
        scenario = write(anna, **changes)
        db.session.commit()
        return scenario.id


def names(page: Page) -> list[str]:
    links = (page.inside(row, "a") for row in page.all("tr"))
    return [
        row[0].attributes["href"].rsplit("/", 1)[1]
        for row in links
        if row and "stretched" in row[0].attributes.get("class", "")
    ]


def text_of(app: Flask, cast: Cast, steps: str) -> dict[str, Any]:
    with as_member(app, cast.anna):
        scenario = db.session.query(Scenario).filter_by(id=UUID(steps.split("/")[4])).one()
        return authoring.draft_of(scenario).text


def filled(page: Page) -> dict[str, Any]:
    """What a browser would send of the step as it is shown."""
    sent: dict[str, Any] = {}
    for field in page.inside(page.the("form", id="step"), "input"):
        kind, name = field.attributes.get("type", "text"), field.attributes.get("name", "")
        if kind in {"radio", "checkbox"} and "checked" not in field.attributes:
            continue
        sent.setdefault(name, field.attributes.get("value", ""))
    return {name: value for name, value in sent.items() if name not in {"csrf_token", "do"}}
