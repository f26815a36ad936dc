"""Counting ahead says what counting by hand says: for practice of every kind, at every moment, in every time zone."""

import random
from collections import Counter, defaultdict
from dataclasses import astuple, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from roleplay.assignments.models import PracticeSession
from roleplay.assignments.weeks import week_of
from roleplay.attempts.models import Attempt, AttemptStatus, Mode
from roleplay.evaluations.models import Evaluation
from roleplay.reports.counting import count_weeks
from roleplay.reports.figures import Figures, Period, added, period_of
from roleplay.reports.models import GoalPeriod, GoalWeek, MemberPeriod, ScenarioWeek, UsageCount, UsageWeek
from roleplay.reports.people import list_people
from roleplay.reports.usage import Usage, usage_of
from roleplay.scenarios.models import ScenarioVersion
from tenants.db import Model, db
from tenants.members import names_of
from tests.cast import Cast
from tests.practice import as_member
from tests.reporting import evaluate, give

MOMENTS = [
    ("UTC", datetime(2026, 11, 18, 12, tzinfo=UTC)),
    ("Europe/Paris", datetime(2026, 11, 1, 23, 30, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 11, 2, 5, 30, tzinfo=UTC)),
    ("Pacific/Auckland", datetime(2026, 4, 5, 13, tzinfo=UTC)),
]
"""In the middle of a week; in the first hour of one; after the clocks were changed."""


@dataclass
class World:
    zone: str
    moment: datetime
    versions: list[UUID]
    """The first one carries a tag."""
    people: list[UUID]
    dice: random.Random


@pytest.fixture(params=MOMENTS, ids=[zone for zone, _moment in MOMENTS])
def world(request: pytest.FixtureRequest, app: Flask, cast: Cast) -> World:
    """A year of practice before one moment: private and assigned, with pauses, deleted chats and moved deadlines."""
    zone, moment = request.param
    versions = [give(app, cast, tags=tags) for tags in (("Service",), (), ())]
    people = [person.member_id for person in (cast.lea, cast.leo, cast.anna, cast.carl) if person.member_id]
    made = World(zone, moment, versions, people, random.Random(zone))
    with as_member(app, cast.anna):
        for number in range(150):
            practised_at = moment - made.dice.choice((timedelta(hours=30), timedelta(weeks=5), timedelta(weeks=54))) * (
                made.dice.random()
            )
            _practise(made, practised_at.replace(microsecond=0), is_live=number == 0)
        db.session.commit()
    return made


def _practise(world: World, at: datetime, *, is_live: bool) -> None:
    dice, member = world.dice, world.dice.choice(world.people)
    session = PracticeSession(
        member_id=member,
        created_by_id=member,
        scenario_version_id=dice.choice(world.versions),
        name="A session",
        is_private=dice.random() < 0.3,
        created_at=at,
        deadline_at=dice.choice((None, at + timedelta(days=dice.randint(-9, 9)))),
    )
    db.session.add(session)
    db.session.flush()
    for number in range(1, dice.randint(0, 3) + 1):
        _talk(world, session, number, at + timedelta(hours=number) - timedelta(hours=4))
    if is_live:
        _talk(world, session, 9, at).status = AttemptStatus.LIVE
        db.session.query(Attempt).filter_by(status=AttemptStatus.LIVE).update({"ended_at": None})


def _talk(world: World, session: PracticeSession, number: int, at: datetime) -> Attempt:
    dice = world.dice
    attempt = Attempt(
        member_id=session.member_id,
        scenario_version_id=session.scenario_version_id,
        practice_session_id=session.id if dice.random() < 0.95 else None,
        number=number,
        mode=Mode.TEXT,
        status=dice.choice((AttemptStatus.EVALUATED, AttemptStatus.NOT_SCORED, AttemptStatus.DELETED)),
        started_at=at,
        ends_at=at + timedelta(minutes=10),
        ended_at=at + timedelta(seconds=dice.randint(1, 600)),
        paused_ms=dice.choice((0, 0, 90_000)),
    )
    db.session.add(attempt)
    db.session.flush()
    if attempt.status == AttemptStatus.EVALUATED:
        evaluate(attempt, dice.randint(0, 100))
    return attempt


@dataclass
class Seen:
    """One conversation, or one session that was due, as a person would write it down."""

    week: date
    member_id: UUID
    scenario_id: UUID
    is_private: bool
    figures: Figures


def seen_in(world: World, period: Period, only: UUID | None) -> list[Seen]:
    scenarios = {version.id: version.scenario_id for version in db.session.query(ScenarioVersion)}
    sessions = {session.id: session for session in db.session.query(PracticeSession)}
    scores: dict[UUID, Any] = {row.attempt_id: row.score for row in db.session.query(Evaluation)}
    attempts = db.session.query(Attempt).filter(Attempt.ended_at.is_not(None)).all()
    held = Counter(attempt.practice_session_id for attempt in attempts)
    found = []
    for attempt in attempts:
        session = sessions.get(attempt.practice_session_id) if attempt.practice_session_id else None
        is_private = session is None or session.is_private
        score = None if is_private else scores.get(attempt.id)
        assert attempt.ended_at
        figures = Figures(
            attempts=1,
            sessions=int(attempt.number == 1),
            seconds=max(0, (attempt.ended_at - attempt.started_at).seconds - attempt.paused_ms // 1000),
            scored=int(score is not None),
            score_sum=score or 0,
        )
        who = (attempt.member_id, scenarios[attempt.scenario_version_id], is_private)
        found.append(Seen(week_of(attempt.started_at, world.zone), *who, figures))
    for session in sessions.values():
        figures = Figures(assigned=1, completed=int(held[session.id] > 0))
        who = (session.member_id, scenarios[session.scenario_version_id], False)
        due = Seen(week_of(session.deadline_at or session.created_at, world.zone), *who, figures)
        found += [] if session.is_private else [due]
    wanted = [each for each in found if only is None or (each.scenario_id == only and not each.is_private)]
    return [each for each in wanted if period.since <= each.week < period.until]


def said_by_hand(world: World, period: Period, only: UUID | None) -> dict[str, Any]:
    seen = seen_in(world, period, only)
    by_person, by_scenario = defaultdict(list), defaultdict(list)
    for each in seen:
        if not each.is_private:
            by_person[each.member_id].append(each.figures)
            by_scenario[each.scenario_id].append(each.figures)
    names = names_of(by_person)
    scored = [added(lines) for lines in by_scenario.values()]
    return {
        "totals": _with_people(seen),
        "weeks": [_with_people([each for each in seen if each.week == monday]) for monday in period.mondays],
        "people": sorted((names[key], *astuple(added(figures, people=1))) for key, figures in by_person.items()),
        "scenarios": sorted(astuple(figures) for figures in scored),
        "goals": sorted((figures.scored, figures.score_sum) for figures in scored if figures.scored),
    }


def _with_people(seen: list[Seen]) -> Figures:
    active = {each.member_id for each in seen if each.figures.attempts}
    return added((each.figures for each in seen), people=len(active))


def said_by(usage: Usage) -> dict[str, Any]:
    return {
        "totals": usage.totals,
        "weeks": [week.figures for week in usage.weeks],
        "people": sorted((line.label, *astuple(line.figures)) for line in usage.people),
        "scenarios": sorted(astuple(line.figures) for line in usage.scenarios),
        "goals": sorted((line.figures.scored, line.figures.score_sum) for line in usage.goals),
    }


def check(world: World, *, periods: tuple[int, ...] = (4, 12, 52)) -> None:
    tagged = db.session.query(ScenarioVersion).filter_by(id=world.versions[0]).one().scenario_id
    for weeks in periods:
        period = period_of(weeks, zone=world.zone, at=world.moment)
        for tags, only in (((), None), (("Service",), tagged)):
            by_hand = said_by_hand(world, period, only)
            assert by_hand["totals"].attempts and by_hand["people"]
            assert said_by(usage_of(period, zone=world.zone, tags=tags)) == by_hand, (weeks, tags)
            listed = list_people(period, zone=world.zone, tags=tags, sort="name").rows
            assert [(line.label, *astuple(line.figures)) for line in listed] == by_hand["people"]
        db.session.commit()


def test_a_report_says_what_counting_by_hand_says_whenever_it_was_counted_ahead(
    app: Flask, cast: Cast, world: World
) -> None:
    with as_member(app, cast.anna):
        check(world)
        for before in (timedelta(weeks=30), timedelta(days=10), timedelta(days=1), timedelta(hours=1), timedelta()):
            count_weeks(zone=world.zone, at=world.moment - before)
            check(world)


def test_weeks_that_are_over_are_reported_from_what_was_counted(app: Flask, cast: Cast, world: World) -> None:
    until = period_of(4, zone=world.zone, at=world.moment).since
    period = Period(until - timedelta(weeks=3), until)
    with as_member(app, cast.anna):
        by_hand = said_by_hand(world, period, None)
        for count in (False, True):
            if count:
                count_weeks(zone=world.zone, at=world.moment)
            assert said_by(usage_of(period, zone=world.zone)) == by_hand


def test_counting_twice_leaves_the_same_rows(app: Flask, cast: Cast, world: World) -> None:
    def rows() -> list[list[tuple[Any, ...]]]:
        count_weeks(zone=world.zone, at=world.moment)
        return [_rows(table) for table in (UsageCount, UsageWeek, ScenarioWeek, MemberPeriod, GoalWeek, GoalPeriod)]

    with as_member(app, cast.anna):
        first = rows()
        assert all(first) and rows() == first


def _rows(table: type[Model]) -> list[tuple[Any, ...]]:
    columns = [column for column in table.__table__.columns if column.name not in {"id", "created_at"}]
    return sorted((tuple(row) for row in db.session.query(*columns)), key=str)


def test_weeks_of_another_time_zone_are_not_taken_for_those_of_this_one(app: Flask, cast: Cast, world: World) -> None:
    with as_member(app, cast.anna):
        count_weeks(zone="Asia/Tokyo", at=world.moment)
        check(replace(world, zone="America/Los_Angeles"), periods=(12,))
