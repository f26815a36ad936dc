"""What every test of a page starts from."""

from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy.engine import Engine

from roleplay.app import create_app
from roleplay.settings import Settings
from roleplay.web import sign_in
from roleplay.web.security import limiter
from tenants.db import db
from tests.browsers import Browser, Enter
from tests.cast import Cast, Person, call_the_cast, clear_the_stage
from tests.practice import as_member, publish_the_scenario
from tests.web.writing import written


@pytest.fixture(autouse=True)
def _fresh_limits(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody pays for how often the test before asked, or waits where waiting is not the matter."""
    with app.app_context():
        limiter.reset()
    monkeypatch.setattr(sign_in, "SHORTEST_ANSWER", 0)


@pytest.fixture(scope="module")
def standing_cast(app: Flask, owner: Engine) -> Cast:
    """One cast for all tests of a module that change nothing."""
    clear_the_stage(owner)
    with app.app_context():
        return call_the_cast()


@pytest.fixture
def scenario(app: Flask, cast: Cast) -> UUID:
    """A scenario in Acme's catalog."""
    return publish_for(app, cast.lea)


def publish_for(app: Flask, person: Person) -> UUID:
    with as_member(app, person):
        version = publish_the_scenario()
        db.session.commit()
        return version.scenario_id


@pytest.fixture
def make_app(settings: Settings) -> Iterator[Callable[..., Flask]]:
    """The application with some settings changed. The limiter is one for the whole process and is given back after."""
    made, limits = [], dict(vars(limiter))

    def make(**changes: object) -> Flask:
        made.append(create_app(settings.model_copy(update=changes)))
        return made[-1]

    yield make
    vars(limiter).update(limits)
    for one in made:
        with one.app_context():
            for engine in db.engines.values():
                engine.dispose()


@pytest.fixture
def anna(enter: Enter, cast: Cast) -> Browser:
    """The browser of Acme's author."""
    return enter(cast.anna)


@pytest.fixture
def scenario_id(app: Flask, cast: Cast) -> UUID:
    """A complete scenario of Anna's that is not in use yet."""
    return written(app, cast)


@pytest.fixture
def steps(anna: Browser) -> str:
    """The address of a new scenario's steps, without the step."""
    return str(anna.post("/o/acme/scenarios").location).removesuffix("details")


@pytest.fixture
def complete(scenario_id: UUID) -> str:
    """The address of a complete scenario's steps, without the step."""
    return f"/o/acme/scenarios/{scenario_id}/edit/"
