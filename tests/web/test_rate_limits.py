"""How often one may ask, and that the limits outlive Redis."""

import time
from collections.abc import Callable

import pytest
from flask import Flask

from roleplay.web import sign_in
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import start_attempt
from tests.web.reading import read

MakeApp = Callable[..., Flask]


def ask_for_link(browser: Browser, email: str, **options: object) -> int:
    return browser.post("/sign-in/link", {"email": email}, **options).status_code


def test_the_sixth_link_within_a_minute_is_refused_in_words_and_says_when(anonymous: Browser) -> None:
    for _ in range(5):
        assert ask_for_link(anonymous, "lea@example.com") == 200
    refused = anonymous.post("/sign-in/link", {"email": " LEA@example.com"})
    assert refused.status_code == 429
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert "a little too fast" in read(refused).words


def test_a_whole_class_behind_one_address_can_sign_in(anonymous: Browser) -> None:
    assert {ask_for_link(anonymous, f"learner{number}@example.com") for number in range(30)} == {200}


def test_one_network_address_cannot_go_through_all_of_a_directory(anonymous: Browser) -> None:
    answers = [ask_for_link(anonymous, f"learner{number}@example.com") for number in range(62)]
    assert answers[:60] == [200] * 60
    assert answers[60:] == [429] * 2


def test_guessing_one_password_is_stopped_from_wherever_it_is_tried(app: Flask, cast: Cast) -> None:
    answers = []
    for number in range(11):
        browser = Browser(app.test_client())
        elsewhere = {"REMOTE_ADDR": f"203.0.113.{number}"}
        form = {"email": "lea@example.com", "password": "a guess of twelve"}
        answers.append(browser.post("/sign-in/password", form, environ_overrides=elsewhere).status_code)
    assert answers == [422] * 10 + [429]


def test_tickets_are_counted_for_each_person(enter: Enter, app: Flask, cast: Cast) -> None:
    rooms = {person: start_attempt(app, person) for person in (cast.lea, cast.leo)}
    lea, leo = enter(cast.lea), enter(cast.leo)
    answers = [lea.post(f"/o/acme/attempts/{rooms[cast.lea]}/tickets").status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    assert leo.post(f"/o/acme/attempts/{rooms[cast.leo]}/tickets").status_code == 200


def test_a_forged_forwarding_header_escapes_no_limit(anonymous: Browser) -> None:
    answers = [
        ask_for_link(anonymous, f"learner{number}@example.com", headers={"X-Forwarded-For": f"203.0.113.{number}"})
        for number in range(61)
    ]
    assert answers[-1] == 429


def test_behind_a_trusted_proxy_the_client_is_whom_the_proxy_names(make_app: MakeApp, cast: Cast) -> None:
    browser = Browser(make_app(trusted_proxies=1).test_client())

    def asked(number: int, client: str) -> int:
        forwarded = {"X-Forwarded-For": f"198.51.100.9, {client}"}
        return ask_for_link(browser, f"learner{number}@example.com", headers=forwarded)

    assert [asked(number, "203.0.113.1") for number in range(61)][-1] == 429
    assert asked(61, "203.0.113.2") == 200


def test_without_redis_the_limits_go_on_in_memory_and_links_are_still_promised(make_app: MakeApp, cast: Cast) -> None:
    app = make_app(redis_url="redis://127.0.0.1:1/0")
    browser = Browser(app.test_client())
    answers = [ask_for_link(browser, "lea@example.com") for _ in range(7)]
    assert answers == [200] * 5 + [429] * 2


def test_a_link_takes_as_long_for_nobody_as_for_somebody(
    anonymous: Browser, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sign_in, "SHORTEST_ANSWER", 0.2)
    for email in ("lea@example.com", "sam@example.com", "who@example.com"):
        started = time.monotonic()
        assert ask_for_link(anonymous, email) == 200
        assert time.monotonic() - started >= 0.2
