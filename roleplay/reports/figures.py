"""What a report says of anything: a period, and figures that can be added up."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from roleplay.assignments.weeks import week_of
from roleplay.reports.counting import WEEK
from tenants.clock import now


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

    @property
    def mondays(self) -> list[date]:
        return [self.since + WEEK * number for number in range(self.weeks)]


def period_of(weeks: int, *, zone: str, at: datetime | None = None) -> Period:
    """That many weeks up to the end of the present one, in the organization's time zone."""
    until = week_of(at or now(), zone) + WEEK
    return Period(until - WEEK * weeks, until)


@dataclass(frozen=True, slots=True)
class Figures:
    attempts: int = 0
    sessions: int = 0
    """Practice sessions that were begun."""
    seconds: int = 0
    scored: int = 0
    score_sum: int = 0
    assigned: int = 0
    """Sessions given to somebody and due then; without a deadline they are due when they are given."""
    completed: int = 0
    people: int = 0

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


def added(many: Iterable[Figures], *, people: int = 0) -> Figures:
    """People are told, not added: one person may be in several."""
    many = list(many)
    names = ("attempts", "sessions", "seconds", "scored", "score_sum", "assigned", "completed")
    return Figures(**{name: sum(getattr(figures, name) for figures in many) for name in names}, people=people)
