"""Performing an outbox entry: what a job's outcome does to it, and what the logs may say."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
import structlog
import time_machine
from flask import Flask

from roleplay.attempts.models import AttemptStatus
from roleplay.evaluations.access import newest_evaluation
from roleplay.evaluations.models import Reason
from roleplay.jobs import performing, registry
from roleplay.jobs.performing import perform
from roleplay.ports import EvaluationDraft, EvaluationRequest
from tenants import current, outbox
from tenants.clock import now
from tenants.db import db
from tenants.errors import ProviderFailed
from tenants.outbox import OutboxEntry
from tests.cast import Cast, Person
from tests.jobs.conftest import KeptMail
from tests.judging import CREDIT, SAID, ScriptedEvaluator, end_attempt
from tests.practice import as_member, load


@pytest.fixture
def attempt_id(app: Flask, cast: Cast, mail: KeptMail) -> UUID:
    return end_attempt(app, cast.lea, SAID)


@pytest.fixture
def logged() -> Iterator[list[structlog.typing.EventDict]]:
    with structlog.testing.capture_logs() as entries:
        yield entries


def entry_of(person: Person) -> OutboxEntry:
    return db.session.query(OutboxEntry).populate_existing().filter_by(job="evaluate_attempt").one()


def perform_entry(app: Flask, person: Person) -> OutboxEntry:
    """Performs the only evaluation that waits, as a worker does: outside any scope. Returns the entry as it is then."""
    with as_member(app, person):
        entry = entry_of(person)
    with app.app_context():
        perform(str(entry.organization_id), str(entry.id))
    with as_member(app, person):
        return entry_of(person)


def refuse(error: Exception) -> ScriptedEvaluator:
    def answer(_request: EvaluationRequest) -> EvaluationDraft:
        raise error

    return ScriptedEvaluator(answer)


def test_a_job_that_succeeds_is_done_and_runs_no_more(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator
) -> None:
    assert perform_entry(app, cast.lea).done_at
    perform_entry(app, cast.lea)
    assert len(judge.requests) == 1
    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.EVALUATED


@pytest.mark.parametrize("error", [ProviderFailed(recoverable=True), TimeoutError("he said something")])
def test_what_another_try_may_mend_is_put_back(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator, error: Exception
) -> None:
    judge.answer = refuse(error).answer
    entry = perform_entry(app, cast.lea)
    assert (entry.tries, entry.leased_until, entry.failed_at) == (1, None, None)
    assert entry.error in {"provider_failed", "TimeoutError"}
    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.EVALUATING


def test_what_no_try_can_mend_is_given_up_at_once_and_told(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator
) -> None:
    judge.answer = refuse(ProviderFailed(code="openai_key_refused", recoverable=False)).answer
    entry = perform_entry(app, cast.lea)
    assert entry.failed_at
    assert entry.error == "openai_key_refused"
    with as_member(app, cast.lea):
        attempt = load(attempt_id)
        assert attempt.status == AttemptStatus.FAILED
        evaluation = newest_evaluation(attempt)
        assert evaluation
        assert evaluation.reason == Reason.PROVIDER_FAILED


def test_the_last_try_gives_up(app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator) -> None:
    judge.answer = refuse(TimeoutError()).answer
    for tries in range(1, outbox.MOST_TRIES + 1):
        entry = perform_entry(app, cast.lea)
        assert entry.tries == tries
    assert entry.failed_at
    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.FAILED


def test_a_job_that_kills_its_workers_is_given_up_without_running_again(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator
) -> None:
    at = now()
    with as_member(app, cast.lea):
        entry = entry_of(cast.lea)
        for _ in range(outbox.MOST_TRIES):
            with time_machine.travel(at, tick=False):
                assert outbox.take(entry.id)
            at += outbox.LEASE + timedelta(seconds=1)
        db.session.commit()
    with time_machine.travel(at, tick=False):
        entry = perform_entry(app, cast.lea)
    assert entry.failed_at
    assert (entry.error, judge.requests) == ("abandoned", [])
    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.FAILED


def test_a_job_that_this_worker_does_not_know_waits_for_one_that_does(
    app: Flask, cast: Cast, attempt_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performing, "JOBS", {})
    entry = perform_entry(app, cast.lea)
    assert (entry.failed_at, entry.error) == (None, "KeyError")


def test_another_organization_cannot_have_it_performed(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator
) -> None:
    with as_member(app, cast.lea):
        entry = entry_of(cast.lea)
    with app.app_context():
        perform(str(cast.ben.organization_id), str(entry.id))
    assert judge.requests == []


def test_a_slow_job_keeps_its_lease(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(performing, "RENEW_EVERY", 0.02)
    renewed = performing.threading.Event()
    renew = outbox.renew

    def watched(lease: outbox.Lease) -> bool:
        held = renew(lease)
        renewed.set()
        return held

    def wait(_request: EvaluationRequest) -> EvaluationDraft:
        assert renewed.wait(10)
        return CREDIT

    monkeypatch.setattr(outbox, "renew", watched)
    judge.answer = wait
    assert perform_entry(app, cast.lea).done_at


def test_the_logs_name_request_and_organization_and_nothing_that_was_said(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator, logged: list[structlog.typing.EventDict]
) -> None:
    seen: list[tuple[str | None, str | None]] = []

    def fail_with_words(_request: EvaluationRequest) -> EvaluationDraft:
        seen.append((current.request_id.get(), current.organization_slug.get()))
        raise RuntimeError(SAID)

    with as_member(app, cast.lea):
        entry_of(cast.lea).request_id = "r-9"
        db.session.commit()
    judge.answer = fail_with_words
    entry = perform_entry(app, cast.lea)
    assert seen == [("r-9", "acme")]
    assert current.organization_slug.get() is None
    (line,) = [line for line in logged if line["event"] == "job_failed"]
    assert (line["error"], line["outcome"]) == ("RuntimeError", "put_back")
    assert "evaluating.py:" in line["at"]
    assert SAID not in repr(logged)
    assert SAID not in (entry.error or "")


def test_every_job_says_what_it_does() -> None:
    for name, job in registry.JOBS.items():
        assert job.run.__name__ == name
        assert job.run.__doc__


def test_a_failure_that_cannot_be_told_leaves_the_entry_to_the_next_try(
    app: Flask, cast: Cast, attempt_id: UUID, judge: ScriptedEvaluator, monkeypatch: pytest.MonkeyPatch
) -> None:
    def untellable(_error: Exception, **_arguments: object) -> None:
        raise RuntimeError

    judge.answer = refuse(ProviderFailed(recoverable=False)).answer
    job = replace(registry.JOBS["evaluate_attempt"], given_up=untellable)
    monkeypatch.setattr(performing, "JOBS", {"evaluate_attempt": job})
    with pytest.raises(RuntimeError):
        perform_entry(app, cast.lea)
    with as_member(app, cast.lea):
        entry = entry_of(cast.lea)
        assert entry.failed_at is None
        assert entry.leased_until
