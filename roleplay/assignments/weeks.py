"""Weeks and days as people in one time zone live them. Pure: instants are aware and in UTC, days are local.

A week begins on Monday (ISO 8601) and is named by that day. It is as long as its time zone makes it: 167 or 169 hours
when the clocks change. A deadline is the last second of its day.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAYS = 7
MORNING = time(9)
"""When reminders go out."""
EVE = timedelta(days=2)
"""A reminder goes out this long before the day of the deadline: on Friday for the end of a week."""
LATEST = timedelta(days=7)
"""After this long a missed deadline is no news any more."""


def day_of(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def week_of(moment: datetime, zone: str) -> date:
    """The Monday of the week."""
    day = day_of(moment, zone)
    return day - timedelta(days=day.weekday())


def starts_at(day: date, zone: str) -> datetime:
    """The first instant of a day."""
    return _instant(day, time(), zone)


def ends_at(day: date, zone: str) -> datetime:
    """The last second of a day; the later one where the clocks are set back at midnight."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone)).replace(fold=1).astimezone(UTC)


def week_ends_at(monday: date, zone: str) -> datetime:
    return ends_at(monday + timedelta(days=DAYS - 1), zone)


def share(per_week: int, *, joined_at: datetime, week: date, zone: str) -> int:
    """How many sessions a week holds for somebody: all of them, or the part of the days that are left, at least one,
    for whoever joins in mid-week."""
    missed = (day_of(joined_at, zone) - week).days
    if missed <= 0:
        return per_week
    return max(1, -(-per_week * (DAYS - missed) // DAYS)) if missed < DAYS else 0


def reminder_before(deadline: datetime, zone: str) -> datetime:
    """The morning two days before a deadline's day."""
    return _instant(day_of(deadline, zone) - EVE, MORNING, zone)


def reminder_after(deadline: datetime, zone: str) -> datetime:
    """The morning after a deadline's day."""
    return _instant(day_of(deadline, zone) + timedelta(days=1), MORNING, zone)


def _instant(day: date, clock: time, zone: str) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)
