"""A real worker whose children die by SIGKILL, each time with some chance, at every step of an evaluation.

`python -m tests.jobs.mortal_worker <chance> <lease seconds> <kill log> <judge log>`, with the settings in the
environment. A byte is added to the kill log before each death, and to the judge log for each judgement.
"""

import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from roleplay.app import create_worker
from roleplay.evaluations import evaluator
from roleplay.jobs import performing
from roleplay.jobs.means import Means
from roleplay.jobs.worker import run_worker
from roleplay.ports import EvaluationDraft, EvaluationRequest
from tenants import outbox
from tests.judging import CREDIT, ScriptedEvaluator

CHANCE, LEASE = float(sys.argv[1]), float(sys.argv[2])
KILLS, JUDGEMENTS = sys.argv[3:5]


def count(path: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(descriptor, b".")
    os.close(descriptor)


def perhaps_die() -> None:
    if random.SystemRandom().random() < CHANCE:
        count(KILLS)
        os.kill(os.getpid(), signal.SIGKILL)


def deadly(step: Callable[..., Any]) -> Callable[..., Any]:
    """The step, with a chance to die just before it and just after it."""

    def stepping(*arguments: Any, **named: Any) -> Any:
        perhaps_die()
        result = step(*arguments, **named)
        perhaps_die()
        return result

    return stepping


def judge(_request: EvaluationRequest) -> EvaluationDraft:
    count(JUDGEMENTS)
    return CREDIT


if __name__ == "__main__":
    outbox.LEASE, outbox.MOST_TRIES = timedelta(seconds=LEASE), 1000
    outbox.FIRST_DELAY = timedelta()
    performing.RENEW_EVERY = LEASE / 3
    for module, name in ((outbox, "take"), (evaluator, "_open"), (evaluator, "_store"), (outbox, "finish")):
        setattr(module, name, deadly(getattr(module, name)))
    app = create_worker()
    app.extensions["jobs"] = Means(
        evaluator=lambda: ScriptedEvaluator(deadly(judge)), mailer=app.extensions["jobs"].mailer
    )
    run_worker(app)
