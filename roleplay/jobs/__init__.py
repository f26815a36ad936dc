"""Names to functions, the queue behind them, and what wakes what was not picked up.

The domain queues work by name (`tenants.outbox.later`); RQ is this package's secret.
"""

from collections.abc import Callable

from flask import Flask

from roleplay.jobs.means import Means
from roleplay.jobs.waking import wake
from roleplay.ports import Evaluator, Mailer
from tenants import outbox


def register(app: Flask, *, evaluator: Callable[[], Evaluator], mailer: Mailer) -> None:
    """Gives jobs what they work with, and calls a worker whenever a transaction has left work behind."""
    app.extensions["jobs"] = Means(evaluator=evaluator, mailer=mailer)
    outbox.when_committed(wake)
