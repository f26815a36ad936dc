"""A worker is killed in the middle of an evaluation; another finishes it soon, and once."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask
from rq import Queue

from roleplay.attempts.models import AttemptStatus
from roleplay.evaluations.models import Evaluation, Evidence
from roleplay.jobs import scheduler
from roleplay.jobs.scheduler import run_scheduler
from roleplay.settings import Settings
from tenants import outbox
from tenants.db import db
from tenants.outbox import OutboxEntry
from tests.cast import Cast
from tests.judging import SAID, end_attempt
from tests.practice import as_member, load

LEASE = float(os.environ.get("TEST_LEASE_SECONDS", "2"))
"""Shorter than the product's 30 s, to keep the test short; the way back is the same."""
RESTARTS_WITHIN = 30 + LEASE


@pytest.fixture
def judging() -> Iterator[socket.socket]:
    """Where a worker reports that its judge is at work."""
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(Path(folder) / "judge"))
        listening.listen()
        listening.settimeout(RESTARTS_WITHIN)
        yield listening


def worker_environment(settings: Settings) -> dict[str, str]:
    return {
        **os.environ,
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "DATABASE_URL": settings.database_url,
        "DATABASE_OPS_URL": settings.database_ops_url,
        "REDIS_URL": settings.redis_url,
        "VAR": str(settings.var),
    }


@contextmanager
def worker(settings: Settings, judging: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "tests.jobs.slow_worker", judging.getsockname(), str(LEASE)]
    with subprocess.Popen(command, env=worker_environment(settings)) as process:
        try:
            yield process
        finally:
            process.kill()


@contextmanager
def scheduler_running(app: Flask) -> Iterator[None]:
    stopping = threading.Event()
    thread = threading.Thread(target=run_scheduler, args=(app,), kwargs={"stopping": stopping})
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(20)


def horse_of(report: socket.socket) -> int:
    return int(report.makefile().readline())


def evaluated(app: Flask, cast: Cast, attempt_id: object) -> bool:
    with as_member(app, cast.lea):
        return load(attempt_id).status == AttemptStatus.EVALUATED  # type: ignore[arg-type]


def test_a_killed_evaluation_starts_again_and_is_stored_once(
    app: Flask,
    cast: Cast,
    settings: Settings,
    queue: Queue,
    judging: socket.socket,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(scheduler, "EVERY", min(LEASE / 6, scheduler.EVERY))
    monkeypatch.setattr(outbox, "UNHEARD_AFTER", timedelta(seconds=min(LEASE / 3, 8)))
    with ExitStack() as stack:
        first = stack.enter_context(worker(settings, judging))
        attempt_id = end_attempt(app, cast.lea, SAID)
        report, _ = judging.accept()
        horse = horse_of(report)
        first.kill()
        os.kill(horse, signal.SIGKILL)
        killed_at = monotonic()
        report.close()

        stack.enter_context(worker(settings, judging))
        stack.enter_context(scheduler_running(app))
        again, _ = judging.accept()
        print(f"the evaluation started again {monotonic() - killed_at:.1f} s after the kill (lease {LEASE:.0f} s)")
        assert horse_of(again) != horse
        again.sendall(b"1")
        again.close()
        deadline = monotonic() + 20
        while not evaluated(app, cast, attempt_id) and monotonic() < deadline:
            threading.Event().wait(0.1)

    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.EVALUATED
        assert [db.session.query(kind).count() for kind in (Evaluation, Evidence)] == [1, 1]
        entry = db.session.query(OutboxEntry).filter_by(job="evaluate_attempt").one()
        assert entry.done_at
        assert entry.tries == 2
