"""Whatever is typed, pasted or forged into a form, an address or a header: an answer in words, never a breakdown."""

from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from roleplay.web.forms import one_line
from tests.browsers import Browser, browser_of
from tests.cast import Cast
from tests.tenancy.worlds import World, build_world
from tests.web.reading import read

MARK = "xss-mark"
"""An element that no page has, unless somebody typed it in."""
NASTY = (
    "",
    " ",
    "\0",
    "before\0after",
    "x" * 10_000,
    "👩🏽‍🚀" * 200,
    "שלום \u202eevil\u202c مرحبا",
    f"<{MARK}>",
    f"\"'><{MARK} onload=alert(1)>",
    f"</title></textarea></script><{MARK}>",
    "{{ 7*7 }} ${7*7} %(name)s %s 100%",
    "'; drop table member; --",
    "a@b.example\r\nBcc: everyone@example.com",
    "http://[",
    "/\t/evil.example",
    "None",
    "-1",
    "1e400",
    "٣",
    "../../etc/passwd",
    "\u200b\ufeff",
    "İıŞş ﷽ ẞ",
)
texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
bounded = settings(
    max_examples=30, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
few = settings(bounded, max_examples=15)


@pytest.fixture(scope="module")
def world(app: Flask, standing_cast: Cast) -> World:
    return build_world(app, standing_cast.lea)


@pytest.fixture(scope="module")
def lea(app: Flask, standing_cast: Cast) -> Browser:
    return browser_of(app, standing_cast.lea)


@pytest.fixture(scope="module")
def nobody(app: Flask, standing_cast: Cast) -> Browser:
    return Browser(app.test_client())


FORMS: dict[str, tuple[str, ...]] = {
    "/sign-in/link": ("email", "next"),
    "/sign-in/password": ("email", "password", "next"),
    "/sign-in/link/unknown": ("secret",),
    "/account/profile": ("name", "language", "time_zone"),
    "/account/password": ("password",),
    "/account/language": ("language", "next"),
    "/o/acme/preferences": ("feedback_language", "patience_ms", "captions"),
    "/o/acme/catalog/{scenario_id}/attempts": ("mode",),
    "/o/acme/sessions/{session_id}/attempts": ("mode",),
    "/o/acme/attempts/{attempt_id}/evaluations": ("mode",),
    "/o/acme/attempts/{attempt_id}/tickets": ("mode",),
}


def is_sound(response: TestResponse) -> bool:
    """An answer that is meant, and in which nothing that was typed became an element."""
    assert response.status_code < 500
    assert not read(response).all(MARK), response.request.path
    return True


@pytest.mark.parametrize("form", FORMS)
@given(data=st.data())
@few
def test_every_form_takes_anything(lea: Browser, world: World, form: str, data: st.DataObject) -> None:
    typed = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(FORMS[form], texts)))
    response = lea.post(form.format(**vars(world)), typed)
    assert is_sound(response)
    if any("\0" in text for text in typed.values()):
        assert response.status_code in {400, 429}
    for path in ("/account", "/o/acme/", "/o/acme/preferences"):
        assert lea.get(path).status_code == 200


@given(typed=texts)
@example(typed=" lea at example.com ")
@bounded
def test_a_refused_address_is_still_in_its_field(nobody: Browser, typed: str) -> None:
    for form in ("/sign-in/link", "/sign-in/password"):
        response = nobody.post(form, {"email": typed, "next": "/o/acme/sessions"})
        assert is_sound(response)
        if response.status_code == 422:
            values = {field.attributes.get("value") for field in read(response).all("input")}
            assert typed.strip() in {str(value) for value in values}
            assert "/o/acme/sessions" in values


@given(typed=texts)
@bounded
def test_a_name_is_kept_as_it_was_typed_or_given_back(lea: Browser, typed: str) -> None:
    response = lea.post("/account/profile", {"name": typed, "language": "en", "time_zone": ""})
    assert is_sound(response)
    if response.status_code != 400:
        kept = response if response.status_code == 422 else lea.get("/account")
        assert read(kept).value_of("name") == one_line(typed)
        assert is_sound(lea.get("/o/acme/"))


@given(search=texts, kind=st.one_of(st.sampled_from(["", "sales"]), texts))
@bounded
def test_the_catalog_answers_any_search(lea: Browser, world: World, search: str, kind: str) -> None:
    response = lea.get("/o/acme/catalog", query_string={"q": search, "type": kind})
    assert is_sound(response)
    refused = "\0" in search + kind
    assert response.status_code == (400 if refused else 200)
    if not refused:
        assert read(response).value_of("q") == search[:100]


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%00", "q=a&q=b", "q", "&&==", "q[]=1", "type=%F0%9F%98%80", "%=%"])
def test_a_broken_query_is_read_as_far_as_it_goes(lea: Browser, query: str) -> None:
    assert lea.get("/o/acme/catalog", query_string=query).status_code == (400 if "%00" in query else 200)


@given(piece=texts)
@bounded
def test_any_address_leads_to_a_page_or_to_nothing(lea: Browser, nobody: Browser, piece: str) -> None:
    for path in ("/o/{}/", "/o/acme/attempts/{}", "/help/{}", "/sign-in/link/{}", "/{}", "/dev/{}"):
        for browser in (lea, nobody):
            assert is_sound(browser.get(path.format(quote(piece[:500], safe=""))))


@given(value=st.text(st.characters(max_codepoint=255, blacklist_categories=("Cc",)), max_size=60))
@example(value="http://[")
@example(value="q=;,;=,*")
@few
def test_any_header_is_survived(lea: Browser, value: str) -> None:
    for name in ("Accept-Language", "Referer", "User-Agent", "X-Request-Id", "HX-Request", "Sec-Fetch-Site"):
        assert is_sound(lea.get("/o/acme/", headers={name: value}))
        assert is_sound(lea.client.post("/sign-out", headers={name: value}))


@given(value=st.text(st.characters(min_codepoint=33, max_codepoint=126, blacklist_characters=';,\\"'), max_size=80))
@bounded
def test_any_cookie_is_survived(app: Flask, standing_cast: Cast, value: str) -> None:
    client = app.test_client()
    for name in ("sign-in", "form", "language"):
        client.set_cookie(name, value)
    assert client.get("/sign-in").status_code == 200
    assert client.get("/o/acme/").location.startswith("/sign-in")
