"""The whole product for a day of chaos: its own PostgreSQL and Valkey, a light upstream, and every process it has."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from flask import Flask

from roleplay.app import create_worker
from roleplay.embedded.postgres import Addresses, start_postgres
from roleplay.migrating import migrate
from roleplay.settings import Settings
from tenants import sign_ins
from tenants.db import db
from tenants.identities import register_identity
from tenants.members import add_member
from tenants.organizations import found_organization
from tenants.permissions import Role
from tenants.scope import organization_scope, platform_scope
from tenants.sign_ins import Method
from tests.chaos.processes import Process, Valkey, environment, free_port
from tests.practice import publish_the_scenario

RELAYS = 2
WORKERS = 2


@dataclass(frozen=True)
class Learner:
    member_id: UUID
    secret: str
    """What the sign-in's cookie holds."""


@dataclass(frozen=True)
class World:
    """One organization, its learners, and a scenario for all of them."""

    organization_id: UUID
    slug: str
    scenario_id: UUID
    learners: list[Learner]


@dataclass
class Product:
    app: Flask
    addresses: Addresses
    valkey: Valkey
    ledger: Path
    url: str
    relay_ports: list[int]
    processes: list[Process]

    def of(self, kind: str) -> list[Process]:
        return [process for process in self.processes if process.name.startswith(kind)]

    def raise_the_dead(self) -> None:
        """What a supervisor does, as soon as it notices."""
        for process in self.processes:
            if process.has_ended:
                process.start()


def _plan(var: Path, values: dict[str, str], ports: list[int], *, lease: float, judge: float) -> Iterator[Process]:
    web, *relays, upstream = ports
    ours = ["-m", "roleplay"]
    address = f"http://127.0.0.1:{upstream}/healthz"
    ledger = str(var / "ledger.jsonl")
    yield Process(
        "upstream", ["-m", "tests.chaos.upstream", str(upstream), ledger], values, var / "upstream.log", address
    )
    address = f"http://127.0.0.1:{web}/healthz"
    yield Process("web", [*ours, "web"], {**values, "PORT": str(web)}, var / "web.log", address)
    for port in relays:
        own = {**values, "RELAY_PORT": str(port)}
        address = f"http://127.0.0.1:{port}/readyz"
        yield Process(f"relay-{port}", [*ours, "relay"], own, var / f"relay-{port}.log", address)
    for number in range(WORKERS):
        command = ["-m", "tests.chaos.worker", str(lease), str(judge)]
        yield Process(f"worker-{number}", command, values, var / f"worker-{number}.log")
    yield Process("scheduler", [*ours, "scheduler"], values, var / "scheduler.log")


@contextmanager
def product(var: Path, *, lease: float = 30.0, judge: float = 0.4) -> Iterator[Product]:
    """Everything, running and ready; `lease` is the seconds that a worker holds a job for without a word."""
    addresses = start_postgres(var / "postgres")
    migrate(addresses.owner)
    valkey = Valkey(var / "valkey")
    valkey.start()
    ports = [free_port() for _ in range(RELAYS + 2)]
    url = f"http://127.0.0.1:{ports[0]}"
    upstream = f"ws://127.0.0.1:{ports[-1]}/v1/realtime"
    values = environment(addresses, valkey, var, PUBLIC_URL=url, ENGINE_URL=upstream, DEMO="false")
    processes = list(_plan(var, values, ports, lease=lease, judge=judge))
    try:
        for process in processes:
            process.start()
        for process in processes:
            process.wait_until_ready()
        with _application(_settings(addresses, valkey, var, url)) as app:
            yield Product(app, addresses, valkey, var / "ledger.jsonl", url, ports[1:-1], processes)
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.stop()
        valkey.stop()


@contextmanager
def _application(settings: Settings) -> Iterator[Flask]:
    """The domain, to set the scene with and to count."""
    app = create_worker(settings)
    try:
        yield app
    finally:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def _settings(addresses: Addresses, valkey: Valkey, var: Path, url: str) -> Settings:
    return Settings(
        _env_file=None,
        secret_key="only for tests, and long enough for them",
        public_url=url,
        database_url=addresses.application,
        database_owner_url=addresses.owner,
        database_ops_url=addresses.operations,
        redis_url=valkey.url,
        var=var,
    )


def people(app: Flask, count: int) -> World:
    with app.app_context(), platform_scope():
        organization = found_organization(slug="acme", name="Acme Manufacturing")
        identities = [register_identity(email=f"learner{n}@example.com", name=f"Learner {n}") for n in range(count)]
        secrets = [sign_ins.sign_in(identity, method=Method.LINK) for identity in identities]
        db.session.commit()
    with app.app_context(), organization_scope(organization.id):
        members = [add_member(identity, role=Role.LEARNER) for identity in identities]
        version = publish_the_scenario()
        db.session.commit()
        learners = [Learner(member.id, secret) for member, secret in zip(members, secrets, strict=True)]
        return World(organization.id, organization.slug, version.scenario_id, learners)


def overtimes(ledger: Path) -> list[float]:
    """For each call at the provider that lasted as long as its attempt's clock allowed, the seconds beyond."""
    calls = [json.loads(line) for line in ledger.read_text().splitlines()] if ledger.exists() else []
    overs = (call["lasted"] - call["may_last"] for call in calls if "may_last" in call)
    return [over for over in overs if over >= 0]


def tell(line: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {line}", file=sys.stderr, flush=True)
