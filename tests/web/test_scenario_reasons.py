"""Each reason against a scenario leads to the control in which it can be put right."""

from typing import Any

import pytest
from flask import Flask

from tests.authoring import COMPLETE
from tests.browsers import Browser
from tests.cast import Cast
from tests.web.reading import Page, read
from tests.web.writing import STEPS, TABLE, written

TOO_LONG = "x" * 601
LEVER = {"id": "a", "direction": "opens", "text": "Asks"}
LACKING: list[dict[str, Any]] = [
    *({name: None} for name in ("title", "summary", "type", "learner_role", "context", "stakes", "objective")),
    *({name: None} for name in ("opening",)),
    {"goals": []},
    {"goals": [{"id": "one", "text": ""}]},
    {"goals": [{"id": "one", "text": "Ask."}, {"id": "two", "text": "Ask.", "examples": {"positive": [TOO_LONG]}}]},
    {"levers": [LEVER, {**LEVER, "id": "b", "direction": "closes", "text": ""}]},
    {"levers": [LEVER, {**LEVER, "id": "b", "lines": [TOO_LONG]}]},
    {"facts": [{"id": "a", "text": "", "guarded": True}]},
    *({"persona": {**COMPLETE["persona"], name: None}} for name in ("name", "job", "biography", "motivations")),
    *({"persona": {**COMPLETE["persona"], name: ""}} for name in ("trait", "emotional_state", "decision_making")),
    {"difficulty": "impossible"},
    {"time_limit_minutes": "soon"},
]


@pytest.mark.parametrize("lacking", LACKING, ids=lambda lacking: str(lacking)[:60])
def test_a_reason_leads_to_its_control(app: Flask, cast: Cast, anna: Browser, lacking: dict[str, Any]) -> None:
    scenario = f"{TABLE}/{written(app, cast, **lacking)}"
    (link,) = links(read(anna.get(scenario)), f"{scenario}/edit/")
    address, _hash, wanted = link.partition("#")
    assert address.rsplit("/", 1)[1] in STEPS
    step = read(anna.get(address))
    (control,) = [one for one in step.elements if one.attributes.get("id") == wanted]
    assert control.tag in {"input", "select", "textarea", "button"}
    assert f"#{wanted}" in {one.attributes.get("href") for one in step.all("a")}, "the step says it as well"


def links(page: Page, beginning: str) -> list[str]:
    found = {one.attributes.get("href", "") for one in page.all("a")}
    return [href for href in found if href.startswith(beginning) and "#" in href]
