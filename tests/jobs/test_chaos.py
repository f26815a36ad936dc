"""Workers die at every step, Redis is wiped, and still each attempt is evaluated exactly once.

`CHAOS_ATTEMPTS=100 pytest tests/jobs/test_chaos.py -s` is the long version; the numbers are printed.
"""

import os
import subprocess
import sys
import threading
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from time import monotonic

import pytest
from flask import Flask
from rq import Queue
from sqlalchemy import select

from roleplay.attempts.models import Attempt, AttemptStatus
from roleplay.evaluations.models import Evaluation, Evidence, GoalResult
from roleplay.jobs import scheduler
from roleplay.settings import Settings
from tenants import outbox
from tenants.db import db
from tests.cast import Cast
from tests.jobs.test_killed_worker import scheduler_running, worker_environment
from tests.judging import SAID, end_attempt
from tests.practice import as_member

ATTEMPTS = int(os.environ.get("CHAOS_ATTEMPTS", "6"))
CHANCE = 0.08
LEASE = 1.0
WIPE_EVERY = 25
"""Redis loses everything each time this many attempts have ended."""


def statuses(app: Flask, cast: Cast) -> list[str]:
    with as_member(app, cast.lea):
        return list(db.session.scalars(select(Attempt.status)))


def size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def test_nothing_is_lost_and_nothing_is_doubled(
    app: Flask, cast: Cast, settings: Settings, queue: Queue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "EVERY", 0.2)
    monkeypatch.setattr(outbox, "UNHEARD_AFTER", timedelta(seconds=0.4))
    kills, judgements = tmp_path / "kills", tmp_path / "judgements"
    command = [sys.executable, "-m", "tests.jobs.mortal_worker", str(CHANCE), str(LEASE), str(kills), str(judgements)]
    with ExitStack() as stack:
        for _ in range(2):
            process = stack.enter_context(subprocess.Popen(command, env=worker_environment(settings)))
            stack.callback(process.kill)
        stack.enter_context(scheduler_running(app))
        for number in range(1, ATTEMPTS + 1):
            end_attempt(app, cast.lea, SAID)
            if number % WIPE_EVERY == 0 or number == ATTEMPTS:
                for key in queue.connection.scan_iter("rq:queue:*"):
                    queue.connection.delete(key)
        deadline = monotonic() + 30 + ATTEMPTS
        while set(statuses(app, cast)) != {AttemptStatus.EVALUATED} and monotonic() < deadline:
            threading.Event().wait(0.2)
    ended = statuses(app, cast)
    print(f"{len(ended)} attempts, {size(kills)} kills, {size(judgements)} judgements")
    assert size(kills) > 0
    assert ended == [AttemptStatus.EVALUATED] * ATTEMPTS
    with as_member(app, cast.lea):
        assert [db.session.query(kind).count() for kind in (Evaluation, GoalResult, Evidence)] == [ATTEMPTS] * 3
