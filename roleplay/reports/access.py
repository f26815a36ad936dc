"""The only way to an export by its id."""

from uuid import UUID

from sqlalchemy import select

from roleplay.reports.models import ReportExport
from tenants.clock import now
from tenants.db import db
from tenants.errors import NotFound
from tenants.members import Member
from tenants.permissions import Permission


def access_export(member: Member, export_id: UUID) -> ReportExport:
    """An export that somebody of the organization asked for and that is still kept; all who read reports share it."""
    export = db.session.scalar(
        select(ReportExport).where(ReportExport.id == export_id, ReportExport.expires_at > now())
    )
    if export is None or not member.may(Permission.REPORTS_READ):
        raise NotFound
    return export
