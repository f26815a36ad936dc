"""The people in the tests. Acme is a company with one member for each role; Beacon is another; Sam belongs nowhere."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.engine import Engine

from tenants.db import Model, db
from tenants.identities import Identity, register_identity
from tenants.members import add_member
from tenants.organizations import Organization, found_organization
from tenants.permissions import Role
from tenants.scope import organization_scope, platform_scope


@dataclass(frozen=True)
class Person:
    """Ids, not rows: a test opens its own scope and loads what it needs."""

    identity_id: UUID
    email: str
    organization_id: UUID | None = None
    slug: str | None = None
    member_id: UUID | None = None


@dataclass(frozen=True)
class Cast:
    olivia: Person
    """Owner of Acme."""
    adam: Person
    """Admin of Acme."""
    anna: Person
    """Author at Acme."""
    carl: Person
    """Coach at Acme."""
    lea: Person
    """Learner at Acme."""
    leo: Person
    """Another learner at Acme."""
    bea: Person
    """Owner of Beacon."""
    ben: Person
    """Learner at Beacon."""
    sam: Person
    """A stranger: an identity without any membership."""


ACME = {
    "olivia": Role.OWNER,
    "adam": Role.ADMIN,
    "anna": Role.AUTHOR,
    "carl": Role.COACH,
    "lea": Role.LEARNER,
    "leo": Role.LEARNER,
}
BEACON = {"bea": Role.OWNER, "ben": Role.LEARNER}


def clear_the_stage(owner: Engine) -> None:
    """Empties every table, as their owner."""
    tables = ", ".join(table.name for table in Model.metadata.sorted_tables)
    with owner.begin() as connection:
        connection.execute(text(f"truncate {tables}"))


def call_the_cast() -> Cast:
    with platform_scope():
        acme = found_organization(slug="acme", name="Acme Manufacturing")
        beacon = found_organization(slug="beacon", name="Beacon Training")
        identities = {
            name: register_identity(email=f"{name}@example.com", name=name.capitalize(), language="en")
            for name in [*ACME, *BEACON, "sam"]
        }
        db.session.commit()
    people = {**_join(acme, ACME, identities), **_join(beacon, BEACON, identities)}
    sam = identities["sam"]
    return Cast(**people, sam=Person(sam.id, sam.email))


def _join(organization: Organization, roles: dict[str, Role], identities: dict[str, Identity]) -> dict[str, Person]:
    with organization_scope(organization.id):
        members = {name: add_member(identities[name], role=role) for name, role in roles.items()}
        db.session.commit()
    return {
        name: Person(identities[name].id, identities[name].email, organization.id, organization.slug, member.id)
        for name, member in members.items()
    }
