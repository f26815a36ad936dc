"""An attempt from start to end: one at a time, a clock that pauses, one writer, one evaluation."""

from datetime import timedelta
from threading import Thread
from uuid import UUID

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from roleplay.attempts import lifecycle
from roleplay.attempts.lifecycle import Superseded
from roleplay.attempts.models import AttemptStatus, EndReason, Mode
from tenants.clock import now
from tenants.db import db
from tenants.errors import Conflict
from tenants.outbox import OutboxEntry
from tenants.scope import operations_scope
from tests.cast import Cast
from tests.practice import THE_SCENARIO, as_member, load, member_of, publish_the_scenario, start_attempt


def evaluations_queued(attempt_id: UUID) -> int:
    entries = db.session.scalars(select(OutboxEntry).where(OutboxEntry.job == "evaluate_attempt"))
    return sum(entry.arguments == {"attempt_id": str(attempt_id)} for entry in entries)


def test_a_second_live_attempt_is_refused_and_says_which_one_is_live(app: Flask, cast: Cast) -> None:
    first = start_attempt(app, cast.lea)
    with as_member(app, cast.lea) as lea, pytest.raises(Conflict) as refusal:
        lifecycle.start(publish_the_scenario(), by=lea, mode=Mode.TEXT)
    assert refusal.value.code == "attempt_live"
    assert refusal.value.about == first


def test_another_member_may_have_a_live_attempt_at_the_same_time(app: Flask, cast: Cast) -> None:
    assert start_attempt(app, cast.lea) != start_attempt(app, cast.leo)


def test_six_tabs_that_start_at_once_get_one_live_attempt(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea):
        version_id = publish_the_scenario().id
        db.session.commit()
    outcomes: list[str] = []

    def tab() -> None:
        from roleplay.scenarios.models import ScenarioVersion  # noqa: PLC0415 - each thread has its own session

        with as_member(app, cast.lea) as lea:
            version = db.session.get_one(ScenarioVersion, (lea.organization_id, version_id))
            try:
                lifecycle.start(version, by=lea, mode=Mode.VOICE)
                db.session.commit()
                outcomes.append("started")
            except Conflict as refusal:
                outcomes.append(refusal.code)

    tabs = [Thread(target=tab) for _ in range(6)]
    for each in tabs:
        each.start()
    for each in tabs:
        each.join(20)
    assert sorted(outcomes) == ["attempt_live"] * 5 + ["started"]


def test_the_clock_starts_with_the_first_socket_and_not_with_the_next(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea), time_machine.travel(now() + timedelta(minutes=3), tick=False):
        assert lifecycle.take(attempt_id).ends_at == now() + timedelta(minutes=5)
        db.session.commit()
        with time_machine.travel(now() + timedelta(minutes=1), tick=False):
            assert lifecycle.take(attempt_id).ends_at == now() + timedelta(minutes=4)


def test_only_the_holder_of_the_newest_epoch_may_write(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        first = lifecycle.take(attempt_id).epoch
        second = lifecycle.take(attempt_id).epoch
        assert lifecycle.held(attempt_id, second).id == attempt_id
        with pytest.raises(Superseded) as refusal:
            lifecycle.held(attempt_id, first)
    assert refusal.value.code == "taken_over"


def test_nobody_may_write_to_an_attempt_that_is_over(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea) as lea:
        attempt = lifecycle.take(attempt_id)
        lifecycle.complete(attempt, reason=EndReason.LEARNER, by=lea)
        for write in (lambda: lifecycle.held(attempt_id, attempt.epoch), lambda: lifecycle.take(attempt_id)):
            with pytest.raises(Superseded) as refusal:
                write()
            assert refusal.value.code == "attempt_over"


def test_ending_twice_queues_one_evaluation(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        assert lifecycle.complete(load(attempt_id), reason=EndReason.LEARNER)
        assert not lifecycle.complete(load(attempt_id), reason=EndReason.TIME)
        db.session.commit()
        attempt = load(attempt_id)
        assert (attempt.status, attempt.end_reason) == (AttemptStatus.ENDED, EndReason.LEARNER)
        assert evaluations_queued(attempt_id) == 1


def test_an_ending_that_is_rolled_back_queues_nothing(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        lifecycle.complete(load(attempt_id), reason=EndReason.LEARNER)
        db.session.rollback()
        assert load(attempt_id).status == AttemptStatus.LIVE
        assert evaluations_queued(attempt_id) == 0


def test_a_pause_moves_the_end_by_its_length(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea), time_machine.travel(now(), tick=False) as clock:
        attempt = lifecycle.take(attempt_id)
        ends_at = attempt.ends_at
        lifecycle.pause(attempt)
        clock.shift(40)
        lifecycle.resume(attempt)
        assert attempt.ends_at == ends_at + timedelta(seconds=40)
        assert attempt.paused_ms == 40_000


def test_pauses_have_a_limit_together(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea), time_machine.travel(now(), tick=False) as clock:
        attempt = lifecycle.take(attempt_id)
        lifecycle.pause(attempt)
        clock.shift(lifecycle.PAUSE_LIMIT)
        lifecycle.resume(attempt)
        with pytest.raises(Conflict) as refusal:
            lifecycle.pause(attempt)
    assert refusal.value.code == "pause_used_up"


def test_an_attempt_is_extended_once(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        attempt = lifecycle.take(attempt_id)
        ends_at = attempt.ends_at
        lifecycle.extend(attempt)
        assert attempt.ends_at == ends_at + lifecycle.EXTENSION
        with pytest.raises(Conflict):
            lifecycle.extend(attempt)


def test_an_author_may_rule_an_extension_out(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea) as lea:
        version = publish_the_scenario(THE_SCENARIO.model_copy(update={"fixed_time": True}))
        attempt = lifecycle.start(version, by=lea, mode=Mode.TEXT)
        with pytest.raises(Conflict) as refusal:
            lifecycle.extend(attempt)
        assert refusal.value.code == "fixed_time"
        assert not lifecycle.may_extend(attempt)


@pytest.mark.parametrize(
    ("late", "closed"), [(timedelta(minutes=5, seconds=30), 0), (timedelta(minutes=6, seconds=5), 1)]
)
def test_an_attempt_whose_clock_ran_out_unattended_is_closed_after_the_grace(
    app: Flask, cast: Cast, late: timedelta, closed: int
) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with time_machine.travel(now() + late, tick=False):
        with app.app_context(), operations_scope():
            organizations = lifecycle.organizations_with_overdue()
        assert organizations == [cast.lea.organization_id] * closed
        with as_member(app, cast.lea):
            assert lifecycle.close_overdue() == closed
            db.session.commit()
            assert evaluations_queued(attempt_id) == closed
            if closed:
                assert load(attempt_id).end_reason == EndReason.TIME


def test_a_paused_attempt_outlives_its_old_end_but_not_the_pause_limit(app: Flask, cast: Cast) -> None:
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea), time_machine.travel(now(), tick=False) as clock:
        lifecycle.pause(lifecycle.take(attempt_id))
        db.session.commit()
        clock.shift(timedelta(minutes=10))
        assert lifecycle.close_overdue() == 0
        clock.shift(timedelta(minutes=7))
        assert lifecycle.close_overdue() == 1
        assert load(attempt_id).end_reason == EndReason.PAUSE


def test_a_forgotten_attempt_does_not_stand_in_the_way_of_the_next(app: Flask, cast: Cast) -> None:
    forgotten = start_attempt(app, cast.lea)
    with time_machine.travel(now() + timedelta(hours=1), tick=False):
        assert start_attempt(app, cast.lea) != forgotten
        with as_member(app, cast.lea):
            assert load(forgotten).status == AttemptStatus.ENDED


def test_attempts_are_numbered_within_what_they_practise(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea) as lea:
        version = publish_the_scenario()
        for expected in (1, 2, 3):
            attempt = lifecycle.start(version, by=lea, mode=Mode.TEXT)
            lifecycle.complete(attempt, reason=EndReason.LEARNER)
            assert attempt.number == expected


def test_a_member_without_time_limit_gets_the_longest_call(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.lea):
        member_of(cast.lea).preferences = {"untimed": True}
        db.session.commit()
    attempt_id = start_attempt(app, cast.lea)
    with as_member(app, cast.lea):
        attempt = load(attempt_id)
        assert attempt.ends_at - attempt.started_at == lifecycle.LONGEST
