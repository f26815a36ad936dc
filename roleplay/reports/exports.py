"""The report as a file: asked for, made by a job that says how far it is, kept for a day."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select

from roleplay.ports import Files
from roleplay.reports.documents import write
from roleplay.reports.figures import period_of
from roleplay.reports.models import ExportStatus, Format, ReportExport
from roleplay.reports.tables import Words
from roleplay.reports.usage import usage_of
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.members import Member
from tenants.outbox import later

KEPT = timedelta(hours=24)
_COUNTED, _WRITTEN = 40, 90


def ask_for_export(wanted: Format, *, weeks: int, tags: Sequence[str], by: Member) -> ReportExport:
    export = ReportExport(
        asked_by_id=by.id, format=wanted, weeks=weeks, tags=list(tags), expires_at=now() + KEPT, progress=0
    )
    db.session.add(export)
    db.session.flush()
    later("export_report", export_id=export.id)
    audit.record("report.exported", by=by, about=export.id, format=wanted, weeks=weeks)
    return export


def recent_exports(member: Member) -> list[ReportExport]:
    """The member's own, newest first."""
    query = select(ReportExport).where(ReportExport.asked_by_id == member.id, ReportExport.expires_at > now())
    return list(db.session.scalars(query.order_by(ReportExport.created_at.desc()).limit(3)))


def make_export(export_id: UUID, *, zone: str, words: Words, files: Files) -> None:
    """Makes the file, committing how far it is on the way. A second run makes the same file again."""
    export = db.session.scalar(select(ReportExport).where(ReportExport.id == export_id))
    if export is None or export.status == ExportStatus.READY:
        return
    tell = _teller(export)
    tell(5)
    usage = usage_of(period_of(export.weeks, zone=zone, at=export.created_at), zone=zone, tags=export.tags)
    tell(_COUNTED)
    content = write(Format(export.format), usage, words, tell=lambda share: tell(_COUNTED + round(50 * share)))
    tell(_WRITTEN)
    files.write(export.key, content)
    export.status, export.finished_at = ExportStatus.READY, now()
    tell(100)


def _teller(export: ReportExport) -> Callable[[int], None]:
    def tell(progress: int) -> None:
        if export.status == ExportStatus.WAITING:
            export.status = ExportStatus.WORKING
        export.progress = progress
        db.session.commit()

    return tell


def fail_export(export_id: UUID) -> None:
    export = db.session.scalar(select(ReportExport).where(ReportExport.id == export_id))
    if export:
        export.status = ExportStatus.FAILED


def forget_expired_exports(files: Files) -> None:
    """Rows and files of the scope's organization whose day is over."""
    for export in db.session.scalars(select(ReportExport).where(ReportExport.expires_at < now())):
        files.delete(export.key)
    db.session.execute(delete(ReportExport).where(ReportExport.expires_at < now()))
