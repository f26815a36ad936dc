"""Callers practise, processes die; then everything is given the time to come to its end, and is counted."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from uuid import UUID

from roleplay.attempts.models import Attempt
from tenants.db import db
from tenants.scope import organization_scope
from tests.chaos.caller import Caller, Notes, plan_of
from tests.chaos.counting import count, is_done
from tests.chaos.page import Page
from tests.chaos.processes import Process
from tests.chaos.product import Learner, Product, World, overtimes, people, product, tell
from tests.chaos.watching import Restarts

SHORT_CLOCK = timedelta(seconds=5)
SETTLES_WITHIN = 180.0
"""Seconds after the last call in which all must be evaluated: a lost lease, and a walk-away's clock and grace."""
CLOSES_WITHIN = 2.0
"""Seconds that a call at the provider may last beyond the attempt's clock: the last words, and the goodbye."""
DEATHS = {"job": 25, "worker": 20, "relay": 20, "web": 12, "scheduler": 10, "valkey": 13}
"""Who dies how often, in a hundred deaths."""


@dataclass
class Day:
    """One run: `attempts` to practise and `kills` to spread over them, all chosen by `seed`."""

    stack: Product
    world: World
    attempts: int
    kills: int
    seed: int
    notes: dict[str, Notes] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> Restarts:
        restarts = Restarts(self.stack.addresses.operations)
        callers = [
            threading.Thread(target=self._practise_all_day, args=(number, learner), daemon=True)
            for number, learner in enumerate(self.world.learners)
        ]
        for caller in callers:
            caller.start()
        deaths = _deaths(random.Random(self.seed))
        while any(caller.is_alive() for caller in callers) or self.killed.total() < self.kills:
            self.stack.raise_the_dead()
            if self.killed.total() < self.kills and self._is_due():
                self._kill_somebody(deaths, restarts)
            time.sleep(0.05)
        return restarts

    def _is_due(self) -> bool:
        return len(self.notes) * (self.kills + 1) >= (self.killed.total() + 1) * self.attempts * 0.95

    def _kill_somebody(self, deaths: Iterator[tuple[str, float]], restarts: Restarts) -> None:
        kind, which = next(deaths)
        if kind == "valkey":
            self.stack.valkey.wipe()
            self.killed[kind] += 1
            return
        alive = [process for process in self.stack.of("worker" if kind == "job" else kind) if process.is_ready]
        held = restarts.held() if kind in {"job", "worker"} else []
        if alive and self._dies(alive[int(which * len(alive))], kind):
            self.killed[kind] += 1
            restarts.note(held)

    @staticmethod
    def _dies(victim: Process, kind: str) -> bool:
        if kind == "job":
            return victim.kill_child()
        victim.kill()
        return True

    def _practise_all_day(self, number: int, learner: Learner) -> None:
        chance = random.Random(f"{self.seed}/{number}")
        relays = [f"ws://127.0.0.1:{port}" for port in self.stack.relay_ports]
        page = Page(self.stack.url, self.world.slug, learner.secret)
        caller = Caller(page, relays, self.stack.url, chance)
        while self._wants_another():
            plan = plan_of(chance)
            attempt = self._start(page, plan.mode, chance)
            if plan.ending != "end":
                self._shorten(UUID(attempt))
            self._keep(caller.practise(attempt, plan))

    def _wants_another(self) -> bool:
        with self.lock:
            return len(self.notes) < self.attempts

    def _start(self, page: Page, mode: str, chance: random.Random) -> str:
        """As often as it takes; some press twice."""
        while True:
            try:
                if chance.random() < 0.1:
                    page.start(self.world.scenario_id, mode)
                attempt = page.start(self.world.scenario_id, mode)
                if attempt:
                    return attempt
            except (OSError, HTTPException, ValueError):
                pass
            time.sleep(chance.uniform(0.2, 0.6))

    def _shorten(self, attempt_id: UUID) -> None:
        with self.stack.app.app_context(), organization_scope(self.world.organization_id):
            attempt = db.session.get_one(Attempt, (self.world.organization_id, attempt_id))
            attempt.ends_at = attempt.started_at + SHORT_CLOCK
            db.session.commit()

    def _keep(self, notes: Notes) -> None:
        with self.lock:
            known = self.notes.setdefault(notes.attempt, notes)
            known.told |= notes.told
            known.typed |= notes.typed
            if len(self.notes) % 50 == 0:
                tell(f"{len(self.notes)} attempts, kills {dict(self.killed)}")


def _deaths(chance: random.Random) -> Iterator[tuple[str, float]]:
    """Who dies next, and which of them: everybody once before anybody twice, and then by chance."""
    everybody = list(DEATHS)
    chance.shuffle(everybody)
    for kind in everybody:
        yield kind, chance.random()
    while True:
        yield chance.choices(list(DEATHS), list(DEATHS.values()))[0], chance.random()


def chaos(var: Path, *, attempts: int, kills: int, seed: int, callers: int, lease: float) -> dict[str, Any]:
    """Runs a day and counts; the figures are the database's, except those over the cap, which the provider counted."""
    began = time.monotonic()
    with product(var, lease=lease) as stack:
        day = Day(stack, people(stack.app, callers), attempts, kills, seed)
        restarts = day.run()
        tell(f"callers are done after {time.monotonic() - began:.0f} s; kills {dict(day.killed)}")
        deadline = time.monotonic() + SETTLES_WITHIN
        while not (is_done(stack.app) and restarts.waiting == 0) and time.monotonic() < deadline:
            stack.raise_the_dead()
            time.sleep(0.25)
        restarts.stop()
        counted = count(stack.app, day.notes.values())
        over_the_cap = overtimes(stack.ledger)
    return {
        "kills": day.killed.total(),
        **counted,
        "restart_max_s": round(max(restarts.seconds, default=0.0), 1),
        "restarts": len(restarts.seconds),
        "never_restarted": restarts.waiting,
        "reached_the_cap": len(over_the_cap),
        "over_the_cap_s": round(sum(max(0.0, over - CLOSES_WITHIN) for over in over_the_cap), 1),
        "over_the_cap_max_s": round(max(over_the_cap, default=0.0), 2),
        "killed": dict(day.killed),
        "acknowledged": sum(len(notes.told) + len(notes.typed) for notes in day.notes.values()),
        "sockets": sum(notes.sockets for notes in day.notes.values()),
        "seed": seed,
        "seconds": round(time.monotonic() - began),
    }
