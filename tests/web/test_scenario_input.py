"""What people type into the steps: too long, of any script, hostile, or nothing at all."""

import pytest
from flask import Flask

from tests.authoring import AWKWARD
from tests.browsers import Browser
from tests.cast import Cast
from tests.web.reading import read
from tests.web.writing import DETAILS, STEPS, text_of


@pytest.mark.parametrize(
    ("step", "field", "complaint"),
    [
        ("details", "title", "Use at most 600 characters."),
        ("details", "context", None),
        ("details", "goals-0-text", "Use at most 600 characters."),
        ("details", "goals-0-positive", "Each line has at most 600 characters."),
        ("persona", "name", "Use at most 600 characters."),
        ("persona", "motivations", "Each line has at most 600 characters."),
        ("persona", "linkedin_url", "Use at most 300 characters."),
        ("personality", "trait_own", "Use at most 600 characters."),
        ("evaluation", "evaluation_instructions", None),
        ("frequency", "instructions", None),
        ("participants", "q", "100"),
    ],
)
def test_ten_thousand_characters_fit_or_are_refused_at_the_field_with_nothing_lost(
    anna: Browser, app: Flask, cast: Cast, steps: str, step: str, field: str, complaint: str | None
) -> None:
    typed, other = "x" * 10_000, "kept as well"
    base = {"details": DETAILS, "frequency": {"sessions_per_week": 0}}.get(
        step, {"name": other} if step == "persona" and field != "name" else {}
    )
    response = anna.post(steps + step, {**base, field: typed, "revision": 0})
    if complaint is None:
        assert response.status_code == 303
        assert text_of(app, cast, steps)[field] == typed
        too_much = anna.post(steps + step, {**base, field: typed + "y", "revision": 1})
        assert too_much.status_code == 422
        assert typed + "y" in too_much.text
        return
    assert response.status_code == 422
    assert complaint in read(response).words
    assert typed in response.text
    assert "You sell." in response.text or step != "details"
    assert other in response.text or "name" not in base
    assert not text_of(app, cast, steps)


@pytest.mark.parametrize("words", AWKWARD.values(), ids=AWKWARD)
def test_words_of_any_kind_come_back_as_they_were_typed(
    anna: Browser, app: Flask, cast: Cast, steps: str, words: str
) -> None:
    anna.post(f"{steps}details", {**DETAILS, "title": words, "context": words, "goals-0-text": words, "revision": 0})
    text = text_of(app, cast, steps)
    assert (text["title"], text["context"], text["goals"][0]["text"]) == (words, words, words)
    page = read(anna.get(f"{steps}details"))
    assert (page.value_of("title"), page.value_of("goals-0-text")) == (words, words)


def test_a_nul_is_refused_before_it_reaches_anything(anna: Browser, steps: str) -> None:
    assert anna.post(f"{steps}details", {**DETAILS, "title": "a\0b", "revision": 0}).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": "evil"},
        {"time_limit_minutes": "7"},
        {"time_limit_minutes": "x"},
        {"difficulty": "evil"},
        {"language": "xx"},
    ],
    ids=str,
)
def test_what_the_lists_do_not_offer_is_refused(anna: Browser, steps: str, wrong: dict[str, str]) -> None:
    assert anna.post(f"{steps}details", {**DETAILS, **wrong, "revision": 0}).status_code == 422


@pytest.mark.parametrize("step", STEPS)
def test_nothing_at_all_can_be_sent(anna: Browser, steps: str, step: str) -> None:
    sent = DETAILS if step == "details" else {"sessions_per_week": 0} if step == "frequency" else {}
    assert anna.post(steps + step, sent).status_code == 303
    assert anna.get(steps + step).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("https://www.linkedin.com/in/ines-ferreira", 303),
        ("https://fr.linkedin.com/in/ines", 303),
        ("http://www.linkedin.com/in/ines", 422),
        ("https://linkedin.com.evil.example/in/ines", 422),
        ("javascript:alert(1)", 422),
        ("https://www.linkedin.com/in/<script>", 422),
    ],
)
def test_a_profile_address_is_a_profile_address(anna: Browser, steps: str, address: str, status: int) -> None:
    assert anna.post(f"{steps}persona", {"linkedin_url": address, "revision": 0}).status_code == status
