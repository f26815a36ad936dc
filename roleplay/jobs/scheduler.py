"""The scheduler process. Any number may run; a lock in Postgres lets one of them work, and dies with its connection."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

import structlog
from flask import Flask
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from roleplay.jobs.reconciling import forget_expired, reconcile
from roleplay.jobs.reporting import queue_reports
from roleplay.jobs.rhythm import keep_rhythm
from tenants.db import OPERATIONS, db

EVERY = 5.0
MINUTE = 60.0
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_LOCK = 7_265_110_416
_SILENT_FOR = "30s"
"""After this the database lets go of the lock of a scheduler that says nothing: its machine may be gone."""
_log = structlog.get_logger()


def run_scheduler(app: Flask, *, stopping: threading.Event | None = None) -> None:
    """Until SIGTERM, SIGINT or `stopping`: reconciles every 5 s, keeps the rhythm of assignments every minute, queues
    reports every hour, and cleans up once a day."""
    stopping = stopping or _on_signals()
    with app.app_context():
        while not stopping.is_set():
            try:
                _work_alone(stopping)
            except SQLAlchemyError as error:
                _log.warning("scheduler_interrupted", error=type(error).__name__)
            stopping.wait(EVERY)


def _on_signals() -> threading.Event:
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda _number, _frame: stopping.set())
    return stopping


def _work_alone(stopping: threading.Event) -> None:
    with _lock() as held:
        cleaned, reported, kept = -DAY, -HOUR, -MINUTE
        while held and not stopping.is_set():
            held.execute(text("select 1"))
            reconcile()
            if monotonic() - kept >= MINUTE:
                keep_rhythm()
                kept = monotonic()
            if monotonic() - cleaned >= DAY:
                forget_expired()
                cleaned = monotonic()
            if monotonic() - reported >= HOUR:
                queue_reports()
                reported = monotonic()
            stopping.wait(EVERY)


@contextmanager
def _lock() -> Iterator[Connection | None]:
    """The connection that holds the lock, or None while another scheduler's does."""
    with db.engines[OPERATIONS].connect() as pooled:
        connection = pooled.execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        connection.execute(text("select set_config('idle_session_timeout', :limit, false)"), {"limit": _SILENT_FOR})
        held = connection.scalar(text("select pg_try_advisory_lock(:key)"), {"key": _LOCK})
        yield connection if held else None
