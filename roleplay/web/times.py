"""Durations as people read them; dates, times and numbers come from Babel's own filters."""

from datetime import datetime, timedelta

from babel import Locale
from flask import Flask
from flask_babel import format_date, format_time, get_locale, ngettext


def register(app: Flask) -> None:
    app.jinja_env.filters.update(duration=duration, clock_time=clock_time, date_and_time=date_and_time)


def date_and_time(at: datetime) -> str:
    """To the minute, in the reader's zone and the order that the reader's language gives them."""
    pattern = str((get_locale() or Locale("en")).datetime_formats["medium"])
    return pattern.format(format_time(at, "short"), format_date(at, "medium"))


def duration(length: timedelta) -> str:
    """ "4 min 05 s", or "38 s" below a minute."""
    minutes, seconds = divmod(max(0, round(length.total_seconds())), 60)
    if not minutes:
        return str(ngettext("%(num)d second", "%(num)d seconds", seconds))
    return f"{minutes} min {seconds:02d} s"


def clock_time(milliseconds: int) -> str:
    """Position in a conversation, "4:05"."""
    minutes, seconds = divmod(milliseconds // 1000, 60)
    return f"{minutes}:{seconds:02d}"
