"""A real relay process (gunicorn, gevent) between the test's browser and an engine that the test plays."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from roleplay.attempts import tickets, transcript
from roleplay.attempts.models import Attempt, Mode, Turn
from roleplay.settings import Settings
from tenants.db import db
from tests.cast import Cast, Person
from tests.practice import as_member, load, start_attempt
from tests.relay.browser import TestBrowser
from tests.relay.tls_peer import Contexts, make_contexts
from tests.relay.upstream import EngineLine, Upstream


@pytest.fixture(scope="session")
def engine() -> Iterator[Upstream]:
    upstream = Upstream()
    yield upstream
    upstream.stop()


@dataclass
class RelayProcess:
    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=3) as response:
                return int(response.status)
        except urllib.error.HTTPError as refused:
            refused.close()
            return refused.code
        except OSError:
            return 0


OURS = ["-m", "gunicorn", "tests.relay.serving:relay()", "--worker-class", "gevent", "--graceful-timeout", "5"]


def start_relay(
    settings: Settings, engine: Upstream, command: list[str] | None = None, *, pump: str = "compiled"
) -> RelayProcess:
    """With the product's own command (`["-m", "roleplay", "relay"]`), or as the tests do it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {
        **os.environ,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url,
        "DATABASE_OPS_URL": settings.database_ops_url,
        "REDIS_URL": settings.redis_url,
        "ENGINE_URL": engine.url,
        "RELAY_PUMP": pump,
        "RELAY_PORT": str(port),
    }
    log = settings.var / f"relay-{port}.log"
    with log.open("wb") as out:
        arguments = command or [*OURS, "--bind", f"127.0.0.1:{port}"]
        process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=out, stderr=subprocess.STDOUT)
    relay = RelayProcess(process, port, log)
    deadline = time.monotonic() + 30
    while relay.get("/readyz") != 200:
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    return relay


def stop_relay(relay: RelayProcess) -> None:
    relay.process.terminate()
    try:
        relay.process.wait(20)
    except subprocess.TimeoutExpired:
        relay.process.kill()
        relay.process.wait()


@pytest.fixture(scope="session")
def contexts(tmp_path_factory: pytest.TempPathFactory) -> Contexts:
    return make_contexts(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="session", params=["compiled", "hub", "threads"])
def relay(request: pytest.FixtureRequest, settings: Settings, engine: Upstream) -> Iterator[RelayProcess]:
    process = start_relay(settings, engine, pump=request.param)
    yield process
    stop_relay(process)


@dataclass
class Practice:
    """Lea's attempt, and the ways into it."""

    app: Flask
    relay: RelayProcess
    engine: Upstream
    learner: Person
    attempt_id: UUID

    def ticket(self) -> str:
        with as_member(self.app, self.learner):
            token = tickets.issue(load(self.attempt_id), to=None)
            db.session.commit()
        return token

    def url(self, ticket: str | None = None) -> str:
        return f"ws://127.0.0.1:{self.relay.port}/relay/calls?ticket={ticket or self.ticket()}"

    def open(self) -> TestBrowser:
        browser = TestBrowser(self.url())
        browser.wait_for("hello")
        return browser

    def begin(self, opening: str = "You wanted to see me?", ms: int = 400) -> tuple[TestBrowser, EngineLine]:
        """A browser in a call whose persona has opened it; the opening is stored."""
        browser = self.open()
        line = self.engine.line()
        line.wait_for("response.create")
        item = line.answer(opening, ms)
        browser.wait_for("caption", turn=1, final=True)
        browser.send("played", item=item, ms=ms)
        browser.wait_for("state", state="listening")
        return browser, line

    def shorten(self, seconds: float) -> None:
        """Lets the clock of a call that has not begun run for this long."""
        self.change(lambda attempt: setattr(attempt, "ends_at", attempt.started_at + timedelta(seconds=seconds)))

    def change(self, change: Callable[[Attempt], object]) -> None:
        with as_member(self.app, self.learner):
            change(load(self.attempt_id))
            db.session.commit()

    def attempt(self) -> Attempt:
        with as_member(self.app, self.learner):
            return load(self.attempt_id)

    def turns(self) -> list[Turn]:
        with as_member(self.app, self.learner):
            return transcript.turns_of(load(self.attempt_id))

    def told(self) -> list[tuple[int, str, str, str]]:
        return [(turn.number, turn.speaker, turn.text, turn.status) for turn in self.turns()]


@pytest.fixture
def practice(app: Flask, cast: Cast, relay: RelayProcess, engine: Upstream) -> Iterator[Practice]:
    engine.reset()
    yield Practice(app, relay, engine, cast.lea, start_attempt(app, cast.lea))
    assert relay.get("/tests/hang-up") == 200, relay.log.read_text()


@pytest.fixture
def writing(app: Flask, cast: Cast, relay: RelayProcess, engine: Upstream) -> Iterator[Practice]:
    """The same by text."""
    engine.reset()
    engine.modality = "text"
    yield Practice(app, relay, engine, cast.lea, start_attempt(app, cast.lea, mode=Mode.TEXT))
    assert relay.get("/tests/hang-up") == 200, relay.log.read_text()
