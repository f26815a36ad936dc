"""Weeks and deadlines as people live them, across clock changes, year ends and time zones."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from roleplay.assignments.weeks import (
    day_of,
    ends_at,
    reminder_after,
    reminder_before,
    share,
    starts_at,
    week_ends_at,
    week_of,
)

PARIS, KOLKATA, AUCKLAND = "Europe/Paris", "Asia/Kolkata", "Pacific/Auckland"


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "monday"),
    [
        (at("2026-11-16 00:00", PARIS), PARIS, date(2026, 11, 16)),
        (at("2026-11-15 23:59", PARIS), PARIS, date(2026, 11, 9)),
        (at("2026-11-15 20:00"), KOLKATA, date(2026, 11, 16)),
        (at("2026-11-15 20:00"), PARIS, date(2026, 11, 9)),
        (at("2027-01-01 12:00"), PARIS, date(2026, 12, 28)),
        (at("2027-01-04 00:00", PARIS), PARIS, date(2027, 1, 4)),
    ],
)
def test_a_week_begins_on_monday_where_the_organization_is(moment: datetime, zone: str, monday: date) -> None:
    assert week_of(moment, zone) == monday


def test_the_last_week_of_a_long_year_is_the_fifty_third() -> None:
    assert week_of(at("2027-01-03 12:00"), PARIS).isocalendar()[:2] == (2026, 53)


@pytest.mark.parametrize(
    ("monday", "zone", "hours"),
    [
        (date(2026, 11, 16), PARIS, 168),
        (date(2026, 3, 23), PARIS, 167),
        (date(2026, 10, 19), PARIS, 169),
        (date(2026, 9, 21), AUCKLAND, 167),
        (date(2026, 3, 30), AUCKLAND, 169),
    ],
)
def test_a_week_is_as_long_as_the_clocks_make_it(monday: date, zone: str, hours: int) -> None:
    last_second = week_ends_at(monday, zone)
    assert last_second - starts_at(monday, zone) == timedelta(hours=hours) - timedelta(seconds=1)
    assert last_second.astimezone(ZoneInfo(zone)).strftime("%A %H:%M:%S") == "Sunday 23:59:59"
    assert last_second + timedelta(seconds=1) == starts_at(monday + timedelta(days=7), zone)


def test_a_day_that_ends_twice_ends_the_second_time() -> None:
    """Havana sets its clocks back at one o'clock to midnight; Azores, on the day before, end a day as usual."""
    assert ends_at(date(2026, 10, 31), "America/Havana") == at("2026-10-31 23:59:59", "America/Havana")
    back_at_midnight = date(2022, 10, 29), "America/Asuncion"
    assert day_of(ends_at(*back_at_midnight), back_at_midnight[1]) == back_at_midnight[0]


@pytest.mark.parametrize(
    ("per_week", "joined", "sessions"),
    [
        (3, "2026-11-10 09:00", 3),
        (3, "2026-11-16 09:00", 3),
        (3, "2026-11-18 09:00", 3),
        (3, "2026-11-20 09:00", 2),
        (3, "2026-11-22 23:00", 1),
        (1, "2026-11-22 23:00", 1),
        (14, "2026-11-21 09:00", 4),
        (3, "2026-11-23 00:00", 0),
    ],
)
def test_whoever_joins_in_mid_week_gets_the_share_of_the_days_that_are_left(
    per_week: int, joined: str, sessions: int
) -> None:
    assert share(per_week, joined_at=at(joined, PARIS), week=date(2026, 11, 16), zone=PARIS) == sessions


def test_reminders_go_out_in_the_morning_on_both_sides_of_a_clock_change() -> None:
    deadline = week_ends_at(date(2026, 10, 19), PARIS)
    assert reminder_before(deadline, PARIS) == at("2026-10-23 09:00", PARIS)
    assert reminder_after(deadline, PARIS) == at("2026-10-26 09:00", PARIS)
    assert reminder_after(deadline, PARIS) - reminder_before(deadline, PARIS) == timedelta(days=3, hours=1)
