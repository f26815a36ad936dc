"""Two organizations at once: whatever one does, with its own ids or with stolen ones, the other's world stays what its
own people made of it."""

from dataclasses import dataclass, field
from uuid import UUID

from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.engine import Engine

from roleplay.attempts.models import Attempt, TurnStatus
from roleplay.attempts.transcript import record_turn
from roleplay.evaluations.access import newest_evaluation
from roleplay.evaluations.evaluator import evaluate_attempt
from roleplay.ports import Speaker
from roleplay.web.security import limiter
from tenants.db import db
from tests.browsers import Browser, browser_of
from tests.cast import Person, call_the_cast, clear_the_stage
from tests.practice import THE_SCENARIO, as_member, load, publish_the_scenario
from tests.tenancy.worlds import SAID, Judge
from tests.web.reading import read

WORLDS = ("acme", "beacon")
TITLES = ("The missed deadline", "The lost order", "The raise")
either = st.sampled_from(WORLDS)


@dataclass
class Expected:
    """What the learner of one organization has done, and nothing else."""

    learner: Person
    browser: Browser
    catalog: dict[str, UUID] = field(default_factory=dict)
    attempts: dict[str, list[UUID]] = field(default_factory=dict)
    """By the title of the scenario, in their order."""
    said: dict[UUID, list[str]] = field(default_factory=dict)
    scored: set[UUID] = field(default_factory=set)
    live: UUID | None = None
    patience: str = "500"

    def at(self, rest: str) -> str:
        return f"/o/{self.learner.slug}{rest}"

    @property
    def ended(self) -> list[UUID]:
        return [attempt for attempts in self.attempts.values() for attempt in attempts if attempt != self.live]


class TwoWorlds(RuleBasedStateMachine):
    app: Flask
    owner: Engine

    @initialize()
    def begin(self) -> None:
        clear_the_stage(self.owner)
        with self.app.app_context():
            limiter.reset()
            cast = call_the_cast()
        self.worlds = {
            str(person.slug): Expected(person, browser_of(self.app, person)) for person in (cast.lea, cast.ben)
        }

    def other(self, name: str) -> Expected:
        return self.worlds[WORLDS[1 - WORLDS.index(name)]]

    @rule(where=either, title=st.sampled_from(TITLES))
    def publish(self, where: str, title: str) -> None:
        world = self.worlds[where]
        if title in world.catalog:
            return
        with as_member(self.app, world.learner):
            version = publish_the_scenario(THE_SCENARIO.model_copy(update={"title": title}))
            world.catalog[title] = version.scenario_id
            db.session.commit()

    @rule(where=either, title=st.sampled_from(TITLES))
    def start(self, where: str, title: str) -> None:
        world = self.worlds[where]
        if title not in world.catalog:
            return
        answer = world.browser.post(world.at(f"/catalog/{world.catalog[title]}/attempts"), {"mode": "text"})
        if world.live:
            assert answer.status_code == 409
            assert str(world.live) in answer.text
        else:
            assert answer.status_code == 303
            world.live = UUID(str(answer.location).split("/")[-2])
            world.attempts.setdefault(title, []).append(world.live)

    @rule(where=either, words=st.sampled_from((SAID, "No.")))
    def say(self, where: str, words: str) -> None:
        world = self.worlds[where]
        if world.live is None:
            return
        said = world.said.setdefault(world.live, [])
        with as_member(self.app, world.learner):
            attempt = load(world.live)
            number = len(said) + 1
            timing = {"started_ms": number * 1000, "ended_ms": number * 1000 + 900}
            speaker, status = Speaker.LEARNER, TurnStatus.HEARD
            record_turn(attempt, item_id=f"item-{number}", speaker=speaker, text=words, status=status, **timing)
            db.session.commit()
        said.append(words)

    @rule(where=either)
    def hang_up(self, where: str) -> None:
        world = self.worlds[where]
        if world.live:
            assert world.browser.post(world.at(f"/attempts/{world.live}/completion")).status_code == 303
            world.live = None

    @rule(where=either)
    def evaluate(self, where: str) -> None:
        world = self.worlds[where]
        for attempt_id in world.ended:
            with as_member(self.app, world.learner):
                evaluate_attempt(attempt_id, using=Judge())
                world.scored |= {attempt_id} if read_score(attempt_id) is not None else set()

    @rule(where=either, patience=st.sampled_from(("350", "900", "1800")))
    def prefer(self, where: str, patience: str) -> None:
        world = self.worlds[where]
        assert world.browser.post(world.at("/preferences"), {"patience_ms": patience}).status_code == 303
        world.patience = patience

    @rule(thief=either)
    def steal(self, thief: str) -> None:
        """Everything that the other organization has, asked for by its id under both addresses."""
        me, other = self.worlds[thief], self.other(thief)
        attempts = [*other.ended, *([other.live] if other.live else [])]
        for slug in WORLDS:
            for scenario in other.catalog.values():
                assert me.browser.get(f"/o/{slug}/catalog/{scenario}").status_code == 404
                assert me.browser.post(f"/o/{slug}/catalog/{scenario}/attempts").status_code == 404
            for attempt in attempts[-2:]:
                for rest in ("", "/transcript", "/evaluation", "/room"):
                    assert me.browser.get(f"/o/{slug}/attempts/{attempt}{rest}").status_code == 404
                for rest in ("completion", "tickets", "evaluations"):
                    assert me.browser.post(f"/o/{slug}/attempts/{attempt}/{rest}").status_code == 404

    @precondition(lambda self: hasattr(self, "worlds"))
    @invariant()
    def each_sees_its_own_world_and_no_more(self) -> None:
        for world in self.worlds.values():
            see_catalog(world)
            see_sessions(world)
            see_newest_transcript(world)


def read_score(attempt_id: UUID) -> int | None:
    evaluation = newest_evaluation(db.session.query(Attempt).filter_by(id=attempt_id).one())
    return evaluation.score if evaluation else None


def see_catalog(world: Expected) -> None:
    page = read(world.browser.get(world.at("/catalog")))
    found = {link.attributes["href"] for link in page.all("a") if "stretched" in link.attributes.get("class", "")}
    assert found == {world.at(f"/catalog/{scenario}") for scenario in world.catalog.values()}


def see_sessions(world: Expected) -> None:
    words = read(world.browser.get(world.at("/sessions"))).words
    for title in TITLES:
        assert (title in words) == (title in world.attempts)
    completed = sum(any(a != world.live for a in row) for row in world.attempts.values())
    assert words.count("Completed") == completed + 1, "and once in the filter"
    page = read(world.browser.get(world.at("/preferences")))
    chosen = {option.attributes["value"] for option in page.all("option") if "selected" in option.attributes}
    assert world.patience in chosen


def see_newest_transcript(world: Expected) -> None:
    for attempt in world.ended[-1:]:
        page = read(world.browser.get(world.at(f"/attempts/{attempt}/transcript")))
        turns = [item for item in page.all("li") if "turn" in item.attributes.get("class", "").split()]
        assert len(turns) == len(world.said.get(attempt, []))
        assert ("of 100" in world.browser.get(world.at(f"/attempts/{attempt}")).text) == (attempt in world.scored)


def test_neither_organization_is_moved_by_the_other(app: Flask, owner: Engine) -> None:
    bounded = settings(
        max_examples=12,
        stateful_step_count=20,
        derandomize=True,
        deadline=None,
        phases=(Phase.generate,),  # to make a failure shorter would take minutes
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(type("Bound", (TwoWorlds,), {"app": app, "owner": owner}), settings=bounded)
