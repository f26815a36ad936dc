"""The relay process: it waits for the database without stopping the other calls, and it stops without hanging up."""

import json
import signal
import time
import urllib.request
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import make_url, text
from sqlalchemy.engine import Engine

from roleplay.attempts.models import AttemptStatus
from roleplay.embedded.postgres import start_postgres
from roleplay.settings import Settings
from tests.cast import Cast
from tests.practice import start_attempt
from tests.relay.conftest import Practice, RelayProcess, start_relay, stop_relay
from tests.relay.upstream import Upstream


@pytest.fixture
def own_relay(settings: Settings, engine: Upstream, monkeypatch: pytest.MonkeyPatch) -> Iterator[RelayProcess]:
    """Started by the product's own command, and stopped by the test."""
    engine.reset()
    monkeypatch.setenv("RELAY_DRAIN_SECONDS", "3")
    process = start_relay(settings, engine, ["-m", "roleplay", "relay"])
    yield process
    stop_relay(process)


def test_a_call_that_waits_for_the_database_does_not_hold_up_another(
    app: Flask, cast: Cast, practice: Practice, owner: Engine
) -> None:
    other = Practice(app, practice.relay, practice.engine, cast.leo, start_attempt(app, cast.leo))
    blocked, blocked_line = practice.begin()
    free, free_line = other.begin()
    with owner.begin() as connection:
        connection.execute(
            text("select set_config('app.organization', :id, true)"), {"id": str(cast.lea.organization_id)}
        )
        connection.execute(text("select from attempt where id = :id for update"), {"id": practice.attempt_id})
        blocked_line.hear("This waits for the lock.")
        time.sleep(0.2)
        began = time.monotonic()
        free_line.hear("This does not.")
        free.wait_for("caption", turn=2, final=True)
        item = free_line.answer("No?", 200)
        free.wait_for_sound(item, 200)
        assert time.monotonic() - began < 1.5
        assert not [m for m in blocked.of_kind("caption") if m["turn"] == 2 and m["final"]]
    blocked.wait_for("caption", turn=2, final=True)


def test_a_process_that_stops_sends_its_calls_elsewhere(
    app: Flask, cast: Cast, own_relay: RelayProcess, settings: Settings, engine: Upstream
) -> None:
    practice = Practice(app, own_relay, engine, cast.lea, start_attempt(app, cast.lea))
    browser, line = practice.begin()
    line.hear("You were late.")
    browser.wait_for("caption", turn=2, final=True)
    own_relay.process.send_signal(signal.SIGTERM)
    assert browser.wait_for("goaway")["in_ms"] == 3_000
    assert browser.wait_until_closed() == 1012
    line.wait_until_closed()
    assert own_relay.process.wait(15) == 0
    assert practice.attempt().status == AttemptStatus.LIVE

    practice.relay = start_relay(settings, engine, ["-m", "roleplay", "relay"])
    try:
        again = practice.open()
        practice.engine.line().wait_for("response.create")
        assert again.captions()[2] == ("learner", "You were late.")
        again.leave()
    finally:
        stop_relay(practice.relay)


def test_a_relay_without_its_database_takes_no_calls(settings: Settings, engine: Upstream) -> None:
    addresses = start_postgres(settings.var / "postgres", database="short_lived")
    urls = {"database_url": addresses.application, "database_ops_url": addresses.operations}
    relay = start_relay(settings.model_copy(update=urls), engine, ["-m", "roleplay", "relay"])
    try:
        host = make_url(addresses.owner).query["host"]
        with psycopg.connect(host=str(host), user="postgres", dbname="postgres", autocommit=True) as superuser:
            superuser.execute("drop database short_lived with (force)")
        assert relay.get("/readyz") == 503
        assert relay.get("/healthz") == 200
    finally:
        stop_relay(relay)


def logged(relay: RelayProcess, event: str, **fields: str) -> dict[str, Any]:
    """The relay's entry about the event, as soon as it has written one."""
    deadline = time.monotonic() + 5
    wanted = {"event": event, **fields}
    while time.monotonic() < deadline:
        for line in relay.log.read_text().splitlines():
            entry = json.loads(line) if line.startswith("{") else {}
            if wanted.items() <= entry.items():
                return dict(entry)
        time.sleep(0.02)
    raise AssertionError(f"no {wanted} in {relay.log.read_text()}")


def test_what_is_logged_of_a_call_names_its_own_request(
    app: Flask, cast: Cast, own_relay: RelayProcess, engine: Upstream
) -> None:
    attempts = [start_attempt(app, person) for person in (cast.lea, cast.leo)]
    people = zip((cast.lea, cast.leo), attempts, strict=True)
    browsers = [Practice(app, own_relay, engine, person, attempt).begin()[0] for person, attempt in people]
    for browser in browsers:
        browser.leave()
    came = [logged(own_relay, "browser came", attempt_id=str(attempt))["request_id"] for attempt in attempts]
    left = [logged(own_relay, "browser left", attempt_id=str(attempt))["request_id"] for attempt in attempts]
    assert came == left
    assert came[0] != came[1]


def test_a_socket_that_closed_is_measured(app: Flask, cast: Cast, own_relay: RelayProcess, engine: Upstream) -> None:
    browser, _ = Practice(app, own_relay, engine, cast.lea, start_attempt(app, cast.lea)).begin()
    browser.speak(10)
    browser.wait_for("ack", cid=browser.send("end"))
    browser.wait_until_closed()
    came, closed = logged(own_relay, "browser came"), logged(own_relay, "socket closed")
    assert closed["request_id"] == came["request_id"]
    assert 10 < closed["received"] < 20
    with urllib.request.urlopen(f"http://127.0.0.1:{own_relay.port}/metrics", timeout=3) as response:
        measured = response.read().decode()
    assert "roleplay_call_socket_seconds_count 1.0" in measured
    assert f'roleplay_call_socket_frames_sum{{direction="received"}} {float(closed["received"])}' in measured
    assert "roleplay_live_calls 0.0" in measured


def test_a_relay_whose_database_would_stop_every_call_does_not_start(
    settings: Settings, engine: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PSYCOPG_WAIT_FUNC", "wait_c")
    with pytest.raises(AssertionError, match="do not preload the relay"):
        start_relay(settings, engine, ["-m", "roleplay", "relay"])
