"""The wake-up call: made after the commit, holding ids only, and missed by nobody when Redis is away."""

import json
import socket
import zlib
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from rq import Queue

from roleplay.jobs import waking
from roleplay.jobs.reconciling import reconcile
from tenants import outbox
from tenants.clock import now
from tenants.db import db
from tenants.outbox import OutboxEntry
from tests.cast import Cast
from tests.jobs.conftest import KeptMail
from tests.practice import as_member


def put(app: Flask, cast: Cast) -> UUID:
    with as_member(app, cast.lea):
        entry = outbox.later("send_sign_in_link", identity_id=cast.lea.identity_id)
        db.session.commit()
        return entry.id


def calls_in(queue: Queue) -> list[str]:
    return [job.args[1] for job in queue.jobs]


def test_a_commit_calls_a_worker_with_ids_in_json(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    entry_id = put(app, cast)
    (job_id,) = queue.job_ids
    payload = queue.connection.hget(f"rq:job:{job_id}", "data")
    stored = json.loads(zlib.decompress(payload))
    assert stored == ["roleplay.jobs.performing.perform", None, [str(cast.lea.organization_id), str(entry_id)], {}]


def test_without_redis_the_work_is_stored_and_the_missed_call_counted(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    missed = waking.not_called._value.get()
    with monkeypatch.context() as away:
        away.setattr(app.extensions["settings"], "redis_url", f"unix://{tmp_path}/nobody.sock")
        entry_id = put(app, cast)
    assert waking.not_called._value.get() == missed + 1
    assert calls_in(queue) == []
    make_old(app, cast, entry_id)
    with app.app_context():
        reconcile()
    assert calls_in(queue) == [str(entry_id)]


def make_old(app: Flask, cast: Cast, entry_id: UUID) -> None:
    with as_member(app, cast.lea):
        entry = db.session.get_one(OutboxEntry, (cast.lea.organization_id, entry_id))
        entry.called_at = now() - 2 * outbox.UNHEARD_AFTER
        db.session.commit()


def test_a_redis_that_hangs_does_not_hold_the_request_for_long(
    app: Flask, cast: Cast, mail: KeptMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waking, "_PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent, monkeypatch.context() as slow:
        slow.setattr(app.extensions["settings"], "redis_url", f"redis://127.0.0.1:{silent.getsockname()[1]}")
        started = now()
        put(app, cast)
    assert (now() - started).total_seconds() < 5


def test_a_call_that_still_waits_is_not_repeated(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    entry_id = put(app, cast)
    make_old(app, cast, entry_id)
    with app.app_context():
        reconcile()
    assert calls_in(queue) == [str(entry_id)]


def test_what_was_begun_and_lost_is_called_before_what_waits(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue
) -> None:
    lost, waiting = put(app, cast), put(app, cast)
    queue.empty()
    with as_member(app, cast.lea):
        assert outbox.take(lost)
        entry = db.session.get_one(OutboxEntry, (cast.lea.organization_id, lost))
        entry.leased_until = now() - outbox.LEASE
        db.session.commit()
    for entry_id in (lost, waiting):
        make_old(app, cast, entry_id)
    with app.app_context():
        reconcile()
    assert calls_in(queue) == [str(lost), str(waiting)]
