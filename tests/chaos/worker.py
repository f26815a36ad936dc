"""The product's worker and its job, with a judge that answers after a moment and always the same.

`python -m tests.chaos.worker <lease seconds> <judge seconds>`, with the settings in the environment.
"""

import sys
import time
from datetime import timedelta

from roleplay.app import create_worker
from roleplay.jobs import performing
from roleplay.jobs.means import Means
from roleplay.jobs.worker import run_worker
from roleplay.ports import EvaluationDraft, EvaluationRequest
from tenants import outbox
from tests.judging import CREDIT, ScriptedEvaluator


def think(_request: EvaluationRequest) -> EvaluationDraft:
    """As long as it takes for some kills to fall into it."""
    time.sleep(float(sys.argv[2]))
    return CREDIT


if __name__ == "__main__":
    outbox.LEASE = timedelta(seconds=float(sys.argv[1]))
    performing.RENEW_EVERY = float(sys.argv[1]) / 3
    app = create_worker()
    app.extensions["jobs"] = Means(evaluator=lambda: ScriptedEvaluator(think), mailer=app.extensions["jobs"].mailer)
    run_worker(app)
