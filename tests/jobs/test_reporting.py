"""Reports by the clock: e-mails once for each period, the nightly count, and exports that fail or grow old."""

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from rq import Queue
from sqlalchemy import update

from roleplay.jobs import reporting
from roleplay.jobs.performing import perform
from roleplay.reports import exports, subscribing
from roleplay.reports.counting import WEEK
from roleplay.reports.models import ExportStatus, Format, ReportExport, ReportSubscription, Rhythm, UsageWeek
from roleplay.reports.tables import harmless
from tenants.clock import now
from tenants.db import db
from tenants.outbox import OutboxEntry
from tenants.permissions import Role
from tests.cast import Cast
from tests.jobs.conftest import KeptMail
from tests.practice import as_member
from tests.reporting import TITLE, give, practise


def queued(app: Flask, cast: Cast, job: str) -> list[UUID]:
    with as_member(app, cast.carl):
        return [row.id for row in db.session.query(OutboxEntry).filter_by(job=job, done_at=None)]


def tick(app: Flask, cast: Cast, job: str) -> list[UUID]:
    """What the scheduler queues, performed; the entries of this job."""
    with app.app_context():
        reporting.queue_reports()
    entries = queued(app, cast, job)
    with app.app_context():
        for entry in entries:
            perform(str(cast.carl.organization_id), str(entry))
    return entries


@pytest.fixture
def subscribed(app: Flask, cast: Cast) -> None:
    """Carl chose the weekly report two weeks ago, and something was practised last week."""
    practise(app, cast.lea, give(app, cast, cast.lea), score=73, at=now() - WEEK)
    with as_member(app, cast.carl) as carl:
        subscribing.subscribe(carl, Rhythm.WEEKLY, zone="UTC")
        db.session.execute(update(ReportSubscription).values(sent_for=ReportSubscription.sent_for - timedelta(days=7)))
        db.session.commit()


def test_the_weekly_report_comes_once(app: Flask, cast: Cast, mail: KeptMail, queue: Queue, subscribed: None) -> None:
    assert len(tick(app, cast, "send_usage_report")) == 1
    assert not tick(app, cast, "send_usage_report")
    (email,) = mail.sent
    assert (email.to, email.subject) == ("carl@example.com", "Practice at Acme Manufacturing")
    assert "Minutes practised: 6" in email.text and "Average score: 73" in email.text
    assert "http://localhost/o/acme/reports" in email.html


def test_a_new_subscription_waits_for_the_end_of_the_week(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    with as_member(app, cast.carl) as carl:
        subscribing.subscribe(carl, Rhythm.MONTHLY, zone="UTC")
        db.session.commit()
    assert not tick(app, cast, "send_usage_report")


def test_whoever_lost_the_right_gets_no_report(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue, subscribed: None
) -> None:
    with as_member(app, cast.carl) as carl:
        carl.role = Role.LEARNER
        db.session.commit()
    tick(app, cast, "send_usage_report")
    assert not mail.sent


def test_the_weeks_are_counted_once_a_day(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue, subscribed: None
) -> None:
    assert len(tick(app, cast, "count_usage")) == 1
    with as_member(app, cast.carl):
        assert db.session.query(UsageWeek).count() >= 1
    assert not tick(app, cast, "count_usage")


def test_an_export_that_fails_says_so(
    app: Flask, cast: Cast, mail: KeptMail, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with as_member(app, cast.carl) as carl:
        export = exports.ask_for_export(Format.PDF, weeks=4, tags=[], by=carl)
        db.session.commit()
        db.session.query(OutboxEntry).update({"tries": 4})
        db.session.commit()

    def broken(*_arguments: object, **_options: object) -> bytes:
        raise OSError

    monkeypatch.setattr(exports, "write", broken)
    (entry,) = queued(app, cast, "export_report")
    with app.app_context():
        perform(str(cast.carl.organization_id), str(entry))
    with as_member(app, cast.carl):
        assert db.session.query(ReportExport).filter_by(id=export.id).one().status == ExportStatus.FAILED


def test_an_old_export_goes_with_its_file(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    files = app.extensions["files"]
    with as_member(app, cast.carl) as carl:
        export = exports.ask_for_export(Format.CSV, weeks=4, tags=[], by=carl)
        reporting.export_report(str(export.id))
        assert files.read(export.key)
        export.expires_at = now()
        db.session.commit()
        reporting.count_usage()
        db.session.commit()
        assert files.read(export.key) is None and not db.session.query(ReportExport).count()


def test_a_french_spreadsheet_is_cut_by_semicolons(app: Flask, cast: Cast, mail: KeptMail, queue: Queue) -> None:
    practise(app, cast.lea, give(app, cast, cast.lea), score=73)
    with as_member(app, cast.carl) as carl:
        carl.identity.language = "fr"
        export = exports.ask_for_export(Format.CSV, weeks=4, tags=[], by=carl)
        reporting.export_report(str(export.id))
        file = app.extensions["files"].read(export.key)
        assert f";{TITLE};" in file.decode("utf-8-sig")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\rx"])
def test_no_cell_is_a_formula(text: str) -> None:
    assert harmless(text) == f"'{text}"
    assert harmless("plain") == "plain" and harmless(-3) == -3
