"""Counts practice into weeks: once a night all that is over, and live what came since.

Both use the same statement, so that a report says the same whether its days were counted or not. A score of private
practice never leaves `COUNTED`. The subqueries with `offset 0` are looked up by index for the few rows of a day, where
the planner would read whole tables.
"""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select, text

from roleplay.reports.models import GoalWeek, UsageWeek
from tenants.clock import now
from tenants.db import db

WEEK = timedelta(weeks=1)
LONGEST_WEEKS = 52

_WITHIN = (
    "{at} >= cast(:{since} as timestamp) at time zone :zone and {at} < cast(:until as timestamp) at time zone :zone"
)
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
  where a.ended_at is not null and {_WITHIN.format(at="a.started_at", since="fresh")}
  union all
  select {_OF_WEEK.format(at=_DUE)}, s.member_id, v.scenario_id, false, 0, 0, null,
    1, exists (
      select from attempt a where a.organization_id = s.organization_id and a.practice_session_id = s.id
      and a.ended_at is not null
    )::int
  from practice_session s
  join scenario_version v on v.organization_id = s.organization_id and v.id = s.scenario_version_id
  where not s.is_private and {_WITHIN.format(at=_DUE, since="fresh")}
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
where a.ended_at is not null and {_WITHIN.format(at="a.started_at", since="fresh")}
group by 1, 2, 3
"""  # noqa: S608 - words of ours alone; every value is bound

_USAGE = "week, member_id, scenario_id, is_private, attempts, sessions, seconds, scored, score_sum, assigned, completed"
_GOALS = "week, scenario_id, goal_id, goal, scored, score_sum"


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def counted_until(since: date, *, zone: str) -> date:
    """The day from which on practice has to be counted when it is asked for: that of the last count."""
    last = db.session.scalar(select(func.max(UsageWeek.created_at)))
    return max(since, local_day(last, zone)) if last else since


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def count_weeks(*, zone: str, at: datetime | None = None) -> None:
    """Counts every day that is over, anew: what was practised late, judged again or deleted is right by morning."""
    at = at or now()
    today = local_day(at, zone)
    period = {"zone": zone, "fresh": monday_of(today) - WEEK * LONGEST_WEEKS, "until": today, "at": at}
    db.session.execute(delete(UsageWeek))
    db.session.execute(delete(GoalWeek))
    _store("usage_week", _USAGE, COUNTED, period)
    _store("goal_week", _GOALS, GOALS_COUNTED, period)


def _store(table: str, columns: str, counted: str, period: dict[str, Any]) -> None:
    owner = "nullif(current_setting('app.organization', true), '')::uuid"
    query = (
        f"insert into {table} (organization_id, id, created_at, {columns}) "  # noqa: S608 - names of ours alone
        f"select {owner}, gen_random_uuid(), :at, {columns} from ({counted}) counted"
    )
    db.session.execute(text(query), period)
