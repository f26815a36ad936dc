"""The report page, its filters, its exports and its e-mail."""

from uuid import UUID

import pytest
from flask import Flask

from roleplay.jobs.performing import perform
from roleplay.reports.counting import count_weeks
from roleplay.reports.models import ReportExport, ReportSubscription
from tenants.clock import now
from tenants.db import db
from tenants.outbox import OutboxEntry
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member
from tests.reporting import TITLE, give, practise
from tests.web.reading import read

REPORTS = "/o/acme/reports"


@pytest.fixture
def carl(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.carl)


@pytest.fixture
def practised(app: Flask, cast: Cast) -> UUID:
    version = give(app, cast, cast.lea, cast.leo, tags=("Service",))
    practise(app, cast.lea, version, score=73)
    practise(app, cast.leo, version, score=11, private=True)
    return version


def work(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.carl):
        waiting = [str(row.id) for row in db.session.query(OutboxEntry).filter_by(job="export_report", done_at=None)]
    with app.app_context():
        for entry in waiting:
            perform(str(cast.carl.organization_id), entry)


def exported(app: Flask, cast: Cast, browser: Browser, kind: str, **fields: str) -> str:
    """The address of an export that is ready."""
    location = browser.post(f"{REPORTS}/exports", {"format": kind, **fields}).location
    work(app, cast)
    return str(location)


def test_a_coach_reads_what_was_practised(carl: Browser, practised: UUID) -> None:
    words = read(carl.get(REPORTS)).words
    for said in ("Active people 2", "Minutes practised 12", TITLE, "Lea", "Service", "73"):
        assert said in words
    assert "11" not in read(carl.get(REPORTS)).words.replace("2026", "").split()


def test_a_learner_is_told_whom_reports_are_for(enter: Enter, cast: Cast) -> None:
    answer = enter(cast.lea).get(REPORTS)
    assert answer.status_code == 403 and "Reports are for full members" in answer.text
    assert REPORTS not in enter(cast.lea).get("/o/acme/").text


def test_an_empty_report_says_what_is_missing(carl: Browser) -> None:
    assert "Nobody practised in this period" in carl.get(REPORTS).text


def test_period_and_tags_are_in_the_address(carl: Browser, practised: UUID) -> None:
    page = carl.get(f"{REPORTS}?weeks=26&tag=Service")
    assert 'value="26" selected' in page.text and "Active people 1" in read(page).words
    nobody = carl.get(f"{REPORTS}?tag=Other")
    assert "Nobody practised this yet" in nobody.text
    for wrong in ("weeks=0", "weeks=x", "weeks=999999999999", "tag=" + "x" * 5000, "tag=%22%3E%3Cb%3E"):
        assert carl.get(f"{REPORTS}?{wrong}").status_code == 200, wrong


def test_the_people_have_a_table_with_the_period_and_the_tags(carl: Browser, practised: UUID) -> None:
    assert f'href="{REPORTS}/people?weeks=4&amp;tag=Service"' in carl.get(f"{REPORTS}?weeks=4&tag=Service").text
    page = carl.get(f"{REPORTS}/people?weeks=4&tag=Service&sort=name")
    words = read(page).words
    assert "2 people" in words and words.index("Lea 1 1 6 1 / 1") < words.index("Leo 0 0 0 0 / 1")
    assert "tag=Service&amp;sort=-name" in page.text and 'aria-sort="ascending"' in page.text
    for wrong in ("weeks=x", "sort=password", "page=0", "page=x", "page=99999999", "tag=" + "x" * 5000):
        assert carl.get(f"{REPORTS}/people?{wrong}").status_code == 200, wrong
    assert "Nobody practised in this period" in carl.get(f"{REPORTS}/people?tag=Other").text


def test_the_people_are_for_full_members(enter: Enter, cast: Cast) -> None:
    assert enter(cast.lea).get(f"{REPORTS}/people").status_code == 403


def test_the_report_says_up_to_when_it_was_counted(app: Flask, cast: Cast, carl: Browser, practised: UUID) -> None:
    assert "Counted up to" not in carl.get(REPORTS).text
    with as_member(app, cast.carl):
        count_weeks(zone="UTC")
        db.session.commit()
    assert "Counted up to" in read(carl.get(REPORTS)).words


def test_a_fragment_is_the_part_that_a_filter_changes(carl: Browser, practised: UUID) -> None:
    fragment = carl.get(f"{REPORTS}?weeks=4", headers={"HX-Request": "true"}).text
    assert fragment.strip().startswith('<div id="report"') and "<html" not in fragment


@pytest.mark.parametrize("kind", ["csv", "xlsx", "pdf"])
def test_an_export_is_made_and_downloaded(app: Flask, cast: Cast, carl: Browser, practised: UUID, kind: str) -> None:
    location = str(carl.post(f"{REPORTS}/exports", {"format": kind, "weeks": "4"}).location)
    waiting = carl.get(location).text
    assert "Your file is being made" in waiting and 'hx-trigger="every 1s"' in waiting
    assert carl.get(f"{location}/file").status_code == 404
    work(app, cast)
    assert "Your file is ready" in carl.get(location).text
    file = carl.get(f"{location}/file")
    assert file.status_code == 200 and f".{kind}" in file.headers["Content-Disposition"]
    assert "no-store" in file.headers["Cache-Control"]
    assert file.data.startswith({"csv": "\ufeff".encode(), "xlsx": b"PK", "pdf": b"%PDF"}[kind])


def test_an_export_holds_no_private_score(app: Flask, cast: Cast, carl: Browser, practised: UUID) -> None:
    table = carl.get(f"{exported(app, cast, carl, 'csv')}/file").data.decode("utf-8-sig")
    assert "Lea,,1,1,6,,1,1,100,73" in table
    assert "Leo,,0,0,0,,1,0,0," in table and ",11" not in table


def test_colleagues_share_an_export_and_learners_have_none(
    app: Flask, cast: Cast, carl: Browser, enter: Enter, practised: UUID
) -> None:
    location = exported(app, cast, carl, "csv")
    assert enter(cast.adam).get(f"{location}/file").status_code == 200
    for person in (cast.lea, cast.bea):
        assert enter(person).get(f"{location}/file").status_code == 404


def test_an_export_expires(app: Flask, cast: Cast, carl: Browser, practised: UUID) -> None:
    location = exported(app, cast, carl, "csv")
    with as_member(app, cast.carl):
        db.session.query(ReportExport).update({"expires_at": now()})
        db.session.commit()
    assert carl.get(f"{location}/file").status_code == carl.get(location).status_code == 404


def test_the_report_by_mail_is_chosen_and_ended(app: Flask, cast: Cast, carl: Browser) -> None:
    carl.post(f"{REPORTS}/subscription", {"rhythm": "weekly"})
    assert 'value="weekly" selected' in carl.get(REPORTS).text
    carl.post(f"{REPORTS}/subscription", {"rhythm": "monthly"})
    assert 'value="monthly" selected' in carl.get(REPORTS).text
    carl.post(f"{REPORTS}/subscription", {"rhythm": ""})
    with as_member(app, cast.carl):
        assert not db.session.query(ReportSubscription).count()
