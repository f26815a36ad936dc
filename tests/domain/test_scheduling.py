"""The rhythm of assignments: whose sessions a week brings, what happens twice, late, in mid-week and after the end."""

from datetime import date, timedelta

import pytest
from flask import Flask
from time_machine import travel

from roleplay.assignments import assigning, scheduling
from roleplay.assignments.models import Assignment, Participant, PracticeSession
from roleplay.assignments.practising import closed_because
from roleplay.assignments.weeks import starts_at, week_ends_at
from roleplay.attempts import lifecycle
from roleplay.attempts.models import EndReason, Mode
from roleplay.scenarios import authoring, shelving
from roleplay.scenarios.models import Scenario
from roleplay.scenarios.validity import Step
from tenants.audit import AuditEvent
from tenants.clock import now
from tenants.db import db
from tenants.errors import Conflict
from tenants.members import Member
from tests.assigning import PARIS, WEDNESDAY, give, in_paris, in_use, sessions_of
from tests.cast import Cast
from tests.practice import as_member, member_of

WEEK = timedelta(days=7)
THIS_WEEK, NEXT_WEEK = date(2026, 11, 16), date(2026, 11, 23)


def weeks_of(member: Member) -> list[tuple[date | None, int | None]]:
    return [(session.week, session.ordinal) for session in sessions_of(member)]


def complete_one(session: PracticeSession, by: Member) -> None:
    attempt = lifecycle.start(session.version, by=by, practice_session=session, mode=Mode.TEXT)
    db.session.flush()
    lifecycle.complete(attempt, reason=EndReason.LEARNER, by=by)
    db.session.flush()


def test_an_invitation_brings_this_weeks_sessions_with_the_weeks_end_as_deadline(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna, travel(WEDNESDAY, tick=False):
        in_paris(anna)
        lea = member_of(cast.lea)
        give(in_use(anna), [lea], by=anna, per_week=2)
        assert weeks_of(lea) == [(THIS_WEEK, 1), (THIS_WEEK, 2)]
        assert {session.deadline_at for session in sessions_of(lea)} == {week_ends_at(THIS_WEEK, PARIS)}
        (session, _) = sessions_of(lea)
        assert (session.name, session.type, session.persona_name) == (
            "The missed deadline",
            "leadership",
            "Martin Keller",
        )


def test_each_week_brings_its_sessions_once_however_often_it_is_opened(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        in_paris(anna)
        lea, leo = member_of(cast.lea), member_of(cast.leo)
        with travel(WEDNESDAY, tick=False):
            give(in_use(anna), [lea, leo], by=anna, per_week=2)
            assert scheduling.open_week() == 0
        with travel(WEDNESDAY + WEEK, tick=False):
            assert [scheduling.open_week(), scheduling.open_week()] == [4, 0]
        assert weeks_of(lea) == [(THIS_WEEK, 1), (THIS_WEEK, 2), (NEXT_WEEK, 1), (NEXT_WEEK, 2)]
        assert db.session.query(Assignment).one().opened_week == NEXT_WEEK


def test_after_a_standstill_only_the_present_week_is_made(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        in_paris(anna)
        lea = member_of(cast.lea)
        with travel(WEDNESDAY, tick=False):
            give(in_use(anna), [lea], by=anna, per_week=1)
        with travel(WEDNESDAY + 5 * WEEK, tick=False):
            assert scheduling.open_week() == 1
        assert [week for week, _ in weeks_of(lea)] == [THIS_WEEK, THIS_WEEK + 5 * WEEK]


def test_a_week_opened_late_is_whole_for_those_who_took_part_before(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        in_paris(anna)
        lea = member_of(cast.lea)
        with travel(WEDNESDAY, tick=False):
            give(in_use(anna), [lea], by=anna, per_week=3)
        with travel(WEDNESDAY + WEEK + timedelta(days=4), tick=False):
            assert scheduling.open_week() == 3


def test_who_joins_on_sunday_gets_one_session_and_no_more_when_the_week_is_opened_again(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna, travel(WEDNESDAY + timedelta(days=4), tick=False):
        in_paris(anna)
        lea = member_of(cast.lea)
        give(in_use(anna), [lea], by=anna, per_week=3)
        assert scheduling.open_week() == 0
        assert weeks_of(lea) == [(THIS_WEEK, 1)]


def test_a_higher_frequency_adds_to_this_week_and_a_lower_one_holds_from_the_next(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        in_paris(anna)
        lea = member_of(cast.lea)
        with travel(WEDNESDAY - timedelta(days=2), tick=False):
            scenario = in_use(anna)
            give(scenario, [lea], by=anna, per_week=2)
            give(scenario, [lea], by=anna, per_week=3)
            assert db.session.query(Assignment).one().opened_week is None
            scheduling.open_week()
            assert len(weeks_of(lea)) == 3
            give(scenario, [lea], by=anna, per_week=1)
            scheduling.open_week()
            assert len(weeks_of(lea)) == 3
        with travel(WEDNESDAY + WEEK, tick=False):
            scheduling.open_week()
        assert weeks_of(lea)[3:] == [(NEXT_WEEK, 1)]


def test_who_is_removed_in_mid_week_keeps_what_was_practised_and_loses_the_rest(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna, travel(WEDNESDAY, tick=False):
        in_paris(anna)
        lea, leo = member_of(cast.lea), member_of(cast.leo)
        give(in_use(anna), [lea, leo], by=anna, per_week=3)
        done, live, _untouched = sessions_of(lea)
        complete_one(done, lea)
        lifecycle.start(live.version, by=lea, practice_session=live, mode=Mode.TEXT)
        participant = db.session.query(Participant).filter_by(member_id=lea.id).one()
        assigning.remove(participant, by=anna)
        assigning.remove(participant, by=anna)
        assert [session.id for session in sessions_of(lea)] == [done.id, live.id]
        assert len(sessions_of(leo)) == 3
        assert db.session.query(AuditEvent).filter_by(action="participant.removed").count() == 1
        with travel(WEDNESDAY + WEEK, tick=False):
            assert scheduling.open_week() == 3
        assert {session.week for session in sessions_of(lea)} == {THIS_WEEK}


def test_who_comes_back_in_the_same_week_is_not_given_it_twice(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna, travel(WEDNESDAY, tick=False):
        in_paris(anna)
        lea, scenario = member_of(cast.lea), in_use(anna)
        give(scenario, [lea], by=anna, per_week=2)
        complete_one(sessions_of(lea)[0], lea)
        assigning.remove(db.session.query(Participant).one(), by=anna)
        assert assigning.invite(scenario, [lea], by=anna) == 1
        assert weeks_of(lea) == [(THIS_WEEK, 1), (THIS_WEEK, 2)]


def test_a_member_who_left_the_organization_gets_no_further_week(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        lea = member_of(cast.lea)
        with travel(WEDNESDAY, tick=False):
            give(in_use(anna), [lea], by=anna, per_week=2)
        lea.deactivated_at = now()
        with travel(WEDNESDAY + WEEK, tick=False):
            assert scheduling.open_week() == 0


def test_an_archived_scenario_brings_no_week_and_its_sessions_last_until_their_deadline(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        in_paris(anna)
        lea, scenario = member_of(cast.lea), in_use(anna)
        with travel(WEDNESDAY, tick=False):
            give(scenario, [lea], by=anna, per_week=2)
            shelving.archive(scenario, by=anna)
            first, second = sessions_of(lea)
            complete_one(first, lea)
            with pytest.raises(Conflict, match="scenario_archived"):
                assigning.invite(scenario, [member_of(cast.leo)], by=anna)
        with travel(WEDNESDAY + WEEK, tick=False):
            assert scheduling.open_week() == 0
            assert closed_because(second) == "scenario_archived"
            with pytest.raises(Conflict, match="scenario_archived"):
                lifecycle.start(second.version, by=lea, practice_session=second, mode=Mode.TEXT)


def test_a_missed_deadline_alone_closes_nothing(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        lea, scenario = member_of(cast.lea), in_use(anna)
        assigning.invite(scenario, [lea], deadline_at=WEDNESDAY, by=anna)
        (session,) = sessions_of(lea)
        with travel(WEDNESDAY + WEEK, tick=False):
            assert session.status == "overdue"
            complete_one(session, lea)
        assert sessions_of(lea)[0].status == "completed"


def test_before_a_scenario_is_deleted_nobody_keeps_a_to_do_that_cannot_be_done(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna, travel(WEDNESDAY, tick=False):
        lea, scenario = member_of(cast.lea), in_use(anna)
        give(scenario, [lea], by=anna, per_week=2)
        done, _open = sessions_of(lea)
        complete_one(done, lea)
        assigning.withdraw(scenario, by=anna)
        shelving.delete(scenario, by=anna)
        assert [session.id for session in sessions_of(lea)] == [done.id]
        with pytest.raises(Conflict, match="scenario_deleted"):
            lifecycle.start(done.version, by=lea, practice_session=done, mode=Mode.TEXT)


def test_a_session_keeps_the_version_it_was_made_with_and_the_next_week_has_the_new_one(app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as anna:
        lea, scenario = member_of(cast.lea), in_use(anna)
        with travel(WEDNESDAY, tick=False):
            give(scenario, [lea], by=anna, per_week=1)
        change(scenario, anna)
        with travel(WEDNESDAY + WEEK, tick=False):
            scheduling.open_week()
        assert [session.name for session in sessions_of(lea)] == ["The missed deadline", "Another title"]


def change(scenario: Scenario, by: Member) -> None:
    authoring.save(scenario, Step.DETAILS, {"title": "Another title"}, revision=1, by=by)
    authoring.put_in_use(scenario, by=by)


@pytest.mark.parametrize(("day", "offset"), [(date(2026, 3, 25), 2), (date(2026, 10, 21), 1)])
def test_a_week_in_which_the_clocks_change_ends_by_the_new_time(app: Flask, cast: Cast, day: date, offset: int) -> None:
    with as_member(app, cast.anna) as anna, travel(starts_at(day, PARIS), tick=False):
        in_paris(anna)
        lea = member_of(cast.lea)
        give(in_use(anna), [lea], by=anna, per_week=3)
        deadlines = {session.deadline_at for session in sessions_of(lea) if session.deadline_at}
        assert [each.hour for each in deadlines] == [23 - offset]
        assert len(sessions_of(lea)) == 3
