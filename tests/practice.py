"""What a test about practising starts from: a published scenario, and somebody's attempt at it."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from flask import Flask

from roleplay.attempts import lifecycle
from roleplay.attempts.models import Attempt, Mode
from roleplay.scenarios.content import Goal, Persona, ScenarioContent
from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.versions import publish
from tenants.db import db
from tenants.members import Member
from tenants.scope import organization_scope
from tests.cast import Person

THE_SCENARIO = ScenarioContent(
    title="The missed deadline",
    summary="Tell a proud colleague that the project is late because of him.",
    type="leadership",
    use_case="Difficult feedback",
    time_limit_minutes=5,
    learner_role="You lead the team.",
    context="The release slipped by two weeks.",
    stakes="If it goes wrong, he leaves.",
    objective="He owns the delay.",
    persona=Persona(
        name="Martin Keller",
        job="senior engineer",
        organization="Nordwind",
        biography="Martin built the first version alone.",
        trait="Proud",
        emotional_state="Defensive",
        communication_style="Dry and precise",
        decision_making="Follows evidence",
        motivations=("To be respected",),
        concerns=("To be blamed",),
    ),
    opening="You wanted to see me?",
    goals=(Goal(id="own-it", text="He says in his own words what he will change."),),
)


@contextmanager
def as_member(app: Flask, person: Person) -> Iterator[Member]:
    """A scope of the person's organization, and that person in it."""
    assert person.organization_id
    with app.app_context(), organization_scope(person.organization_id):
        yield member_of(person)


def member_of(person: Person) -> Member:
    return db.session.get_one(Member, (person.organization_id, person.member_id))


def publish_the_scenario(content: ScenarioContent = THE_SCENARIO) -> ScenarioVersion:
    scenario = Scenario()
    db.session.add(scenario)
    db.session.flush()
    return publish(scenario, content, by=None)


def start_attempt(app: Flask, person: Person, *, mode: Mode = Mode.VOICE) -> UUID:
    with as_member(app, person) as member:
        attempt = lifecycle.start(publish_the_scenario(), by=member, mode=mode)
        db.session.commit()
        return attempt.id


def load(attempt_id: UUID) -> Attempt:
    """The attempt as the database has it now."""
    return db.session.query(Attempt).populate_existing().filter_by(id=attempt_id).one()
