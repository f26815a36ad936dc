"""What whoever runs it can ask: alive, ready, measured; and what a request is called."""

import re
from collections.abc import Callable, Iterator

import psycopg
import pytest
from flask import Flask
from pydantic import SecretStr
from sqlalchemy import make_url

from roleplay.embedded.postgres import Addresses, start_postgres
from roleplay.settings import Settings
from tests.browsers import Enter
from tests.cast import Cast
from tests.web.reading import read

MakeApp = Callable[..., Flask]


@pytest.fixture
def empty_database(settings: Settings) -> Addresses:
    return start_postgres(settings.var / "postgres", database="empty")


@pytest.fixture
def superuser(database: Addresses) -> Iterator[psycopg.Connection]:
    host = make_url(database.owner).query["host"]
    with psycopg.connect(host=str(host), user="postgres", dbname="postgres", autocommit=True) as connection:
        yield connection


def drop(superuser: psycopg.Connection) -> None:
    """The database is gone from under whoever was connected to it."""
    superuser.execute("drop database empty with (force)")


@pytest.fixture
def without_tables(make_app: MakeApp, empty_database: Addresses) -> Flask:
    return make_app(database_url=empty_database.application, database_ops_url=empty_database.operations)


def test_it_is_ready_when_the_database_is_migrated_and_the_queue_answers(app: Flask) -> None:
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok", "queue": "ok"})


def test_without_the_queue_it_is_degraded_and_still_ready(make_app: MakeApp) -> None:
    answer = make_app(redis_url="redis://127.0.0.1:1/0").test_client().get("/readyz")
    assert answer.status_code == 200
    assert answer.json == {"status": "degraded", "database": "ok", "queue": "unreachable"}


def test_without_tables_and_without_a_database_it_is_not_ready_but_alive(
    without_tables: Flask, superuser: psycopg.Connection
) -> None:
    client = without_tables.test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "not migrated")
    drop(superuser)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["database"]) == (503, "unreachable")
    assert client.get("/healthz").json == {"status": "ok"}


def test_without_a_database_pages_say_so_and_what_needs_none_goes_on(
    without_tables: Flask, superuser: psycopg.Connection
) -> None:
    drop(superuser)
    client = without_tables.test_client()
    assert client.get("/help").status_code == 200
    client.set_cookie("sign-in", "somebody's")
    for path in ("/", "/account", "/o/acme/catalog?q=a"):
        answer = client.get(path)
        assert answer.status_code == 503
        assert "Not available just now" in read(answer).words
        assert path in {link.attributes["href"] for link in read(answer).all("a")}


def test_a_request_is_measured_by_its_route_and_never_by_whose_it_was(app: Flask, enter: Enter, cast: Cast) -> None:
    lea = enter(cast.lea)
    assert lea.get("/o/acme/catalog?q=whisper").status_code == 200
    answer = lea.get("/metrics")
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert 'route="/o/<organization_slug>/catalog",status="200"' in answer.text
    for private in ("acme", "whisper", "lea@", str(cast.lea.member_id)):
        assert private not in answer.text


@pytest.mark.parametrize(
    ("token", "headers", "address", "status"),
    [
        ("", {}, "127.0.0.1", 200),
        ("", {"X-Forwarded-For": "127.0.0.1"}, "127.0.0.1", 404),
        ("", {}, "203.0.113.7", 404),
        ("scrape", {}, "127.0.0.1", 404),
        ("scrape", {"Authorization": "Bearer wrong"}, "127.0.0.1", 404),
        ("scrape", {"Authorization": "Bearer scrape", "X-Forwarded-For": "203.0.113.7"}, "10.0.0.2", 200),
    ],
)
def test_the_world_is_not_shown_what_is_measured(
    make_app: MakeApp, token: str, headers: dict[str, str], address: str, status: int
) -> None:
    client = make_app(metrics_token=SecretStr(token)).test_client()
    answer = client.get("/metrics", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert ("roleplay_" in answer.text) is (status == 200)


def test_a_request_keeps_the_name_that_it_came_with(app: Flask) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Request-Id": "edge-7f3a.12_B"})
    assert answer.headers["X-Request-Id"] == "edge-7f3a.12_B"


@pytest.mark.parametrize("name", ["", "short", "x" * 65, "with space here", "<script>alert(1)</script>", 'quote"quote'])
def test_a_name_that_could_do_harm_is_replaced(app: Flask, name: str) -> None:
    answer = app.test_client().get("/healthz", headers={"X-Request-Id": name})
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_the_name_of_a_request_is_in_its_log_line(app: Flask, capsys: pytest.CaptureFixture[str]) -> None:
    app.test_client().get("/sign-in", headers={"X-Request-Id": "edge-12345678"})
    assert '"request_id": "edge-12345678"' in capsys.readouterr().out
