"""The relay process: it waits for the database without stopping the other calls, and it stops without hanging up."""

import signal
import time
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Engine

from roleplay.attempts.models import AttemptStatus
from roleplay.settings import Settings
from tests.cast import Cast
from tests.practice import start_attempt
from tests.relay.conftest import Practice, RelayProcess, start_relay, stop_relay
from tests.relay.upstream import Upstream


@pytest.fixture
def own_relay(settings: Settings, engine: Upstream) -> Iterator[RelayProcess]:
    """Started by the product's own command, and stopped by the test."""
    engine.reset()
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
    assert browser.wait_for("goaway")["in_ms"] > 0
    browser.leave()
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


def test_a_relay_whose_database_would_stop_every_call_does_not_start(
    settings: Settings, engine: Upstream, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PSYCOPG_WAIT_FUNC", "wait_c")
    with pytest.raises(AssertionError, match="do not preload the relay"):
        start_relay(settings, engine, ["-m", "roleplay", "relay"])
