"""A deadline as a file for calendars (RFC 5545): an all-day event that reminds on the morning before."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event

from roleplay.assignments.reminding import Letter
from roleplay.jobs.means import settings
from roleplay.ports import Attachment
from tenants.clock import now


def deadline_file(letter: Letter, *, link: str, zone: str) -> Attachment | None:
    """None without a deadline. The same participant and day give the same UID, so that a second file replaces the first
    in a calendar instead of standing beside it."""
    if letter.deadline_at is None:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Roleplay//Practice//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(_event(letter, link=link, zone=zone))
    return Attachment("practice.ics", calendar.to_ical(), "text/calendar")


def _event(letter: Letter, *, link: str, zone: str) -> Event:
    assert letter.deadline_at
    day = letter.deadline_at.astimezone(ZoneInfo(zone)).date()
    due_on = letter.deadline_at.astimezone(ZoneInfo(letter.organization.time_zone)).date()
    host = settings().public_url.split("//", 1)[-1].split("/")[0].split(":")[0]
    title = _("Practise “%(scenario)s”", scenario=letter.scenario)
    event = Event()
    event.add("uid", f"{letter.notice.participant_id}-{due_on:%Y%m%d}@{host}")
    event.add("dtstamp", now())
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("summary", title)
    event.add("description", link)
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", title)
    alarm.add("trigger", timedelta(hours=-15))
    event.add_component(alarm)
    return event
