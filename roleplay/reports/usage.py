"""The usage report: what an organization practised in a period, week by week and by scenario, tag, goal and person.

Private practice is in the totals and in the weeks, as a number. It has no score and no name anywhere, and a report that
is narrowed by tags leaves it out, so that no filter can single it out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text

from roleplay.reports.counting import COUNTED, GOALS_COUNTED, LONGEST_WEEKS, WEEK, counted_until, monday_of
from roleplay.scenarios.models import Scenario, ScenarioTag
from roleplay.scenarios.tags import carrying
from tenants.clock import now
from tenants.db import db
from tenants.members import names_of
from tenants.tags import Tag

PERIODS = (4, 12, 26, LONGEST_WEEKS)
"""In weeks, the present one included."""


_MEMORY = "64MB"
"""For one report: a year of a large organization is sorted and grouped without going through files."""


@dataclass(frozen=True, slots=True)
class Period:
    since: date
    until: date
    """The Monday after the last week."""

    @property
    def weeks(self) -> int:
        return (self.until - self.since) // WEEK

    @property
    def last_day(self) -> date:
        return self.until - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Figures:
    attempts: int = 0
    sessions: int = 0
    """Practice sessions that were begun."""
    seconds: int = 0
    people: int = 0
    scored: int = 0
    score_sum: int = 0
    assigned: int = 0
    """Sessions given to somebody and due then; without a deadline they are due when they are given."""
    completed: int = 0

    @property
    def minutes(self) -> int:
        return round(self.seconds / 60)

    @property
    def score(self) -> int | None:
        return round(self.score_sum / self.scored) if self.scored else None

    @property
    def completion(self) -> int | None:
        return round(100 * self.completed / self.assigned) if self.assigned else None


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of one scenario, tag, goal or person; `note` says to which scenario a goal belongs."""

    label: str
    figures: Figures
    note: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Usage:
    period: Period
    tags: tuple[str, ...]
    totals: Figures
    weeks: Sequence[Week]
    scenarios: Sequence[Line]
    goals: Sequence[Line]
    by_tag: Sequence[Line]
    people: Sequence[Line]

    @property
    def is_empty(self) -> bool:
        return not self.totals.attempts and not self.totals.assigned


@dataclass(slots=True)
class _Parts:
    totals: Figures = field(default_factory=Figures)
    weeks: dict[date, Figures] = field(default_factory=dict)
    scenarios: dict[UUID, Figures] = field(default_factory=dict)
    people: dict[UUID, Figures] = field(default_factory=dict)


def period_of(weeks: int, *, zone: str, at: datetime | None = None) -> Period:
    """That many weeks up to the end of the present one, in the organization's time zone."""
    until = monday_of((at or now()).astimezone(ZoneInfo(zone)).date()) + WEEK
    return Period(until - WEEK * weeks, until)


def usage_of(period: Period, *, zone: str, tags: Sequence[str] = (), most: int | None = None) -> Usage:
    """`most` limits goals and people to so many lines. The number of queries is the same for every organization."""
    fresh = min(counted_until(period.since, zone=zone), period.until)
    scenario_ids = _carrying(tags) if tags else None
    asked = {
        "since": period.since,
        "fresh": fresh,
        "until": period.until,
        "zone": zone,
        "scenarios": scenario_ids,
        "most": most,
    }
    db.session.execute(text(f"set local work_mem = '{_MEMORY}'"))
    parts, goals = _parts(asked), db.session.execute(text(_GOALS), asked).all()
    titles = _titles()
    return Usage(
        period=period,
        tags=tuple(tags),
        totals=parts.totals,
        weeks=[Week(monday, parts.weeks.get(monday, Figures())) for monday in _mondays(period)],
        scenarios=[Line(titles.get(key, ""), figures) for key, figures in parts.scenarios.items()],
        goals=[Line(row.goal, Figures(scored=row.scored, score_sum=row.score_sum), titles[row.id]) for row in goals],
        by_tag=_by_tag(parts.scenarios),
        people=_named(parts.people),
    )


def _carrying(tags: Iterable[str]) -> list[UUID]:
    query = select(Scenario.id)
    for carriers in carrying(tags):
        query = query.where(Scenario.id.in_(carriers))
    return list(db.session.scalars(query))


def _mondays(period: Period) -> list[date]:
    return [period.since + WEEK * number for number in range(period.weeks)]


def _titles() -> dict[UUID, str]:
    """Of all scenarios, those in the archive and the deleted ones included: history stays readable."""
    return {row.id: row.title for row in db.session.execute(select(Scenario.id, Scenario.title))}


def _parts(asked: dict[str, Any]) -> _Parts:
    parts = _Parts()
    for kind, week, key, *counts in db.session.execute(text(_FIGURES), asked):
        figures = Figures(*(int(count or 0) for count in counts))
        match kind:
            case "total":
                parts.totals = figures
            case "week":
                parts.weeks[week] = figures
            case "scenario":
                parts.scenarios[key] = figures
            case _:
                parts.people[key] = figures
    return parts


def _named(people: dict[UUID, Figures]) -> list[Line]:
    names = names_of(people)
    return [Line(names.get(key, ""), figures) for key, figures in people.items()]


def _by_tag(scenarios: dict[UUID, Figures]) -> list[Line]:
    """A scenario with two tags counts for both."""
    query = (
        select(Tag.name, ScenarioTag.scenario_id)
        .join(Tag, (Tag.organization_id == ScenarioTag.organization_id) & (Tag.id == ScenarioTag.tag_id))
        .order_by(func.lower(Tag.name))
    )
    found: dict[str, list[Figures]] = {}
    for name, scenario_id in db.session.execute(query):
        if scenario_id in scenarios:
            found.setdefault(name, []).append(scenarios[scenario_id])
    return [Line(name, _sum(figures)) for name, figures in found.items()]


def _sum(many: Sequence[Figures]) -> Figures:
    """People are left out: one person may be in several."""
    names = ("attempts", "sessions", "seconds", "scored", "score_sum", "assigned", "completed")
    return Figures(**{name: sum(getattr(figures, name) for figures in many) for name in names})


_COLUMNS = (
    "week, member_id, scenario_id, is_private, attempts, sessions, seconds, scored, score_sum, assigned, completed"
)
_NARROWED = "(cast(:scenarios as uuid[]) is null or (scenario_id = any(cast(:scenarios as uuid[])) and not is_private))"
_SUMS = "sum(scored), sum(score_sum), sum(assigned), sum(completed)"
_FIGURES = f"""
with figures as materialized (
  select * from (
    select {_COLUMNS} from usage_week where week >= :since and week < :until
    union all select {_COLUMNS} from ({COUNTED}) fresh
  ) every_week where {_NARROWED}
), members as materialized (
  select week, member_id, sum(attempts)::int as attempts, sum(sessions)::int as sessions, sum(seconds)::int as seconds,
    sum(attempts) filter (where not is_private) as open_attempts,
    sum(sessions) filter (where not is_private) as open_sessions,
    sum(seconds) filter (where not is_private) as open_seconds, bool_or(not is_private) as is_open,
    sum(scored)::int as scored, sum(score_sum)::int as score_sum, sum(assigned)::int as assigned,
    sum(completed)::int as completed
  from figures group by week, member_id
), active as (select member_id from members where attempts > 0 group by member_id)
select 'total', null::date, null::uuid, sum(attempts), sum(sessions), sum(seconds), (select count(*) from active),
  {_SUMS} from members
union all select 'week', week, null, sum(attempts), sum(sessions), sum(seconds), count(*) filter (where attempts > 0),
  {_SUMS} from members group by week
union all (select 'scenario', null, scenario_id, sum(attempts) as practised, sum(sessions), sum(seconds), 0, {_SUMS}
  from figures where not is_private group by scenario_id order by practised desc, scenario_id)
union all (select 'person', null, member_id, sum(open_attempts) as practised, sum(open_sessions), sum(open_seconds), 1,
  {_SUMS} from members where is_open group by member_id order by practised desc, member_id limit :most)
"""  # noqa: S608 - names of ours alone; every value is bound
_GOALS = f"""
select scenario_id as id, max(goal) as goal, sum(scored)::int as scored, sum(score_sum)::int as score_sum from (
  select scenario_id, goal_id, goal, scored, score_sum from goal_week where week >= :since and week < :until
  union all select scenario_id, goal_id, goal, scored, score_sum from ({GOALS_COUNTED}) fresh
) goals where cast(:scenarios as uuid[]) is null or scenario_id = any(cast(:scenarios as uuid[]))
group by scenario_id, goal_id order by sum(score_sum) * 1.0 / sum(scored), sum(scored) desc, scenario_id, goal_id
limit :most
"""  # noqa: S608 - names of ours alone; every value is bound
