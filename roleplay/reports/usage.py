"""The usage report: what an organization practised in a period, week by week and by scenario, tag, goal and person.

Private practice is in the totals and in the weeks, as a number. It has no score and no name anywhere, and a report that
is narrowed by tags leaves it out, so that no filter can single it out.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from roleplay.reports.counting import hold_the_count, last_count
from roleplay.reports.figures import Figures, Line, Period, added
from roleplay.reports.sums import Asked, goals_of, sums_of
from roleplay.scenarios.models import Scenario, ScenarioTag
from roleplay.scenarios.tags import carrying
from tenants.db import db
from tenants.members import names_of
from tenants.tags import Tag


@dataclass(frozen=True, slots=True)
class Week:
    monday: date
    figures: Figures


@dataclass(frozen=True, slots=True)
class Usage:
    period: Period
    tags: tuple[str, ...]
    as_of: datetime | None
    """What began before was counted ahead; None when everything was counted as it was asked for."""
    totals: Figures
    weeks: Sequence[Week]
    scenarios: Sequence[Line]
    goals: Sequence[Line]
    by_tag: Sequence[Line]
    people: Sequence[Line]

    @property
    def is_empty(self) -> bool:
        return not self.totals.attempts and not self.totals.assigned


def asked_for(period: Period, *, zone: str, tags: Sequence[str] = ()) -> Asked:
    """Holds the last count until the end of the transaction, so that all parts of a report say the same."""
    hold_the_count()
    return Asked(period, zone, _carrying(tags) if tags else None, last_count(zone))


def usage_of(period: Period, *, zone: str, tags: Sequence[str] = (), most: int | None = None) -> Usage:
    """`most` limits goals and people to so many lines. The number of queries is the same for every organization."""
    asked = asked_for(period, zone=zone, tags=tags)
    sums, goals, titles = sums_of(asked, most=most), goals_of(asked, most=most), _titles()
    return Usage(
        period=period,
        tags=tuple(tags),
        as_of=asked.count.until if asked.count else None,
        totals=added(sums.weeks.values(), people=sums.people),
        weeks=[Week(monday, sums.weeks.get(monday, Figures())) for monday in period.mondays],
        scenarios=[Line(titles.get(key, ""), figures) for key, figures in sums.scenarios.items()],
        goals=[Line(row.goal, Figures(scored=row.scored, score_sum=row.score_sum), titles[row.id]) for row in goals],
        by_tag=_by_tag(sums.scenarios),
        people=_named(sums.members),
    )


def _carrying(tags: Iterable[str]) -> list[UUID]:
    query = select(Scenario.id)
    for carriers in carrying(tags):
        query = query.where(Scenario.id.in_(carriers))
    return list(db.session.scalars(query))


def _titles() -> dict[UUID, str]:
    """Of all scenarios, those in the archive and the deleted ones included: history stays readable."""
    return {row.id: row.title for row in db.session.execute(select(Scenario.id, Scenario.title))}


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
    return [Line(name, added(figures)) for name, figures in found.items()]
