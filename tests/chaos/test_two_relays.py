"""Two relay processes share PostgreSQL and Valkey: a call moves from one to the other, and back, and loses nothing."""

import re
import signal
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask

from roleplay.attempts.models import Mode
from roleplay.embedded import server
from roleplay.settings import Settings
from tests.cast import Cast
from tests.chaos.lines import ONE, TWO, WRITTEN, words, write
from tests.chaos.nginx import nginx
from tests.chaos.upstream import PLACES, Echo, light
from tests.embedded.realtime import engine_on_a_thread
from tests.practice import start_attempt
from tests.relay.conftest import Practice, RelayProcess, start_relay, stop_relay


@pytest.fixture(scope="module")
def engine() -> Iterator[SimpleNamespace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "CALLS", PLACES)
        with engine_on_a_thread(light(), Echo) as port:
            yield SimpleNamespace(url=f"ws://127.0.0.1:{port}/v1/realtime")


@pytest.fixture
def relays(settings: Settings, engine: SimpleNamespace) -> Iterator[list[RelayProcess]]:
    """Started by the product's own command."""
    started = [start_relay(settings, engine, ["-m", "roleplay", "relay"]) for _ in range(2)]  # type: ignore[arg-type]
    yield started
    for relay in started:
        stop_relay(relay)


@pytest.fixture
def practice(app: Flask, cast: Cast, relays: list[RelayProcess], engine: SimpleNamespace) -> Practice:
    return Practice(app, relays[0], engine, cast.lea, start_attempt(app, cast.lea, mode=Mode.TEXT))  # type: ignore[arg-type]


def live_calls(relay: RelayProcess) -> int:
    with urllib.request.urlopen(f"http://127.0.0.1:{relay.port}/metrics", timeout=3) as response:
        found = re.search(r"^roleplay_live_calls(?:{[^}]*})? ([\d.]+)$", response.read().decode(), re.MULTILINE)
    assert found
    return int(float(found[1]))


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL], ids=["drained", "killed"])
def test_behind_nginx_a_call_moves_to_the_other_relay(
    practice: Practice, relays: list[RelayProcess], tmp_path: Path, how: signal.Signals
) -> None:
    with nginx(tmp_path / "nginx", [relay.port for relay in relays]) as port:
        practice.relay = RelayProcess(relays[0].process, port, relays[0].log)
        browser = practice.open()
        browser.wait_for("caption", turn=1, final=True)
        write(browser, ONE, 2)
        leaving, staying = sorted(relays, key=live_calls, reverse=True)
        assert (live_calls(leaving), live_calls(staying)) == (1, 0)
        cid = browser.send("text", text=TWO)
        leaving.process.send_signal(how)
        if how is signal.SIGTERM:
            assert browser.wait_for("goaway")["in_ms"] > 0
            assert leaving.get("/readyz") != 200
            browser.leave()
        else:
            assert browser.wait_until_closed() == 1006
        again = practice.open()
        assert again.of_kind("hello")[0]["epoch"] == 2
        assert again.of_kind("hello")[0]["attempt"] == str(practice.attempt_id)
        again.send("text", text=TWO, cid=cid)
        again.wait_for("ack", cid=cid)
        if 5 not in again.captions():
            again.wait_for("caption", turn=5, final=True)
        assert live_calls(staying) == 1
        again.send("end")
        again.wait_for("ended")
    assert words(practice) == WRITTEN
    assert list(again.captions().values()) == WRITTEN
    assert leaving.process.wait(20) == (0 if how is signal.SIGTERM else -how)


def test_a_relay_that_gets_its_call_back_knows_what_was_said_elsewhere(
    practice: Practice, relays: list[RelayProcess]
) -> None:
    first = practice.open()
    first.wait_for("caption", turn=1, final=True)
    first.vanish()
    practice.relay = relays[1]
    second = practice.open()
    write(second, ONE, 2)
    second.vanish()
    practice.relay = relays[0]
    third = practice.open()
    write(third, TWO, 4)
    third.send("end")
    third.wait_for("ended")
    assert list(third.captions().values()) == WRITTEN
    assert words(practice) == WRITTEN
