"""The report by e-mail: who wants it, and for which weeks the next one is due."""

from datetime import date, timedelta

from sqlalchemy import delete, select

from roleplay.assignments.weeks import day_of
from roleplay.reports.counting import WEEK, monday_of
from roleplay.reports.figures import Period
from roleplay.reports.models import ReportSubscription, Rhythm
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.members import Member
from tenants.outbox import later


def rhythm_of(member: Member) -> Rhythm | None:
    found = db.session.scalar(select(ReportSubscription.rhythm).where(ReportSubscription.member_id == member.id))
    return Rhythm(found) if found else None


def subscribe(member: Member, rhythm: Rhythm | None, *, zone: str) -> None:
    """The first report comes when the present week or month is over; None ends it."""
    db.session.execute(delete(ReportSubscription).where(ReportSubscription.member_id == member.id))
    if rhythm:
        sent_for = newest_period(rhythm, day_of(now(), zone)).since
        db.session.add(ReportSubscription(member_id=member.id, rhythm=rhythm, sent_for=sent_for))
    audit.record("report.subscribed", by=member, rhythm=rhythm or "none")


def newest_period(rhythm: Rhythm, today: date) -> Period:
    """The last week that is over; or the weeks that began in the last month all of whose weeks are over."""
    if rhythm is Rhythm.WEEKLY:
        until = monday_of(today)
        return Period(until - WEEK, until)
    until = _first_monday(today)
    if until > today:
        until = _first_monday(today.replace(day=1) - timedelta(days=1))
    return Period(_first_monday(until.replace(day=1) - timedelta(days=1)), until)


def _first_monday(day: date) -> date:
    """Of the month of that day."""
    return monday_of(day.replace(day=7))


def queue_due_reports(*, zone: str) -> int:
    """Queues the reports of the scope's organization whose period is over, each once; returns how many."""
    today, queued = day_of(now(), zone), 0
    for subscription in db.session.scalars(select(ReportSubscription).with_for_update(skip_locked=True)):
        period = newest_period(Rhythm(subscription.rhythm), today)
        if period.since > subscription.sent_for:
            subscription.sent_for = period.since
            later(
                "send_usage_report",
                member_id=subscription.member_id,
                since=period.since.isoformat(),
                until=period.until.isoformat(),
            )
            queued += 1
    return queued
