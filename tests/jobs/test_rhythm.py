"""The schedule of assignments: weeks that open, mail that goes out once, and mail that has no point any more."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from icalendar import Calendar
from time_machine import travel

from roleplay.assignments import assigning, letters
from roleplay.assignments.models import Notice, Participant
from roleplay.attempts import lifecycle
from roleplay.attempts.models import EndReason, Mode
from roleplay.jobs.performing import perform
from roleplay.jobs.rhythm import keep_rhythm
from roleplay.ports import Email
from roleplay.scenarios import shelving
from tenants.db import db
from tenants.errors import ProviderFailed
from tenants.identities import Identity
from tenants.outbox import OutboxEntry
from tenants.scope import platform_scope
from tests.assigning import PARIS, WEDNESDAY, give, in_paris, in_use, sessions_of
from tests.cast import Cast
from tests.jobs.conftest import KeptMail
from tests.practice import as_member, member_of

DAY = timedelta(days=1)
FRIDAY_NINE = WEDNESDAY.astimezone(ZoneInfo(PARIS)).replace(hour=9) + 2 * DAY


def work(app: Flask, cast: Cast) -> None:
    """Performs everything that waits in Acme, as workers would."""
    with as_member(app, cast.anna):
        waiting = [str(entry.id) for entry in db.session.query(OutboxEntry).filter_by(done_at=None)]
    with app.app_context():
        for entry in waiting:
            perform(str(cast.anna.organization_id), entry)


def tick(app: Flask, cast: Cast) -> None:
    """A minute of the scheduler, and the work that it leaves."""
    with app.app_context():
        keep_rhythm()
    work(app, cast)


def subjects(mail: KeptMail) -> list[tuple[str, str]]:
    return [(email.to.split("@")[0], email.subject) for email in mail.sent]


@pytest.fixture
def weekly(app: Flask, cast: Cast, mail: KeptMail) -> None:
    """Lea practises twice a week since Wednesday, and has her invitation."""
    with travel(WEDNESDAY, tick=False):
        with as_member(app, cast.anna) as anna:
            in_paris(anna)
            give(in_use(anna), [member_of(cast.lea)], by=anna, per_week=2)
            db.session.commit()
        work(app, cast)


def test_an_invitation_says_who_what_until_when_and_carries_the_deadline(
    app: Flask, cast: Cast, mail: KeptMail, weekly: None
) -> None:
    (email,) = mail.sent
    assert (email.to, email.subject) == ("lea@example.com", "Practise “The missed deadline”")
    for words in ("Anna invites you", "2 times a week", "Sunday 22 November, 23:59", "Take your time."):
        assert words in email.text and words in email.html
    assert "/o/acme/sessions" in email.text
    event = event_of(email)
    assert event["dtstart"].dt.isoformat() == "2026-11-22"
    assert str(event["uid"]).endswith("-20261116@localhost")
    assert len(event.subcomponents) == 1


def event_of(email: Email) -> Calendar:
    (attachment,) = email.attachments
    assert (attachment.filename, attachment.media_type) == ("practice.ics", "text/calendar; method=PUBLISH")
    (event,) = Calendar.from_ical(attachment.content).walk("VEVENT")
    return event


def test_an_invitation_is_in_the_language_and_time_zone_of_its_reader(app: Flask, cast: Cast, mail: KeptMail) -> None:
    with app.app_context(), platform_scope():
        lea = db.session.get_one(Identity, cast.lea.identity_id)
        lea.language, lea.time_zone = "fr", "Asia/Kolkata"
        db.session.commit()
    with travel(WEDNESDAY, tick=False):
        with as_member(app, cast.anna) as anna:
            in_paris(anna)
            give(in_use(anna), [member_of(cast.lea)], by=anna, per_week=1)
            db.session.commit()
        work(app, cast)
    assert "lundi 23 novembre" in mail.sent[0].text
    assert event_of(mail.sent[0])["dtstart"].dt.isoformat() == "2026-11-23"
    assert str(event_of(mail.sent[0])["uid"]).endswith("-20261116@localhost")


def test_a_session_without_deadline_has_no_file_for_calendars(app: Flask, cast: Cast, mail: KeptMail) -> None:
    with as_member(app, cast.anna) as anna:
        give(in_use(anna), [member_of(cast.lea)], by=anna)
        (session,) = sessions_of(member_of(cast.lea))
        db.session.commit()
    work(app, cast)
    assert not mail.sent[0].attachments
    assert f"/o/acme/sessions/{session.id}" in mail.sent[0].text


def test_one_reminder_comes_before_the_deadline_and_one_after_however_often_the_clock_ticks(
    app: Flask, cast: Cast, mail: KeptMail, weekly: None
) -> None:
    mail.sent.clear()
    for moment in (FRIDAY_NINE - timedelta(minutes=1), FRIDAY_NINE, FRIDAY_NINE + DAY, FRIDAY_NINE + 3 * DAY):
        with travel(moment, tick=False):
            tick(app, cast)
            tick(app, cast)
    assert subjects(mail) == [
        ("lea", "Still to practise: “The missed deadline”"),
        ("lea", "The deadline of “The missed deadline” has passed"),
    ]
    assert "2 sessions to practise" in mail.sent[0].text
    first, second = (str(event_of(email)["uid"]) for email in mail.sent)
    assert first == second


@pytest.mark.parametrize("what", ["completed", "removed", "left"])
def test_reminders_stop_on_completion_removal_and_departure(
    app: Flask, cast: Cast, mail: KeptMail, weekly: None, what: str
) -> None:
    mail.sent.clear()
    with as_member(app, cast.anna) as anna, travel(WEDNESDAY + DAY, tick=False):
        lea = member_of(cast.lea)
        if what == "completed":
            for session in sessions_of(lea):
                attempt = lifecycle.start(session.version, by=lea, practice_session=session, mode=Mode.TEXT)
                lifecycle.complete(attempt, reason=EndReason.LEARNER, by=lea)
                db.session.query(OutboxEntry).filter_by(job="evaluate_attempt").delete()
        elif what == "removed":
            assigning.remove(db.session.query(Participant).one(), by=anna)
        else:
            lea.deactivated_at = WEDNESDAY + DAY
        db.session.commit()
    for moment in (FRIDAY_NINE, FRIDAY_NINE + 3 * DAY):
        with travel(moment, tick=False):
            tick(app, cast)
    farewell = [("lea", "You need not practise “The missed deadline” any more")] if what == "removed" else []
    assert subjects(mail) == farewell


def test_what_was_queued_before_the_practice_is_not_sent_after_it(
    app: Flask, cast: Cast, mail: KeptMail, weekly: None
) -> None:
    mail.sent.clear()
    with travel(FRIDAY_NINE, tick=False):
        with app.app_context():
            keep_rhythm()
        with as_member(app, cast.anna) as anna:
            assigning.remove(db.session.query(Participant).one(), by=anna)
            db.session.commit()
        work(app, cast)
    assert subjects(mail) == [("lea", "You need not practise “The missed deadline” any more")]


def test_a_mail_server_that_was_away_is_tried_again_and_the_mail_goes_out_once(
    app: Flask, cast: Cast, mail: KeptMail
) -> None:
    mail.refusal = ProviderFailed(recoverable=True)
    with as_member(app, cast.anna) as anna:
        give(in_use(anna), [member_of(cast.lea)], by=anna)
        db.session.commit()
    work(app, cast)
    mail.refusal = None
    work(app, cast)
    work(app, cast)
    assert len(mail.sent) == 1
    with as_member(app, cast.anna):
        notice = db.session.query(Notice).one()
        assert notice.sent_at and letters.letter_for(notice.id) is None


def test_a_new_week_opens_by_itself_and_only_once(app: Flask, cast: Cast, mail: KeptMail, weekly: None) -> None:
    monday = WEDNESDAY + 5 * DAY
    with travel(monday, tick=False):
        with app.app_context():
            keep_rhythm()
            keep_rhythm()
        with as_member(app, cast.anna):
            assert db.session.query(OutboxEntry).filter_by(job="open_week", done_at=None).count() == 1
        work(app, cast)
        tick(app, cast)
        with as_member(app, cast.anna):
            assert db.session.query(OutboxEntry).filter_by(job="open_week").count() == 1
            assert len(sessions_of(member_of(cast.lea))) == 4


def test_nobody_is_told_of_the_missed_deadline_of_an_archived_scenario(app: Flask, cast: Cast, mail: KeptMail) -> None:
    with travel(WEDNESDAY, tick=False):
        with as_member(app, cast.anna) as anna:
            in_paris(anna)
            scenario = in_use(anna)
            give(scenario, [member_of(cast.lea)], by=anna, per_week=1)
            shelving.archive(scenario, by=anna)
            db.session.commit()
        work(app, cast)
    mail.sent.clear()
    with travel(FRIDAY_NINE + 3 * DAY, tick=False):
        tick(app, cast)
    assert not mail.sent
