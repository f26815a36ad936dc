"""Contacts: private until they are shared, and the way from a contact to a rehearsal."""

from uuid import UUID

import pytest
from flask import Flask

from roleplay.assignments.models import PracticeSession
from roleplay.scenarios.contacts import Contact
from tenants.db import db
from tenants.members import Member
from tenants.permissions import Seat
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read

INES = {"name": "Ines Prado", "job": "Head of buying", "company": "Norda", "notes": "Likes numbers.\nHates slides."}


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


@pytest.fixture
def contact(lea: Browser) -> str:
    """The address of a contact of Lea's own."""
    return str(lea.post("/o/acme/contacts", INES).location)


def test_a_contact_is_kept_and_shown(lea: Browser, contact: str) -> None:
    words = read(lea.get(contact)).words
    for said in ("Ines Prado", "Head of buying, Norda", "Likes numbers. Hates slides.", "Only you see this contact"):
        assert said in words
    assert "1 contact" in read(lea.get("/o/acme/contacts")).words
    assert "No contact matches" in read(lea.get("/o/acme/contacts?q=zebra")).words
    assert "Ines" in read(lea.get("/o/acme/contacts?q=norda+ines")).words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": " "}, "Enter a name."),
        ({"name": "x" * 201}, "Use at most 200 characters."),
        ({"notes": "x" * 10_001}, "Use at most 10000 characters."),
        ({"linkedin_url": "https://evil.example/in/x"}, "A LinkedIn address begins with"),
        ({"linkedin_url": "javascript:alert(1)"}, "This is not a web address."),
    ],
)
def test_a_refused_answer_is_said_at_its_field_and_nothing_is_lost(
    lea: Browser, changes: dict[str, str], words: str
) -> None:
    answer = lea.post("/o/acme/contacts", {**INES, **changes})
    assert answer.status_code == 422
    page = read(answer)
    assert words in page.words and page.value_of("company") == "Norda"


def test_what_is_typed_is_shown_as_it_is(lea: Browser) -> None:
    for name in ("<b>Bold</b>", "مريم", "👩🏽‍🚀 Ada"):
        page = lea.get(str(lea.post("/o/acme/contacts", {"name": name}).location))
        assert name in read(page).words and "<b>Bold" not in page.text


def test_a_contact_is_private_until_it_is_shared(lea: Browser, enter: Enter, cast: Cast, contact: str) -> None:
    others = [enter(person) for person in (cast.leo, cast.adam)]
    for other in others:
        assert other.get(contact).status_code == 404
        assert "Ines" not in read(other.get("/o/acme/contacts")).words
    assert lea.post(contact, {**INES, "is_shared": "y"}).status_code == 303
    for other in others:
        assert "Shared by Lea" in read(other.get(contact)).words
    leo, adam = others
    refused = leo.post(contact, INES)
    assert refused.status_code == 403 and "shared by somebody else" in read(refused).words
    assert leo.post(f"{contact}/deletion").status_code == 403
    assert adam.post(contact, {**INES, "is_shared": "y"}).status_code == 303


def test_create_roleplay_is_filled_in_from_the_contact_and_skips_the_persona(
    lea: Browser, app: Flask, cast: Cast, contact: str
) -> None:
    details = str(lea.post(f"{contact}/sessions").location)
    page = read(lea.get(details))
    assert "Step 1 of 3" in page.words and "You rehearse with Ines Prado" in page.words
    assert "Persona mapping" not in page.words
    after = lea.post(
        details, {"title": "Before Thursday", "type": "sales", "language": "en", "time_limit_minutes": "5"}
    )
    assert after.location and after.location.endswith("/personality")
    last = after.location.replace("personality", "evaluation")
    room = lea.post(last, {"do": "start:text"})
    assert room.location and room.location.endswith("/room")
    page = read(lea.get(f"{contact}?part=roleplay"))
    assert "Before Thursday" in page.words and "1 session" in page.words and "To do" in page.words
    with as_member(app, cast.lea):
        persona = db.session.query(PracticeSession).one().version.content.persona
        assert (persona.name, persona.job, persona.organization) == ("Ines Prado", "Head of buying", "Norda")
        assert persona.profile_text == "Likes numbers.\nHates slides."


def test_sessions_with_a_shared_contact_are_seen_by_their_learner_alone(
    lea: Browser, enter: Enter, cast: Cast, contact: str
) -> None:
    lea.post(contact, {**INES, "is_shared": "y"})
    details = str(lea.post(f"{contact}/sessions").location)
    lea.post(details, {"title": "Mine alone", "type": "sales", "language": "en", "time_limit_minutes": "5"})
    lea.post(details.replace("details", "evaluation"), {"do": "start:text"})
    for person in (cast.leo, cast.olivia):
        assert "Mine alone" not in read(enter(person).get(f"{contact}?part=roleplay")).words
        assert enter(person).get(details).status_code == 404


def test_deleting_a_contact_removes_it_and_keeps_the_sessions(
    lea: Browser, app: Flask, cast: Cast, contact: str
) -> None:
    details = str(lea.post(f"{contact}/sessions").location)
    lea.post(details, {"title": "Kept", "type": "career", "language": "fr", "time_limit_minutes": "5"})
    lea.post(details.replace("details", "evaluation"), {"do": "start:text"})
    assert lea.post(f"{contact}/deletion").status_code == 303
    assert lea.get(contact).status_code == 404
    with as_member(app, cast.lea):
        assert not db.session.query(Contact).count()
        session = db.session.query(PracticeSession).one()
        assert (session.persona_name, session.version.scenario.contact_id) == ("Ines Prado", None)
    assert "Kept" in read(lea.get("/o/acme/sessions")).words


def test_a_read_only_seat_is_told_in_a_clear_sentence(
    lea: Browser, app: Flask, cast: Cast, contact: str, scenario: UUID
) -> None:
    with as_member(app, cast.lea) as member:
        member.seat = Seat.READ_ONLY
        assert db.session.query(Member).filter_by(seat=Seat.READ_ONLY).count() == 1
        db.session.commit()
    for path in ("contacts", "sessions", f"catalog/{scenario}"):
        words = read(lea.get(f"/o/acme/{path}")).words
        assert "read-only seat" in words and "ask someone who administers" in words
    for refused in (
        lea.get("/o/acme/contacts/new"),
        lea.post("/o/acme/contacts", INES),
        lea.post("/o/acme/sessions"),
        lea.post(f"{contact}/sessions"),
        lea.post(f"/o/acme/catalog/{scenario}/attempts"),
    ):
        assert refused.status_code == 403
        assert "Your seat is read-only" in read(refused).words
    assert lea.get(contact).status_code == 200
