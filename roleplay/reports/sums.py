"""The sums behind a report: what was counted ahead, with what came since counted live, in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Result, text

from roleplay.assignments.weeks import starts_at, week_of
from roleplay.reports.counting import COUNTED, COUNTS, GOALS_COUNTED, PERIODS, SUMS, WEEK
from roleplay.reports.figures import Figures, Period
from roleplay.reports.models import UsageCount
from tenants.db import db


@dataclass(frozen=True, slots=True)
class Asked:
    """A period, perhaps narrowed to some scenarios, and what of it was counted ahead."""

    period: Period
    zone: str
    scenario_ids: Sequence[UUID] | None
    count: UsageCount | None

    @property
    def is_added_up(self) -> bool:
        """Whether there are sums of the whole period."""
        is_present = self.count is not None and week_of(self.count.counted_at, self.zone) + WEEK == self.period.until
        return is_present and self.period.weeks in PERIODS

    @property
    def weeks(self) -> dict[date, Figures]:
        """Those that are added up already."""
        known = self.count.weeks.items() if self.count and self.scenario_ids is None else ()
        weeks = {date.fromisoformat(week): Figures(*sums) for week, sums in known}
        end = min(self._recounted, self.period.until)
        return {week: figures for week, figures in weeks.items() if self.period.since <= week < end}

    @property
    def _recounted(self) -> date:
        """The Monday from which on weeks have to be added up."""
        if self.count is None or self.scenario_ids is not None:
            return self.period.since
        return max(self.period.since, week_of(self.count.until, self.zone))

    @property
    def values(self) -> dict[str, Any]:
        begin, end = (starts_at(day, self.zone) for day in (self.period.since, self.period.until))
        return {
            "since": self.period.since if self.count else self.period.until,
            "until": self.period.until,
            "weeks": self.period.weeks,
            "recounted": self._recounted,
            "begin": max(begin, self.count.until) if self.count else begin,
            "end": end,
            "zone": self.zone,
            "scenarios": self.scenario_ids,
        }


@dataclass(slots=True)
class Sums:
    people: int = 0
    weeks: dict[date, Figures] = field(default_factory=dict)
    scenarios: dict[UUID, Figures] = field(default_factory=dict)
    members: dict[UUID, Figures] = field(default_factory=dict)


def sums_of(asked: Asked, *, most: int | None) -> Sums:
    """Scenarios and members come in the order of how much was practised; `most` limits the members."""
    sums, active = Sums(weeks=asked.weeks), {}
    for row in ask(asked, _SUMS, most=most):
        week, figures = row.week, Figures(*row[3:])
        match row.kind:
            case "people":
                sums.people = figures.people
            case "week":
                sums.weeks[week] = figures
            case "people by week":
                active[week] = figures.people
            case "scenario":
                sums.scenarios[row.id] = figures
            case _:
                sums.members[row.id] = figures
    sums.weeks.update({week: replace(sums.weeks.get(week, Figures()), people=count) for week, count in active.items()})
    return sums


def goals_of(asked: Asked, *, most: int | None) -> Sequence[Any]:
    """Those that are met least first."""
    return ask(asked, _GOALS, most=most).all()


def ask(asked: Asked, statement: str, **values: Any) -> Result[Any]:
    """The statement may begin with `MEMBERS`."""
    is_whole = asked.is_added_up and asked.scenario_ids is None
    ready = statement.replace("{members}", _MEMBERS_OF_PERIOD if is_whole else _MEMBERS_OF_WEEKS)
    ready = ready.replace("{goals}", _GOALS_OF_PERIOD if asked.is_added_up else _GOALS_OF_WEEKS)
    return db.session.execute(text(ready), {**asked.values, **values})


_WEEKS = "week >= :since and week < :until"
_NARROWED = "(cast(:scenarios as uuid[]) is null or (scenario_id = any(cast(:scenarios as uuid[])) and not is_private))"
_OF_PERIOD = "until = :until and weeks = :weeks"
_MEMBERS_OF_PERIOD = f"select member_id, is_private, {COUNTS} from member_period where {_OF_PERIOD}"  # noqa: S608
_MEMBERS_OF_WEEKS = f"""
select member_id, is_private, {SUMS} from usage_week where {_WEEKS} and {_NARROWED} group by member_id, is_private
"""  # noqa: S608 - names of ours alone; every value is bound
_NONE = ", ".join(["0"] * len(COUNTS.split()))
MEMBERS = f"""
with fresh as materialized (
  select * from ({COUNTED}) counted where {_NARROWED}
), members as materialized (
  select member_id, is_private, {SUMS} from (
    {{members}} union all select member_id, is_private, {COUNTS} from fresh
  ) every group by member_id, is_private
)
"""  # noqa: S608 - names of ours alone; every value is bound
_SUMS = f"""
{MEMBERS}
select 'people' as kind, null::date as week, null::uuid as id, {_NONE}, count(*)::int as people
  from (select member_id from members where attempts > 0 group by member_id) active
union all select 'week', week, null, {SUMS}, 0 from (
    select week, {SUMS} from scenario_week where {_WEEKS} and week >= :recounted and {_NARROWED} group by week
    union all select week, {COUNTS} from fresh
  ) weekly group by week
union all select 'people by week', week, null, {_NONE}, count(distinct member_id)::int from (
    select week, member_id from usage_week
    where week >= :recounted and {_WEEKS} and attempts > 0 and {_NARROWED}
    union all select week, member_id from fresh where attempts > 0
  ) active group by week
union all (select 'scenario', null, scenario_id, {SUMS}, 0 from (
    select scenario_id, {SUMS} from scenario_week where {_WEEKS} and {_NARROWED} and not is_private group by scenario_id
    union all select scenario_id, {COUNTS} from fresh where not is_private
  ) scenarios group by scenario_id order by sum(attempts) desc, scenario_id)
union all (select 'member', null, member_id, {COUNTS}, 1 from members where not is_private
  order by attempts desc, member_id limit :most)
"""  # noqa: S608 - names of ours alone; every value is bound
_GOAL = "scenario_id, goal_id, goal, scored, score_sum"
_GOALS_OF_PERIOD = f"select {_GOAL} from goal_period where {_OF_PERIOD}"  # noqa: S608
_GOALS_OF_WEEKS = f"select {_GOAL} from goal_week where {_WEEKS}"  # noqa: S608
_GOALS = f"""
select scenario_id as id, max(goal) as goal, sum(scored)::int as scored, sum(score_sum)::int as score_sum
from ({{goals}} union all select {_GOAL} from ({GOALS_COUNTED}) fresh) goals
where cast(:scenarios as uuid[]) is null or scenario_id = any(cast(:scenarios as uuid[]))
group by scenario_id, goal_id order by sum(score_sum) * 1.0 / sum(scored), sum(scored) desc, scenario_id, goal_id
limit :most
"""  # noqa: S608 - names of ours alone; every value is bound
