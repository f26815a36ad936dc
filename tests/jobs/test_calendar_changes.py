"""A deadline that moves or goes: what the participant is told, and what becomes of the entry in their calendar."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from flask import Flask
from icalendar import Calendar
from time_machine import travel

from roleplay.assignments import assigning, deadlines
from roleplay.assignments.models import Assignment, Participant
from roleplay.attempts import lifecycle
from roleplay.attempts.models import EndReason, Mode
from roleplay.ports import Email
from roleplay.providers.messages import to_message
from roleplay.scenarios import shelving
from roleplay.scenarios.models import Scenario
from tenants.db import db
from tenants.members import Member
from tenants.outbox import OutboxEntry
from tests.assigning import WEDNESDAY, give, in_paris, in_use, sessions_of
from tests.cast import Cast
from tests.jobs.conftest import KeptMail
from tests.jobs.test_rhythm import subjects, tick, work
from tests.practice import as_member, member_of

DAY = timedelta(days=1)
FIRST, LATER = WEDNESDAY + 9 * DAY, WEDNESDAY + 12 * DAY
Said = tuple[str, str, int]


def entry_of(email: Email) -> Said:
    """Method, UID and sequence of the one entry that the file is about."""
    (attachment,) = email.attachments
    calendar = Calendar.from_ical(attachment.content)
    (event,) = calendar.walk("VEVENT")
    assert attachment.media_type == f"text/calendar; method={calendar['method']}"
    assert str(event["organizer"]) == "mailto:practice@localhost"
    return str(calendar["method"]), str(event["uid"]), int(event["sequence"])


@pytest.fixture
def once(app: Flask, cast: Cast, mail: KeptMail) -> UUID:
    """Lea has nine days for one session, and her invitation."""
    with travel(WEDNESDAY, tick=False):
        with as_member(app, cast.anna) as anna:
            in_paris(anna)
            scenario = in_use(anna)
            assigning.invite(scenario, [member_of(cast.lea)], deadline_at=FIRST, by=anna)
            db.session.commit()
            scenario_id = scenario.id
        work(app, cast)
    return scenario_id


def later(app: Flask, cast: Cast, change: Callable[[Member], object], at: datetime = WEDNESDAY + DAY) -> None:
    """A change by the author, and the mail that it causes."""
    with travel(at, tick=False):
        with as_member(app, cast.anna) as anna:
            change(anna)
            db.session.commit()
        work(app, cast)


def move(deadline_at: datetime | None) -> Callable[[Member], object]:
    return lambda by: deadlines.move_deadline(db.session.query(Assignment).one(), deadline_at, by=by)


def remove(by: Member) -> None:
    assigning.remove(db.session.query(Participant).one(), by=by)


def test_a_moved_deadline_moves_the_entry_there_and_back(app: Flask, cast: Cast, mail: KeptMail, once: UUID) -> None:
    for deadline in (LATER, FIRST, LATER):
        later(app, cast, move(deadline))
    assert [subject for _, subject in subjects(mail)[1:]] == ["Another deadline for “The missed deadline”"] * 3
    assert "Monday 30 November" in mail.sent[1].text and "Friday 27 November" in mail.sent[2].text
    entries = [entry_of(email) for email in mail.sent]
    assert {(method, uid) for method, uid, _ in entries} == {("PUBLISH", entries[0][1])}
    assert [sequence for *_, sequence in entries] == [1, 2, 3, 4]


def test_the_same_deadline_again_changes_nothing(app: Flask, cast: Cast, mail: KeptMail, once: UUID) -> None:
    later(app, cast, move(FIRST))
    assert len(mail.sent) == 1


def test_a_lifted_deadline_is_taken_out_of_the_calendar_and_can_be_set_again(
    app: Flask, cast: Cast, mail: KeptMail, once: UUID
) -> None:
    later(app, cast, move(None))
    later(app, cast, move(LATER))
    assert [subject for _, subject in subjects(mail)[1:]] == [
        "“The missed deadline” has no deadline any more",
        "Another deadline for “The missed deadline”",
    ]
    (_, uid, _), *changes = [entry_of(email) for email in mail.sent]
    assert changes == [("CANCEL", uid, 2), ("PUBLISH", uid, 3)]
    with as_member(app, cast.lea) as lea:
        assert [session.deadline_at for session in sessions_of(lea)] == [LATER]


def test_reminders_follow_the_deadline_that_holds(app: Flask, cast: Cast, mail: KeptMail, once: UUID) -> None:
    later(app, cast, move(LATER))
    mail.sent.clear()
    for day in range(2, 15):
        with travel(WEDNESDAY + day * DAY, tick=False):
            tick(app, cast)
    assert [subject for _, subject in subjects(mail)] == [
        "Still to practise: “The missed deadline”",
        "The deadline of “The missed deadline” has passed",
    ]
    assert "Monday 30 November" in mail.sent[0].text


def test_the_news_of_a_deadline_that_is_near_is_its_reminder(
    app: Flask, cast: Cast, mail: KeptMail, once: UUID
) -> None:
    later(app, cast, move(WEDNESDAY + 2 * DAY))
    with travel(WEDNESDAY + DAY, tick=False):
        tick(app, cast)
    assert len(mail.sent) == 2


@pytest.mark.parametrize("per_week", [None, 2])
def test_a_removed_participant_loses_the_entry_and_gets_a_newer_one_when_invited_again(
    app: Flask, cast: Cast, mail: KeptMail, per_week: int | None
) -> None:
    def begin(by: Member) -> None:
        in_paris(by)
        scenario = in_use(by)
        if per_week:
            give(scenario, [member_of(cast.lea)], by=by, per_week=per_week)
        else:
            assigning.invite(scenario, [member_of(cast.lea)], deadline_at=FIRST, by=by)

    def back(by: Member) -> None:
        assigning.invite(db.session.query(Scenario).one(), [member_of(cast.lea)], deadline_at=FIRST, by=by)

    for change in (begin, remove, back):
        later(app, cast, change)
    (_, uid, _), *changes = [entry_of(email) for email in mail.sent]
    assert changes == [("CANCEL", uid, 2), ("PUBLISH", uid, 3)]
    assert "stays yours to read" in mail.sent[1].html and "Practise now" not in mail.sent[1].html


@pytest.mark.parametrize("what", ["practised", "no deadline", "deadline passed", "never told"])
def test_whose_calendar_holds_nothing_is_not_written_to(app: Flask, cast: Cast, mail: KeptMail, what: str) -> None:
    def begin(by: Member) -> None:
        lea = member_of(cast.lea)
        deadline = {"no deadline": None, "deadline passed": WEDNESDAY + DAY}.get(what, FIRST)
        assigning.invite(in_use(by), [lea], deadline_at=deadline, by=by)
        if what == "practised":
            (session,) = sessions_of(lea)
            attempt = lifecycle.start(session.version, by=lea, practice_session=session, mode=Mode.TEXT)
            lifecycle.complete(attempt, reason=EndReason.LEARNER, by=lea)
            db.session.query(OutboxEntry).filter_by(job="evaluate_attempt").delete()
        if what == "never told":
            remove(by)

    later(app, cast, begin, at=WEDNESDAY)
    mail.sent.clear()
    later(app, cast, remove, at=WEDNESDAY + 2 * DAY)
    assert not mail.sent


def test_a_deleted_scenario_leaves_no_entry_behind(app: Flask, cast: Cast, mail: KeptMail, once: UUID) -> None:
    def delete(by: Member) -> None:
        scenario = db.session.query(Scenario).one()
        assigning.withdraw(scenario, by=by)
        shelving.delete(scenario, by=by)

    later(app, cast, delete)
    assert entry_of(mail.sent[-1])[0] == "CANCEL"


def test_a_mail_reader_is_told_what_kind_of_file_it_is(app: Flask, cast: Cast, mail: KeptMail, once: UUID) -> None:
    later(app, cast, move(None))
    (attached,) = to_message(mail.sent[-1], sender="Roleplay <practice@localhost>").iter_attachments()
    assert attached["Content-Type"].startswith("text/calendar")
    assert attached["Content-Type"].params["method"] == "CANCEL"
