"""Performing one outbox entry: lease, run, and say how it went. RQ calls `perform`; Postgres decides what happens."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from uuid import UUID

import structlog
from flask import Flask, current_app
from sqlalchemy.exc import SQLAlchemyError

from roleplay.jobs.registry import JOBS
from tenants import current, outbox
from tenants.db import db
from tenants.errors import ProviderFailed, Refusal
from tenants.organizations import Organization
from tenants.outbox import Lease
from tenants.scope import current_organization_id, organization_scope

RENEW_EVERY = 10.0
_log = structlog.get_logger()


class Abandoned(Refusal):
    """Every try ended without a word: the job kills whoever performs it."""

    code = "abandoned"


def perform(organization_id: str, entry_id: str) -> None:
    """Performs an entry, unless it is done or in other hands. Never raises for what the job does wrong."""
    with organization_scope(UUID(organization_id)):
        lease = outbox.take(UUID(entry_id))
        db.session.commit()
        if lease:
            with _named(lease), _kept(lease):
                _perform(lease)


def _perform(lease: Lease) -> None:
    started = monotonic()
    try:
        if lease.tries > outbox.MOST_TRIES:
            raise Abandoned
        JOBS[lease.job].run(**lease.arguments)
        outbox.finish(lease)
        db.session.commit()
    except Exception as error:
        db.session.rollback()
        outcome = _failed(lease, error)
        db.session.commit()
        told = {"outcome": outcome, "error": _name(error), "at": _where(error)}
        _log.warning("job_failed", job=lease.job, tries=lease.tries, **told)
    else:
        _log.info("job_done", job=lease.job, tries=lease.tries, ms=round((monotonic() - started) * 1000))


def _failed(lease: Lease, error: Exception) -> str:
    if not _is_final(lease, error):
        outbox.put_back(lease, error=_name(error))
        return "put_back"
    if outbox.give_up(lease, error=_name(error)) and lease.job in JOBS:
        JOBS[lease.job].given_up(error, **lease.arguments)
    return "given_up"


def _is_final(lease: Lease, error: Exception) -> bool:
    if lease.tries >= outbox.MOST_TRIES:
        return True
    return not error.recoverable if isinstance(error, ProviderFailed) else isinstance(error, Refusal)


def _name(error: Exception) -> str:
    """A code or a class, because a message may hold what somebody said."""
    return error.code if isinstance(error, Refusal) else type(error).__name__


def _where(error: Exception) -> str:
    """The lines that led to the error, innermost last: all of a traceback that holds no words."""
    return " ".join(f"{Path(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-4:])


@contextmanager
def _named(lease: Lease) -> Iterator[None]:
    """Whose job this is, for the logs: the request that asked for it, and its organization."""
    organization = db.session.get(Organization, current_organization_id())
    db.session.commit()
    request = current.request_id.set(lease.request_id)
    slug = current.organization_slug.set(organization.slug if organization else None)
    try:
        yield
    finally:
        current.organization_slug.reset(slug)
        current.request_id.reset(request)


@contextmanager
def _kept(lease: Lease) -> Iterator[None]:
    """Renews the lease from a thread, so that a slow job stays in these hands."""
    done = threading.Event()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    keeper = threading.Thread(target=_keep, args=(app, current_organization_id(), lease, done), daemon=True)
    keeper.start()
    try:
        yield
    finally:
        done.set()
        keeper.join()


def _keep(app: Flask, organization_id: UUID, lease: Lease, done: threading.Event) -> None:
    while not done.wait(RENEW_EVERY):
        try:
            with app.app_context(), organization_scope(organization_id):
                held = outbox.renew(lease)
                db.session.commit()
            if not held:
                return
        except SQLAlchemyError as error:
            _log.warning("lease_not_renewed", error=type(error).__name__)
