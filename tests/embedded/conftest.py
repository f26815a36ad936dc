"""The engine's models, loaded once, and an engine that listens on a free port."""

from collections.abc import Iterator

import pytest

from roleplay.embedded.machinery import Machinery
from tests.embedded.realtime import Client, Persona, client, engine_on_a_thread


@pytest.fixture(scope="session")
def machinery() -> Iterator[Machinery]:
    machinery = Machinery()
    yield machinery
    machinery.close()


@pytest.fixture(scope="module")
def port(machinery: Machinery) -> Iterator[int]:
    with engine_on_a_thread(machinery, Persona) as port:
        yield port


@pytest.fixture
def call(port: int) -> Iterator[Client]:
    """A client that was greeted."""
    with client(port) as call:
        call.until("session.created")
        yield call
