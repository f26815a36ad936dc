"""Every form around practice takes anything: an answer in words at the field, with nothing that was typed lost."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tenants.db import db
from tests.assigning import give, in_use
from tests.browsers import Browser, browser_of
from tests.cast import Cast
from tests.practice import as_member, member_of
from tests.tenancy.worlds import build_world
from tests.web.reading import Page, read
from tests.web.test_bad_input import MARK, is_sound


@dataclass(frozen=True)
class Form:
    who: str
    path: str
    filled: dict[str, str]


PERSON = {"name": "Ines Prado", "job": "Buyer", "company": "Norda", "notes": "Likes numbers.", "linkedin_url": ""}
PERSONA = {
    "name": "Ines Prado",
    "job": "Buyer",
    "organization": "Norda",
    "biography": "Twenty years of buying.",
    "motivations": "Peace",
    "concerns": "Price",
    "behaviours": "Counts",
    "opening": "Yes?",
    "linkedin_url": "",
    "profile_text": "Likes numbers.",
    "ecosystem": "",
    "vertical": "",
}
DIALS = ("trait", "emotional_state", "communication_style", "decision_making", "voice")
FORMS = {
    "new contact": Form("lea", "contacts", PERSON),
    "contact": Form("lea", "contacts/{contact_id}", PERSON),
    "session details": Form(
        "lea",
        "sessions/new/{draft_id}/details",
        {"title": "Thursday", "type": "sales", "language": "en", "time_limit_minutes": "10", "tuning": "Be brisk."},
    ),
    "session persona": Form("lea", "sessions/new/{draft_id}/persona", PERSONA),
    "session personality": Form(
        "lea",
        "sessions/new/{draft_id}/personality",
        {name: value for dial in DIALS for name, value in ((dial, "own"), (f"{dial}_own", "Quiet"))},
    ),
    "session evaluation": Form(
        "lea",
        "sessions/new/{draft_id}/evaluation",
        {"evaluation_template": "", "evaluation_instructions": "Listen for the price."},
    ),
    "invitation": Form(
        "anna",
        "scenarios/{another}/participants",
        {"members": "{member_id}", "teams": "", "q": "", "deadline": "2036-05-04", "team": "North", "do": "invite"},
    ),
    "assignment": Form(
        "anna",
        "scenarios/{once}/assignment",
        {"sessions_per_week": "0", "deadline": "keep", "day": "", "instructions": "Take your time."},
    ),
    "tags of several": Form("anna", "people/tags", {"members": "{member_id}", "name": "North", "do": "add"}),
    "tags of one": Form("anna", "people/{member_id}/tags", {"new": "North", "tag": "South"}),
    "start new": Form("lea", "sessions/{session_id}/attempts", {"mode": "text"}),
}
UNREAD = {name: {"q"} if name == "invitation" else {"day"} if name == "assignment" else set[str]() for name in FORMS}
"""What a form does not look at as it is filled in here: a search, and a day for a deadline that is left as it is."""
NASTY = (
    "",
    "before\0after",
    "\u200b\ufeff",
    "😀👩🏽‍🚀" * 60,
    "שלום \u202eevil\u202c مرحبا",
    f"\"'></textarea><{MARK} onload=alert(1)>",
    "{{ 7*7 }} %(name)s %s 100%",
    "-1",
    "٣",
    "line\r\nline\tline",
)
CASES = [(name, field) for name, form in FORMS.items() for field in form.filled]
CHOICES = {"members", "teams", "tag", "do", "mode", "type", "language", "time_limit_minutes", "sessions_per_week"}
CHOICES |= {"ecosystem", "vertical", "evaluation_template", *DIALS}
"""Not typed. What is no choice is said to be none, or taken for nothing chosen."""
TEXTS = {"notes", "tuning", "biography", "profile_text", "evaluation_instructions", "instructions"}
"""They take ten thousand characters."""
UNREAD = {("invitation", "q"), ("assignment", "day")}
"""What a form does not look at as it is filled in here: a search, and a day for a deadline that is left as it is."""
NASTY = (*NASTY, "a\u0301" * 5_000, "\u202eright to left\u202c", "😀" * 2_500, "line\nline\r\nline")
CASES = [(name, field) for name, form in FORMS.items() for field in form.filled]
CHOSEN = {
    "members",
    "teams",
    "tag",
    "do",
    "mode",
    "type",
    "language",
    "time_limit_minutes",
    "sessions_per_week",
    "choice",
}
CHOSEN |= {"ecosystem", "vertical", "evaluation_template", *DIALS}
"""Not typed. What is no choice is said to be none, or taken for nothing chosen."""


@pytest.fixture(scope="module")
def world(app: Flask, standing_cast: Cast) -> dict[str, Any]:
    """Beside the usual one, two scenarios that Leo was given once."""
    ids = vars(build_world(app, standing_cast.lea))
    with as_member(app, standing_cast.anna) as anna:
        once, another = in_use(anna), in_use(anna)
        for scenario in (once, another):
            give(scenario, [member_of(standing_cast.leo)], by=anna)
        db.session.commit()
        return {**ids, "once": once.id, "another": another.id}


@pytest.fixture(scope="module")
def people(app: Flask, standing_cast: Cast) -> dict[str, Browser]:
    return {name: browser_of(app, getattr(standing_cast, name)) for name in ("lea", "anna")}


def squeezed(text: str) -> str:
    return " ".join(text.split())


def shown(page: Page) -> str:
    """Everything that stands in the page, in its fields and between them."""
    values = [element.attributes.get("value", "") for element in page.all("input")]
    return squeezed(" ".join([page.words, *values]))


def faults(page: Page) -> set[str]:
    """The ids of the texts that say what is wrong with a field."""
    ids = {element.attributes.get("id", "") for element in page.all("p")}
    return {found.removesuffix("-error") for found in ids if found.endswith("-error")}


def said_of(field: str, page: Page) -> bool:
    return field in {fault.removeprefix("field-") for fault in faults(page)}


def is_typed(form: Form, field: str) -> bool:
    return field not in CHOICES and (form.path.endswith("assignment"), field) != (True, "deadline")


def send(browser: Browser, world: dict[str, Any], form: Form, **changes: str) -> tuple[TestResponse, dict[str, Any]]:
    typed = {name: value.format(**world) for name, value in form.filled.items()} | changes
    return browser.post(f"/o/acme/{form.path.format(**world)}", typed), typed


@pytest.mark.parametrize(("name", "field"), CASES)
def test_whatever_is_typed_is_kept_or_given_back_with_a_word_at_its_field(
    people: dict[str, Browser], world: dict[str, Any], name: str, field: str
) -> None:
    form = FORMS[name]
    for nasty in NASTY:
        answer, typed = send(people[form.who], world, form, **{field: nasty})
        assert is_sound(answer)
        if "\0" in nasty:
            assert answer.status_code == 400
        elif answer.status_code == 422:
            page = read(answer)
            assert said_of(field, page) or (field in CHOICES and faults(page)), (nasty[:40], faults(page))
            others = [value for each, value in typed.items() if each != field and is_typed(form, each)]
            assert all(squeezed(value) in shown(page) for value in others), nasty[:40]
        else:
            assert answer.status_code in {200, 303, 400, 409}, (nasty[:40], answer.status_code)


@pytest.mark.parametrize(("name", "field"), [case for case in CASES if is_typed(FORMS[case[0]], case[1])])
def test_what_is_too_long_is_refused_at_its_field_and_given_back_whole(
    people: dict[str, Browser], world: dict[str, Any], name: str, field: str
) -> None:
    form = FORMS[name]
    ten_thousand = "word " * 1_999 + "ended"
    answer, _ = send(people[form.who], world, form, **{field: ten_thousand})
    if field in TEXTS:
        assert answer.status_code == 303
        answer, _ = send(people[form.who], world, form, **{field: f"x{ten_thousand}"})
    if (name, field) in UNREAD:
        assert answer.status_code == 303
    else:
        assert answer.status_code == 422
        page = read(answer)
        assert said_of(field, page), faults(page)
        assert ten_thousand in shown(page), "nothing that was typed is lost"


@pytest.mark.parametrize("name", FORMS)
def test_an_empty_form_and_a_doubled_one_are_answered(
    people: dict[str, Browser], world: dict[str, Any], name: str
) -> None:
    form = FORMS[name]
    browser, path = people[form.who], f"/o/acme/{form.path.format(**world)}"
    for typed in ({}, {field: ["a", "b"] for field in form.filled}, {"revision": "99999999999999999999"}):
        answer = browser.post(path, typed)
        assert is_sound(answer)
        assert answer.status_code in {303, 409, 422}, (typed, answer.status_code)


@pytest.mark.parametrize(
    "path", ["sessions", "scenarios", "people", "contacts", "scenarios/{scenario_id}/participation"]
)
def test_every_table_answers_any_search_sort_and_page(
    people: dict[str, Browser], world: dict[str, Any], path: str
) -> None:
    address = f"/o/acme/{path.format(**world)}"
    for nasty in NASTY:
        asked = dict.fromkeys(("q", "participant", "sort", "page", "status", "type", "tag", "who"), nasty)
        answer = people["anna"].get(address, query_string=asked)
        assert is_sound(answer)
        assert answer.status_code == (400 if "\0" in nasty else 200), nasty[:40]
