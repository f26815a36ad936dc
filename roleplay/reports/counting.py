"""Counts practice into weeks: once a night all that is over, and live what came since.

Both use the same statement, so that a report says the same whether its practice was counted ahead or not. A score of
private practice never leaves `COUNTED`. A conversation that was held counts as completion even when its chat was
deleted since: deleting takes away what was said and its score, not that it took place.

The subqueries with `offset 0` are looked up by index for the few rows of a day, where the planner would read whole
tables.
"""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, text
from sqlalchemy.dialects.postgresql import insert

from roleplay.assignments.weeks import starts_at, week_of
from roleplay.reports.models import GoalPeriod, GoalWeek, MemberPeriod, ScenarioWeek, UsageCount, UsageWeek
from tenants.clock import now
from tenants.db import Model, db
from tenants.scope import current_organization_id

WEEK = timedelta(weeks=1)
LONGEST_WEEKS = 52
PERIODS = (4, 12, 26, LONGEST_WEEKS)
"""In weeks, the present one included."""
STILL_OPEN = timedelta(hours=2)
"""What began this shortly before a count may still go on or wait for its score: it is left to be counted live."""

_WITHIN = "{at} >= :begin and {at} < :end"
_DUE = "(case when s.deadline_at is null then s.created_at else s.deadline_at end)"
"""No coalesce: behind row-level security the planner uses an index for expressions that it knows cannot leak."""
_OF_WEEK = "date_trunc('week', {at} at time zone :zone)::date"

COUNTED = f"""
select week, member_id, scenario_id, is_private, count(*) filter (where assigned = 0)::int as attempts,
  sum(sessions)::int as sessions, sum(seconds)::int as seconds, count(score)::int as scored,
  coalesce(sum(score), 0)::int as score_sum, sum(assigned)::int as assigned, sum(completed)::int as completed
from (
  select {_OF_WEEK.format(at="a.started_at")} as week, a.member_id, v.scenario_id,
    coalesce(s.is_private, true) as is_private, (a.number = 1)::int as sessions,
    greatest(0, extract(epoch from a.ended_at - a.started_at) - a.paused_ms / 1000.0)::int as seconds,
    case when not s.is_private then (
      select max(e.score) from evaluation e where e.organization_id = a.organization_id and e.attempt_id = a.id
    ) end as score, 0 as assigned, 0 as completed
  from attempt a
  join scenario_version v on v.organization_id = a.organization_id and v.id = a.scenario_version_id
  left join lateral (
    select p.is_private from practice_session p
    where p.organization_id = a.organization_id and p.id = a.practice_session_id offset 0
  ) s on true
  where a.ended_at is not null and {_WITHIN.format(at="a.started_at")}
  union all
  select {_OF_WEEK.format(at=_DUE)}, s.member_id, v.scenario_id, false, 0, 0, null,
    1, exists (
      select from attempt a where a.organization_id = s.organization_id and a.practice_session_id = s.id
      and a.ended_at is not null
    )::int
  from practice_session s
  join scenario_version v on v.organization_id = s.organization_id and v.id = s.scenario_version_id
  where not s.is_private and {_WITHIN.format(at=_DUE)}
) practice group by week, member_id, scenario_id, is_private
"""  # noqa: S608 - words of ours alone; every value is bound

GOALS_COUNTED = f"""
select {_OF_WEEK.format(at="a.started_at")} as week, v.scenario_id, g.goal_id, max(g.goal) as goal,
  count(*)::int as scored, sum(g.score)::int as score_sum
from attempt a
join scenario_version v on v.organization_id = a.organization_id and v.id = a.scenario_version_id
join lateral (
  select p.is_private from practice_session p
  where p.organization_id = a.organization_id and p.id = a.practice_session_id offset 0
) s on not s.is_private
join lateral (
  select r.goal_id, r.goal, r.score from evaluation e
  join goal_result r on r.organization_id = e.organization_id and r.evaluation_id = e.id and r.score is not null
  where e.organization_id = a.organization_id and e.attempt_id = a.id offset 0
) g on true
where a.ended_at is not null and {_WITHIN.format(at="a.started_at")}
group by 1, 2, 3
"""  # noqa: S608 - words of ours alone; every value is bound

COUNTS = "attempts, sessions, seconds, scored, score_sum, assigned, completed"
SUMS = ", ".join(f"sum({count})::int as {count}" for count in COUNTS.split(", "))
_BY_SCENARIO = f"select week, scenario_id, is_private, {SUMS} from usage_week group by 1, 2, 3"  # noqa: S608
_BY_MEMBER = f"""
select cast(:until as date) as until, cast(:weeks as int) as weeks, member_id, is_private, {SUMS}
from usage_week where week >= :since group by member_id, is_private
"""  # noqa: S608 - names of ours alone; every value is bound
_BY_GOAL = """
select cast(:until as date) as until, cast(:weeks as int) as weeks, scenario_id, goal_id, max(goal) as goal,
  sum(scored)::int as scored, sum(score_sum)::int as score_sum
from goal_week where week >= :since group by scenario_id, goal_id
"""
_BY_WEEK = f"select week, {SUMS} from scenario_week group by week"  # noqa: S608 - names of ours alone
_PEOPLE = "select week, count(distinct member_id)::int as people from usage_week where attempts > 0 group by week"
_KEY = ("organization_id", "id", "created_at")


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def last_count(zone: str) -> UsageCount | None:
    """What was counted ahead for weeks of this time zone."""
    return db.session.scalar(select(UsageCount).where(UsageCount.zone == zone))


def hold_the_count() -> None:
    """Until the end of the transaction no other count takes the place of the last one; and for reading a year of a
    large organization: memory to group it without files, and plans made for the dates that are asked for."""
    settings = {"work_mem": "64MB", "jit": "off", "plan_cache_mode": "force_custom_plan"}
    db.session.execute(
        select(
            *(func.set_config(name, value, True) for name, value in settings.items()),
            func.pg_advisory_xact_lock_shared(_lock()),
        )
    )


def _lock() -> Any:
    return func.hashtextextended(f"usage {current_organization_id()}", 0)


def count_weeks(*, zone: str, at: datetime | None = None) -> None:
    """Counts everything that is over, anew: what was practised late, judged again or deleted is right by morning.

    One count at a time, since each begins by writing the organization's row of `usage_count`; who reads reports
    meanwhile reads the one before.
    """
    at = at or now()
    until = week_of(at, zone) + WEEK
    count = _begin(zone, at)
    for table in (UsageWeek, GoalWeek, ScenarioWeek, MemberPeriod, GoalPeriod):
        db.session.execute(delete(table))
    counted = {"begin": starts_at(until - WEEK * LONGEST_WEEKS, zone), "end": count.until, "zone": zone}
    _store(UsageWeek, COUNTED, counted)
    _store(GoalWeek, GOALS_COUNTED, counted)
    _store(ScenarioWeek, _BY_SCENARIO, {})
    for weeks in PERIODS:
        period = {"until": until, "weeks": weeks, "since": until - WEEK * weeks}
        _store(MemberPeriod, _BY_MEMBER, period)
        _store(GoalPeriod, _BY_GOAL, period)
    count.weeks = _weeks()
    db.session.flush()
    db.session.execute(select(func.pg_advisory_xact_lock(_lock())))


def _begin(zone: str, at: datetime) -> UsageCount:
    said = {"counted_at": at, "until": at - STILL_OPEN, "zone": zone, "weeks": {}}
    begun = insert(UsageCount).values(said).on_conflict_do_update(index_elements=["organization_id"], set_=said)
    return db.session.scalars(begun.returning(UsageCount), execution_options={"populate_existing": True}).one()


def _store(table: type[Model], counted: str, asked: dict[str, Any]) -> None:
    columns = ", ".join(column.name for column in table.__table__.columns if column.name not in _KEY)
    owner = "nullif(current_setting('app.organization', true), '')::uuid"
    query = (
        f"insert into {table.__tablename__} ({', '.join(_KEY)}, {columns}) "  # noqa: S608 - names of ours alone
        f"select {owner}, gen_random_uuid(), now(), {columns} from ({counted}) counted"
    )
    db.session.execute(text(query), asked)


def _weeks() -> dict[str, list[int]]:
    people = {row.week: row.people for row in db.session.execute(text(_PEOPLE))}
    return {week.isoformat(): [*sums, people.get(week, 0)] for week, *sums in db.session.execute(text(_BY_WEEK))}
