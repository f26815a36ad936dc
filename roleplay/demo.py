"""The demo: three organizations and a client, with one person for each role, and the library on their shelves."""

from dataclasses import dataclass

from roleplay.scenarios.library import stock
from tenants.db import db
from tenants.identities import find_identity, register_identity
from tenants.members import add_member, find_member
from tenants.organizations import Organization, OrganizationKind, find_organization, found_organization
from tenants.permissions import Role, Seat
from tenants.scope import organization_scope, platform_scope


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    email: str
    role: Role
    language: str = "en"
    seat: Seat = Seat.FULL


@dataclass(frozen=True, slots=True)
class Place:
    slug: str
    name: str
    people: tuple[Person, ...]
    kind: OrganizationKind = OrganizationKind.COMPANY
    parent: str | None = None
    language: str = "en"
    time_zone: str = "Europe/London"


PLACES = (
    Place(
        "alder",
        "Alder & Finch",
        (
            Person("Margaret Osei", "margaret@alder.example", Role.OWNER),
            Person("Tom Lindqvist", "tom@alder.example", Role.ADMIN),
            Person("Priya Raman", "priya@alder.example", Role.AUTHOR),
            Person("Hannah Cole", "hannah@alder.example", Role.COACH),
            Person("Jonas Weber", "jonas@alder.example", Role.LEARNER),
            Person("Edith Moreau", "edith@alder.example", Role.LEARNER, seat=Seat.READ_ONLY),
        ),
    ),
    Place(
        "cap-parole",
        "Cap Parole Formation",
        (
            Person("Claire Dumas", "claire@cap-parole.example", Role.OWNER, "fr"),
            Person("Malik Benali", "malik@cap-parole.example", Role.ADMIN, "fr"),
            Person("Sophie Laurent", "sophie@cap-parole.example", Role.AUTHOR, "fr"),
        ),
        kind=OrganizationKind.TRAINING,
        language="fr",
        time_zone="Europe/Paris",
    ),
    Place(
        "hotel-rivage",
        "Hôtels Rivage",
        (
            Person("Nadia Faure", "nadia@rivage.example", Role.ADMIN, "fr"),
            Person("Lucas Petit", "lucas@rivage.example", Role.LEARNER, "fr"),
        ),
        parent="cap-parole",
        language="fr",
        time_zone="Europe/Paris",
    ),
    Place(
        "growqr",
        "GrowQR",
        (
            Person("Ravi Menon", "ravi@growqr.example", Role.OWNER),
            Person("Aisha Khan", "aisha@growqr.example", Role.LEARNER),
        ),
        time_zone="Asia/Kolkata",
    ),
)


def seed() -> None:
    """Brings the demo up to date; what people did in it stays."""
    for place in PLACES:
        organization = _found(place)
        for person in place.people:
            _join(organization, person)
        with organization_scope(organization.id):
            stock()
            db.session.commit()


def _found(place: Place) -> Organization:
    with platform_scope():
        organization = find_organization(place.slug) or found_organization(
            slug=place.slug,
            name=place.name,
            kind=place.kind,
            parent=find_organization(place.parent) if place.parent else None,
            language=place.language,
            time_zone=place.time_zone,
        )
        db.session.commit()
        return organization


def _join(organization: Organization, person: Person) -> None:
    with platform_scope():
        identity = find_identity(person.email) or register_identity(
            email=person.email, name=person.name, language=person.language
        )
        db.session.commit()
    with organization_scope(organization.id):
        if find_member(identity.id) is None:
            add_member(identity, role=person.role, seat=person.seat)
        db.session.commit()
