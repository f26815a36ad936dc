"""A real worker whose judge reports to the test before it answers, and answers when the test lets it.

`python -m tests.jobs.slow_worker <socket> <lease seconds>`, with the settings in the environment.
"""

import os
import socket
import sys
from datetime import timedelta

from roleplay.app import create_worker
from roleplay.jobs import performing
from roleplay.jobs.means import Means
from roleplay.jobs.worker import run_worker
from roleplay.ports import EvaluationDraft, EvaluationRequest
from tenants import outbox
from tests.judging import CREDIT, ScriptedEvaluator


def report_and_wait(_request: EvaluationRequest) -> EvaluationDraft:
    with socket.socket(socket.AF_UNIX) as test:
        test.connect(sys.argv[1])
        test.sendall(f"{os.getpid()}\n".encode())
        if not test.recv(1):
            raise ConnectionError
    return CREDIT


if __name__ == "__main__":
    outbox.LEASE = timedelta(seconds=float(sys.argv[2]))
    performing.RENEW_EVERY = float(sys.argv[2]) / 3
    app = create_worker()
    app.extensions["jobs"] = Means(
        evaluator=lambda: ScriptedEvaluator(report_and_wait), mailer=app.extensions["jobs"].mailer
    )
    run_worker(app)
