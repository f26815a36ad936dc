"""The usage report: what is counted, what private practice never tells, and that counting ahead changes nothing."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event

from roleplay.attempts.models import Attempt
from roleplay.evaluations.erasing import delete_chat
from roleplay.reports.counting import STILL_OPEN, WEEK, count_weeks
from roleplay.reports.figures import period_of
from roleplay.reports.models import Rhythm
from roleplay.reports.people import SORTS, list_people
from roleplay.reports.subscribing import newest_period
from roleplay.reports.usage import Usage, usage_of
from tenants.clock import now
from tenants.db import db
from tests.cast import Cast
from tests.practice import as_member
from tests.reporting import TITLE, give, practise, report


def count(app: Flask, cast: Cast, at: datetime | None = None) -> None:
    with as_member(app, cast.anna):
        count_weeks(zone="UTC", at=at or now())
        db.session.commit()


def test_nothing_was_practised(app: Flask, cast: Cast) -> None:
    usage = report(app, cast)
    assert usage.is_empty and len(usage.weeks) == 4
    assert (usage.totals.score, usage.totals.completion, usage.people) == (None, None, [])


def test_assigned_practice_is_in_every_part(app: Flask, cast: Cast) -> None:
    version = give(app, cast, cast.lea, cast.leo, tags=("Service",))
    practise(app, cast.lea, version, score=60)
    practise(app, cast.lea, version, score=80)
    usage = report(app, cast)
    totals = usage.totals
    assert (totals.sessions, totals.attempts, totals.minutes, totals.people) == (1, 2, 12, 1)
    assert (totals.assigned, totals.completed, totals.completion, totals.score) == (2, 1, 50, 70)
    assert usage.weeks[-1].figures == totals and usage.weeks[0].figures.attempts == 0
    assert {
        line.label: (line.figures.attempts, line.figures.score, line.figures.completion) for line in usage.people
    } == {
        "Lea": (2, 70, 100),
        "Leo": (0, None, 0),
    }
    for lines in (usage.scenarios, usage.by_tag, usage.goals):
        assert [line.figures.score for line in lines] == [70]
    assert (usage.scenarios[0].label, usage.by_tag[0].label, usage.goals[0].note) == (TITLE, "Service", TITLE)


def test_private_practice_is_a_number_in_the_totals_and_nothing_more(app: Flask, cast: Cast) -> None:
    version = give(app, cast, cast.lea, tags=("Service",))
    practise(app, cast.lea, version, score=60)
    practise(app, cast.leo, version, score=0, private=True)
    usage = report(app, cast)
    assert (usage.totals.sessions, usage.totals.minutes, usage.totals.people) == (2, 12, 2)
    assert usage.totals.score == 60
    assert [line.label for line in usage.people] == ["Lea"]
    for lines in (usage.scenarios, usage.by_tag):
        assert [(line.figures.attempts, line.figures.score) for line in lines] == [(1, 60)]
    assert [(line.figures.scored, line.figures.score) for line in usage.goals] == [(1, 60)]


def test_no_filter_singles_out_private_practice(app: Flask, cast: Cast) -> None:
    practise(app, cast.leo, give(app, cast, tags=("Service",)), score=10, private=True)
    assert report(app, cast).totals.attempts == 1
    assert report(app, cast, tags=("Service",)).is_empty


def test_several_tags_narrow_together(app: Flask, cast: Cast) -> None:
    practise(app, cast.lea, give(app, cast, cast.lea, tags=("Service", "New hires")), score=50)
    practise(app, cast.lea, give(app, cast, cast.lea, tags=("Service",)), score=90)
    assert report(app, cast, tags=("service",)).totals.score == 70
    assert report(app, cast, tags=("Service", "New hires")).totals.score == 50
    assert report(app, cast, tags=("Unknown",)).is_empty


@pytest.mark.parametrize("tags", [(), ("Service",)])
def test_counting_the_weeks_ahead_changes_no_figure(app: Flask, cast: Cast, tags: tuple[str, ...]) -> None:
    version = give(app, cast, cast.lea, cast.leo, tags=("Service",))
    for weeks_ago, score in ((0, 40), (1, 60), (3, 80), (9, 100)):
        practise(app, cast.lea, version, score=score, at=now() - WEEK * weeks_ago)
        practise(app, cast.leo, version, score=5, private=True, at=now() - WEEK * weeks_ago)

    def reports() -> list[Usage]:
        return [replace(report(app, cast, weeks=weeks, tags=tags), as_of=None) for weeks in (4, 12)]

    live = reports()
    for at in (now() - timedelta(days=3), now(), now(), now() + timedelta(days=1)):
        count(app, cast, at)
        assert reports() == live


def test_what_happens_after_the_count_is_in_the_report(app: Flask, cast: Cast) -> None:
    version = give(app, cast, cast.lea)
    practise(app, cast.lea, version, score=60, at=now() - WEEK)
    count(app, cast)
    practise(app, cast.lea, version, score=80)
    assert report(app, cast).totals.attempts == 2


def test_one_organization_says_nothing_of_another(app: Flask, cast: Cast) -> None:
    practise(app, cast.lea, give(app, cast, cast.lea), score=60)
    with as_member(app, cast.bea):
        assert usage_of(period_of(4, zone="UTC"), zone="UTC").is_empty


def test_a_week_begins_on_monday_in_the_time_zone_of_the_organization() -> None:
    sunday_night = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    assert period_of(4, zone="UTC", at=sunday_night).until == date(2026, 11, 23)
    assert period_of(4, zone="Europe/Paris", at=sunday_night).until == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("rhythm", "today", "since", "until"),
    [
        (Rhythm.WEEKLY, date(2026, 11, 23), date(2026, 11, 16), date(2026, 11, 23)),
        (Rhythm.WEEKLY, date(2026, 11, 29), date(2026, 11, 16), date(2026, 11, 23)),
        (Rhythm.MONTHLY, date(2026, 12, 6), date(2026, 10, 5), date(2026, 11, 2)),
        (Rhythm.MONTHLY, date(2026, 12, 7), date(2026, 11, 2), date(2026, 12, 7)),
        (Rhythm.MONTHLY, date(2027, 1, 5), date(2026, 12, 7), date(2027, 1, 4)),
    ],
)
def test_the_newest_week_or_month_that_is_over(rhythm: Rhythm, today: date, since: date, until: date) -> None:
    period = newest_period(rhythm, today)
    assert (period.since, period.until) == (since, until)


def test_a_report_asks_the_same_number_of_questions_however_much_there_is(app: Flask, cast: Cast) -> None:
    asked: list[str] = []

    def hear(*arguments: object) -> None:
        asked.append(str(arguments[2]))

    def questions() -> int:
        asked.clear()
        assert report(app, cast)
        return len(asked)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", hear)
    try:
        before = questions()
        for _each in range(5):
            practise(app, cast.lea, give(app, cast, cast.lea, cast.leo, tags=("Service",)), score=50)
        assert questions() == before
    finally:
        event.remove(engine, "before_cursor_execute", hear)


def test_a_paused_conversation_counts_without_its_pauses(app: Flask, cast: Cast) -> None:
    practise(app, cast.lea, give(app, cast, cast.lea), score=50)
    with as_member(app, cast.anna):
        attempt = db.session.query(Attempt).one()
        attempt.paused_ms = int(timedelta(minutes=2).total_seconds() * 1000)
        db.session.commit()
    assert report(app, cast).totals.minutes == 4


def test_a_chat_that_is_deleted_leaves_what_took_place_and_takes_its_score(app: Flask, cast: Cast) -> None:
    practise(app, cast.lea, give(app, cast, cast.lea), score=60, at=now() - WEEK)
    count(app, cast)
    before = report(app, cast).totals
    with as_member(app, cast.adam) as adam:
        delete_chat(db.session.query(Attempt).one(), by=adam)
        db.session.commit()
    assert report(app, cast).totals == before
    count(app, cast)
    after = report(app, cast).totals
    assert after == replace(before, scored=0, score_sum=0)
    assert (after.completed, after.attempts, after.minutes, after.score) == (1, 1, 6, None)


def test_a_report_says_up_to_when_it_was_counted_ahead(app: Flask, cast: Cast) -> None:
    assert report(app, cast).as_of is None
    at = now()
    count(app, cast, at)
    assert report(app, cast).as_of == at - STILL_OPEN


def test_a_conversation_that_goes_on_during_the_count_is_in_the_report_when_it_ends(app: Flask, cast: Cast) -> None:
    version = give(app, cast, cast.lea)
    practise(app, cast.lea, version, score=60, at=now() - timedelta(hours=1))
    with as_member(app, cast.anna):
        attempt = db.session.query(Attempt).one()
        ended, attempt.ended_at = attempt.ended_at, None
        count_weeks(zone="UTC", at=now())
        attempt.ended_at = ended
        db.session.commit()
    assert report(app, cast).totals.attempts == 1


@pytest.mark.parametrize("sort", [*SORTS, *(f"-{key}" for key in SORTS)])
def test_the_people_are_sorted_by_every_column(app: Flask, cast: Cast, sort: str) -> None:
    version = give(app, cast, cast.lea, cast.leo, cast.anna)
    for person, scores in ((cast.lea, (20, 30)), (cast.leo, (90,))):
        for score in scores:
            practise(app, person, version, score=score)
    with as_member(app, cast.anna):
        rows = list_people(period_of(4, zone="UTC"), zone="UTC", sort=sort).rows
    key = sort.removeprefix("-")
    of = {"name": lambda line: line.label, "minutes": lambda line: line.figures.seconds}
    values = [of.get(key, lambda line: getattr(line.figures, key))(line) for line in rows]
    known = [value for value in values if value is not None]
    assert len(rows) == 3 and known == sorted(known, reverse=sort.startswith("-"))
    assert values[: len(known)] == known


def test_many_people_come_page_by_page_each_once(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    version = give(app, cast, cast.lea, cast.leo, cast.anna)
    practise(app, cast.lea, version, score=60)
    monkeypatch.setattr("roleplay.reports.people.PAGE", 2)
    with as_member(app, cast.anna):
        period = period_of(4, zone="UTC")
        pages = [list_people(period, zone="UTC", page=number) for number in (1, 2, 99)]
    assert [(page.page, page.pages, page.total) for page in pages] == [(1, 2, 3), (2, 2, 3), (2, 2, 3)]
    assert pages[1] == pages[2]
    names = [line.label for page in pages[:2] for line in page.rows]
    assert names[0] == "Lea" and sorted(names) == ["Anna", "Lea", "Leo"]
