"""What jobs work with in the tests: a scripted judge, a mailer that keeps what it sends, and an empty queue."""

from collections.abc import Iterator

import pytest
from flask import Flask
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from roleplay.app import create_worker
from roleplay.jobs.means import Means
from roleplay.jobs.waking import QUEUE
from roleplay.ports import Email
from roleplay.settings import Settings
from tenants.db import db
from tests.judging import ScriptedEvaluator


class KeptMail:
    def __init__(self) -> None:
        self.sent: list[Email] = []
        self.refusal: Exception | None = None

    def send(self, email: Email) -> None:
        if self.refusal:
            raise self.refusal
        self.sent.append(email)


@pytest.fixture(scope="session")
def app(settings: Settings) -> Iterator[Flask]:
    """What a worker runs in."""
    app = create_worker(settings)
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def judge() -> ScriptedEvaluator:
    return ScriptedEvaluator()


@pytest.fixture
def mail(app: Flask, judge: ScriptedEvaluator) -> Iterator[KeptMail]:
    kept, before = KeptMail(), app.extensions["jobs"]
    app.extensions["jobs"] = Means(evaluator=lambda: judge, mailer=kept)
    yield kept
    app.extensions["jobs"] = before


@pytest.fixture
def queue(redis_url: str) -> Iterator[Queue]:
    with Redis.from_url(redis_url) as connection:
        connection.flushall()
        yield Queue(QUEUE, connection=connection, serializer=JSONSerializer)
        connection.flushall()
