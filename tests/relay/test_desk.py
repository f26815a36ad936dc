"""Many calls and few workers: one at a time for each call, in order, no call forgotten, nobody held up by another."""

from collections.abc import Callable, Hashable
from queue import Queue
from threading import Event, Lock, Thread, active_count
from time import monotonic

import pytest
from flask import Flask, current_app

from roleplay.relay.bell import Bell
from roleplay.relay.desk import MOST_OF_ONE, WORKERS, Desk

SOON = 5.0


class Errand:
    """A case that does what it is given, and notes when two were at it at once."""

    def __init__(self, desk: Desk, owner: Hashable = "them") -> None:
        self.owner = owner
        self.rings_at: float | None = None
        self.rang = Queue[float]()
        self.crowded = False
        self._desk = desk
        self._inbox: list[Callable[[], object]] = []
        self._taken = Lock()

    @property
    def next_at(self) -> float | None:
        return 0.0 if self._inbox else self.rings_at

    def give(self, task: Callable[[], object]) -> None:
        self._inbox.append(task)
        self._desk.bring(self)

    def work(self) -> None:
        self.crowded = self.crowded or not self._taken.acquire(blocking=False)
        try:
            if self.rings_at is not None and self.rings_at <= monotonic():
                self.rings_at = None
                self.rang.put(monotonic())
            if self._inbox:
                self._inbox.pop(0)()
        finally:
            self._taken.release()


@pytest.fixture(scope="module")
def desk() -> Desk:
    desk = Desk(Flask(__name__))
    desk.open()
    return desk


def test_what_many_give_is_done_in_order_and_by_one_at_a_time(desk: Desk) -> None:
    errands = [Errand(desk, owner) for owner in "abc" for _ in range(3)]
    done: dict[Errand, list[tuple[int, int]]] = {errand: [] for errand in errands}
    finished = Queue[int]()

    def give(giver: int) -> None:
        for number in range(200):
            for errand in errands:
                errand.give(lambda errand=errand, number=number: done[errand].append((giver, number)))  # type: ignore[misc]
        for errand in errands:
            errand.give(lambda: finished.put(giver))

    givers = [Thread(target=give, args=(giver,)) for giver in range(3)]
    for thread in givers:
        thread.start()
    for _ in range(len(errands) * len(givers)):
        finished.get(timeout=SOON)
    for errand in errands:
        assert not errand.crowded
        for giver in range(3):
            assert [number for who, number in done[errand] if who == giver] == list(range(200))


def test_an_owner_whose_work_hangs_holds_up_nobody_else(desk: Desk) -> None:
    hangs, goes_on = Event(), Queue[str]()
    slow = [Errand(desk, "slow") for _ in range(MOST_OF_ONE + 5)]
    for errand in slow:
        errand.give(lambda: hangs.wait(SOON))
        errand.give(lambda: goes_on.put("slow"))
    other = Errand(desk, "other")
    other.give(lambda: goes_on.put("other"))
    assert goes_on.get(timeout=SOON) == "other"
    assert not hangs.is_set()
    hangs.set()
    assert [goes_on.get(timeout=SOON) for _ in slow] == ["slow"] * len(slow)


def test_workers_are_as_many_as_are_needed_at_once() -> None:
    before = active_count()
    desk, done = Desk(Flask(__name__)), Queue[None]()
    desk.open()
    for _ in range(50):
        Errand(desk).give(lambda: done.put(None))
        done.get(timeout=SOON)
    few = active_count() - before
    assert few < 10
    hangs, busy = Event(), [Errand(desk) for _ in range(MOST_OF_ONE)]

    def hang() -> None:
        done.put(None)
        hangs.wait(SOON)

    for errand in busy:
        errand.give(hang)
    for _ in busy:
        done.get(timeout=SOON)
    assert active_count() - before >= MOST_OF_ONE
    hangs.set()


def test_work_that_fails_costs_no_worker(desk: Desk) -> None:
    errand, done = Errand(desk), Event()
    for _ in range(WORKERS + 1):
        errand.give(lambda: 1 / 0)
    errand.give(done.set)
    assert done.wait(SOON)


def test_work_is_done_within_the_application(desk: Desk) -> None:
    errand, names = Errand(desk), Queue[str]()
    errand.give(lambda: names.put(current_app.name))
    assert names.get(timeout=SOON) == __name__


def test_a_case_is_served_again_at_its_time(desk: Desk) -> None:
    errand = Errand(desk)
    due = monotonic() + 0.15
    errand.give(lambda: setattr(errand, "rings_at", due))
    assert due <= errand.rang.get(timeout=SOON) < due + 1


def test_a_time_that_passed_while_the_case_was_in_hand_is_noticed(desk: Desk) -> None:
    errand, finish = Errand(desk), Event()
    errand.rings_at = monotonic() + 0.05
    errand.give(lambda: finish.wait(0.2))
    assert errand.rang.get(timeout=SOON)


def test_a_bell_rings_at_the_last_time_that_was_set_and_not_for_those_taken_back() -> None:
    rung = Queue[str]()
    bell = Bell[str](rung.put)
    now = monotonic()
    bell.set("later", now + 0.3)
    bell.set("sooner", now + 60)
    bell.set("sooner", now + 0.1)
    bell.set("never", now + 0.05)
    bell.set("never", None)
    bell.start()
    assert [rung.get(timeout=SOON), rung.get(timeout=SOON)] == ["sooner", "later"]
    assert monotonic() >= now + 0.3
    bell.set("again", monotonic() + 0.05)
    assert rung.get(timeout=SOON) == "again"
    assert rung.empty()
