"""A deadline as a file for calendars (RFC 5545): an all-day event that reminds on the morning before, or the word that
there is none any more."""

from datetime import timedelta
from email.utils import parseaddr
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from icalendar import Alarm, Calendar, Event, vCalAddress

from roleplay.assignments.letters import WITHDRAWALS, Letter
from roleplay.jobs.means import settings
from roleplay.ports import Attachment
from tenants.clock import now


def deadline_file(letter: Letter, *, link: str, zone: str) -> Attachment | None:
    """None without a deadline. What is about the same deadline has the same UID, so that a calendar keeps one entry for
    it, moves that one when the deadline moves and drops it when the deadline goes (RFC 5546)."""
    is_withdrawn = letter.notice.kind in WITHDRAWALS
    if letter.deadline_at is None and not is_withdrawn:
        return None
    method = "CANCEL" if is_withdrawn else "PUBLISH"
    calendar = Calendar()
    calendar.add("prodid", "-//Roleplay//Practice//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add_component(_withdrawn(letter) if is_withdrawn else _event(letter, link=link, zone=zone))
    return Attachment("practice.ics", calendar.to_ical(), f"text/calendar; method={method}")


def _event(letter: Letter, *, link: str, zone: str) -> Event:
    assert letter.deadline_at
    event = _entry(letter)
    day = letter.deadline_at.astimezone(ZoneInfo(zone)).date()
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("description", link)
    event.add("url", link)
    event.add("transp", "TRANSPARENT")
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", event["summary"])
    alarm.add("trigger", timedelta(hours=-15))
    event.add_component(alarm)
    return event


def _withdrawn(letter: Letter) -> Event:
    event = _entry(letter)
    event.add("dtstart", letter.notice.due_on)
    event.add("attendee", vCalAddress(f"mailto:{letter.recipient.email}"))
    event.add("status", "CANCELLED")
    return event


def _entry(letter: Letter) -> Event:
    """What every word about the same deadline begins with: which entry it is, and how new the word."""
    event = Event()
    week = f"-{letter.week:%Y%m%d}" if letter.week else ""
    host = settings().public_url.split("//", 1)[-1].split("/")[0].split(":")[0]
    event.add("uid", f"{letter.notice.participant_id}{week}@{host}")
    event.add("sequence", letter.notice.participant.calendar_sequence)
    event.add("dtstamp", now())
    event.add("organizer", vCalAddress(f"mailto:{parseaddr(settings().mail_from)[1]}"))
    event.add("summary", _("Practise “%(scenario)s”", scenario=letter.scenario))
    return event
