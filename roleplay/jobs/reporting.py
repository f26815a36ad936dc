"""Reports outside a request: files, e-mails, and the nightly count. Words are chosen here, in the reader's language."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import select

from roleplay.assignments.weeks import day_of
from roleplay.jobs.mail import compose
from roleplay.jobs.means import files, means, settings
from roleplay.reports import counting, exports, subscribing
from roleplay.reports.figures import Period, period_of
from roleplay.reports.models import ReportExport
from roleplay.reports.tables import Words
from roleplay.reports.usage import Usage, usage_of
from tenants.clock import now
from tenants.db import db
from tenants.members import Member
from tenants.organizations import Organization
from tenants.outbox import later
from tenants.permissions import Permission
from tenants.scope import current_organization_id, organization_scope, platform_scope


def export_report(export_id: str) -> None:
    """Makes the file that somebody asked for."""
    export = db.session.scalar(select(ReportExport).where(ReportExport.id == UUID(export_id)))
    if export is None:
        return
    organization, asker = _organization(), db.session.get_one(Member, (export.organization_id, export.asked_by_id))
    language = asker.identity.language or organization.language
    period = period_of(export.weeks, zone=organization.time_zone, at=export.created_at)
    with force_locale(language):
        words = _words(organization, language, period, export.tags)
        exports.make_export(export.id, zone=organization.time_zone, words=words, files=files())


def tell_that_no_file_comes(_error: Exception, *, export_id: str) -> None:
    exports.fail_export(UUID(export_id))


def send_usage_report(member_id: str, since: str, until: str) -> None:
    """The e-mail of one week or month to one member, if they may still read reports."""
    member = db.session.get_one(Member, (current_organization_id(), UUID(member_id)))
    if not member.may(Permission.REPORTS_READ):
        return
    organization, period = _organization(), Period(date.fromisoformat(since), date.fromisoformat(until))
    usage = usage_of(period, zone=organization.time_zone, most=5)
    db.session.commit()
    email = compose(
        "usage_report",
        to=member.email,
        language=member.identity.language or organization.language,
        subject=lambda: _("Practice at %(organization)s", organization=organization.name),
        name=member.name,
        organization=organization.name,
        usage=usage,
        link=f"{settings().public_url.rstrip('/')}/o/{organization.slug}/reports",
    )
    means().mailer.send(email)


def count_usage() -> None:
    """Counts the practice that is over, and forgets the exports whose day is over."""
    counting.count_weeks(zone=_organization().time_zone)
    exports.forget_expired_exports(files())


def queue_reports() -> None:
    """For the scheduler: in every organization, what is due by its own clock."""
    with platform_scope():
        organizations = db.session.execute(select(Organization.id, Organization.time_zone)).all()
        db.session.commit()
    for organization_id, zone in organizations:
        with organization_scope(organization_id):
            subscribing.queue_due_reports(zone=zone)
            if not _is_counted_today(zone):
                later("count_usage")
            db.session.commit()


def _is_counted_today(zone: str) -> bool:
    last = counting.last_count(zone)
    return last is not None and day_of(last.counted_at, zone) == day_of(now(), zone)


def _organization() -> Organization:
    return db.session.get_one(Organization, current_organization_id())


def _words(organization: Organization, language: str, period: Period, tags: Sequence[Any]) -> Words:
    days = {"from_day": _day(period.since), "to_day": _day(period.last_day)}
    subtitle = _("%(from_day)s to %(to_day)s", **days)
    return Words(
        language=language,
        title=_("Practice at %(organization)s", organization=organization.name),
        subtitle=" · ".join([subtitle, *map(str, tags)]),
        parts={
            "totals": _("Totals"),
            "weeks": _("Week by week"),
            "people": _("People"),
            "scenarios": _("Scenarios"),
            "tags": _("Tags"),
            "goals": _("Goals"),
        },
        columns={
            "part": _("Part"),
            "name": _("Name"),
            "note": _("Scenario"),
            "sessions": _("Sessions begun"),
            "attempts": _("Conversations"),
            "minutes": _("Minutes"),
            "people": _("Active people"),
            "assigned": _("Assigned"),
            "completed": _("Completed"),
            "completion": _("Completion in percent"),
            "score": _("Average score"),
        },
        private=_("Private practice is in the totals and in the weeks as a number only; it has no score and no name."),
        more=_("The spreadsheet has every line."),
        week=_week_labels,
    )


def _day(day: date) -> str:
    return str(format_date(day, "medium", rebase=False))


def _week_labels(usage: Usage) -> list[str]:
    return [week.monday.isoformat() for week in usage.weeks]
