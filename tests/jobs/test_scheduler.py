"""Any number of schedulers may run; one of them works, and another takes over when it stops."""

import threading
from collections.abc import Callable
from time import monotonic, sleep

import pytest
from flask import Flask

from roleplay.jobs import scheduler
from roleplay.jobs.scheduler import run_scheduler


class Ticks:
    """Counts who works; `wait_for` returns once somebody has worked that often."""

    def __init__(self) -> None:
        self.by: list[int] = []
        self._changed = threading.Condition()

    def __call__(self) -> None:
        with self._changed:
            self.by.append(threading.get_ident())
            self._changed.notify_all()

    def wait_for(self, done: Callable[[list[int]], bool]) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: done(self.by), timeout=20)


def test_one_of_two_works_and_the_other_takes_over(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks, cleaned = Ticks(), []
    monkeypatch.setattr(scheduler, "EVERY", 0.02)
    monkeypatch.setattr(scheduler, "reconcile", ticks)
    monkeypatch.setattr(scheduler, "forget_expired", lambda: cleaned.append(1))
    stops = [threading.Event(), threading.Event()]
    threads = [threading.Thread(target=run_scheduler, args=(app,), kwargs={"stopping": stop}) for stop in stops]
    for thread in threads:
        thread.start()
    try:
        assert ticks.wait_for(lambda by: len(by) >= 8)
        first = ticks.by[0]
        assert set(ticks.by) == {first}
        assert cleaned == [1], "the daily part runs once, not at every tick"
        stops[[thread.ident for thread in threads].index(first)].set()
        assert ticks.wait_for(lambda by: by[-1] != first)
    finally:
        for stop in stops:
            stop.set()
        for thread in threads:
            thread.join(20)


def test_a_scheduler_that_is_gone_without_a_word_loses_the_lock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scheduler, "_SILENT_FOR", "500ms")
    with app.app_context(), scheduler._lock() as gone:
        assert gone
        began, takes_over = monotonic(), False
        while not takes_over and monotonic() - began < 10:
            sleep(0.1)
            with scheduler._lock() as held:
                takes_over = held is not None
    assert takes_over


def test_an_error_of_the_database_does_not_end_the_scheduler(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    ticks = Ticks()

    def break_first() -> None:
        ticks()
        if len(ticks.by) == 1:
            raise scheduler.SQLAlchemyError

    monkeypatch.setattr(scheduler, "EVERY", 0.02)
    monkeypatch.setattr(scheduler, "reconcile", break_first)
    monkeypatch.setattr(scheduler, "forget_expired", lambda: None)
    stop = threading.Event()
    thread = threading.Thread(target=run_scheduler, args=(app,), kwargs={"stopping": stop})
    thread.start()
    try:
        assert ticks.wait_for(lambda by: len(by) >= 3)
    finally:
        stop.set()
        thread.join(20)
