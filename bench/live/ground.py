"""What the calls need: a database of their own, people in it with attempts, tickets, and a certificate."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from flask import Flask

from roleplay.app import create_worker
from roleplay.attempts import lifecycle, tickets
from roleplay.attempts.models import Attempt, Mode, Turn, UsageEntry
from roleplay.embedded.postgres import start_postgres
from roleplay.embedded.valkey import start_valkey
from roleplay.migrating import migrate
from roleplay.settings import Settings
from tenants.clock import now
from tenants.db import db
from tenants.identities import register_identity
from tenants.members import add_member
from tenants.organizations import found_organization
from tenants.permissions import Role
from tenants.scope import organization_scope, platform_scope
from tenants.sign_ins import Method, SignIn
from tests.practice import THE_SCENARIO, publish_the_scenario

ORGANIZATIONS = 10
SECRET = "only for the benchmark, and long enough for it"


@contextmanager
def settings_of(var: Path) -> Iterator[Settings]:
    database = start_postgres(var / "postgres")
    migrate(database.owner)
    server, redis_url = start_valkey(var / "valkey")
    try:
        yield Settings(
            _env_file=None,  # type: ignore[call-arg]
            secret_key=SECRET,  # type: ignore[arg-type]
            public_url="http://localhost",
            database_url=database.application,
            database_owner_url=database.owner,
            database_ops_url=database.operations,
            redis_url=redis_url,
            var=var,
            log_json=True,
        )
    finally:
        server.stop()


class Ground:
    def __init__(self, settings: Settings) -> None:
        self.app: Flask = create_worker(settings)
        self._attempts: list[tuple[UUID, UUID, UUID]] = []
        """Organization, attempt, sign-in."""
        self._run = 0

    def attempts(self, count: int) -> None:
        """New people, each with an attempt that has not begun."""
        self._run += 1
        self._attempts = []
        with self.app.app_context():
            for number in range(ORGANIZATIONS):
                share = count // ORGANIZATIONS + (number < count % ORGANIZATIONS)
                self._attempts += self._organization(f"bench-{self._run}-{number}", share)

    def _organization(self, slug: str, people: int) -> list[tuple[UUID, UUID, UUID]]:
        with platform_scope():
            organization = found_organization(slug=slug, name=slug)
            identities = [register_identity(email=f"{n}@{slug}.example", name=f"Learner {n}") for n in range(people)]
            until = now() + timedelta(days=1)
            sign_ins = [
                SignIn(
                    identity_id=identity.id,
                    secret_hash=f"{slug}-{identity.id}",
                    method=Method.DEMO,
                    last_seen_at=now(),
                    expires_at=until,
                )
                for identity in identities
            ]
            db.session.add_all(sign_ins)
            db.session.commit()
            signed_in = [sign_in.id for sign_in in sign_ins]
        with organization_scope(organization.id):
            version = publish_the_scenario(THE_SCENARIO.model_copy(update={"time_limit_minutes": 30}))
            members = [add_member(identity, role=Role.LEARNER) for identity in identities]
            attempts = [lifecycle.start(version, by=member, mode=Mode.VOICE) for member in members]
            db.session.commit()
            ids = [attempt.id for attempt in attempts]
        return [(organization.id, attempt, sign_in) for attempt, sign_in in zip(ids, signed_in, strict=True)]

    def ticket(self, number: int) -> str:
        """A real ticket, issued the moment it is used."""
        organization_id, attempt_id, sign_in_id = self._attempts[number]
        with self.app.app_context(), platform_scope():
            sign_in = db.session.get_one(SignIn, sign_in_id)
            with organization_scope(organization_id):
                token = tickets.issue(db.session.query(Attempt).filter_by(id=attempt_id).one(), to=sign_in)
                db.session.commit()
        return token

    def stored(self) -> dict[str, int]:
        """How many turns and costs the row's attempts have in the database."""
        totals = {"turns": 0, "costs": 0}
        with self.app.app_context():
            for organization_id in {organization for organization, _, _ in self._attempts}:
                with organization_scope(organization_id):
                    totals["turns"] += db.session.query(Turn).count()
                    totals["costs"] += db.session.query(UsageEntry).count()
        return totals


def certificate(folder: Path) -> tuple[Path, Path]:
    """For localhost, signed by itself."""
    cert, key = folder / "cert.pem", folder / "key.pem"
    if not cert.exists():
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
        subprocess.run([*command, "-keyout", str(key), "-out", str(cert)], check=True, capture_output=True)
    return cert, key
