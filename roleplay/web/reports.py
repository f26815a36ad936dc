"""Reports: the usage of the organization, its export as a file, and the same by e-mail."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.ports import Files
from roleplay.reports import exports, subscribing
from roleplay.reports.access import access_export
from roleplay.reports.counting import PERIODS
from roleplay.reports.figures import period_of
from roleplay.reports.models import Format, ReportExport, Rhythm
from roleplay.reports.people import BUSIEST_FIRST, SORTS, list_people
from roleplay.reports.usage import Usage, usage_of
from roleplay.scenarios.tags import tags_in_use
from roleplay.web.forms import chosen, one_line
from roleplay.web.htmx import instead_of_main, wants_fragment
from roleplay.web.organization import this_member, this_organization
from tenants.errors import Forbidden, NotFound
from tenants.permissions import Permission

blueprint = Blueprint("reports", __name__, url_prefix="/reports")

SHOWN = 10
"""Scenarios, goals and people on the page; an export has all of them, and the people have a table."""
MEDIA_TYPES = {
    Format.CSV: "text/csv; charset=utf-8",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.PDF: "application/pdf",
}


@blueprint.errorhandler(Forbidden)
def explain(_refusal: Forbidden) -> BaseResponse:
    return instead_of_main(make_response(render_template("reports/not_allowed.html"), 403))


def _require() -> None:
    if not this_member().may(Permission.REPORTS_READ):
        raise Forbidden(code="full_members_only")


def _weeks() -> int:
    asked = request.values.get("weeks", type=int)
    return asked if asked in PERIODS else PERIODS[1]


def _tags() -> list[str]:
    return list(dict.fromkeys(tag for asked in request.values.getlist("tag")[:10] if (tag := one_line(asked)[:60])))


def address_of(usage: Usage, **changes: Any) -> str:
    """This report with these changes."""
    query = {"weeks": usage.period.weeks, "tag": list(usage.tags) or None, **changes}
    return url_for("organization.reports.index", **query)


@blueprint.get("")
def index() -> str:
    _require()
    zone = this_organization().time_zone
    usage = usage_of(period_of(_weeks(), zone=zone), zone=zone, tags=_tags(), most=SHOWN)
    return render_template(
        "reports/_report.html" if wants_fragment() else "reports/index.html",
        usage=usage,
        shown=SHOWN,
        periods=PERIODS,
        tags=tags_in_use(),
        address=lambda **changes: address_of(usage, **changes),
        exports=exports.recent_exports(this_member()),
        subscription=subscribing.rhythm_of(this_member()),
    )


@blueprint.get("/people")
def people() -> str:
    """Everybody in the report, line by line."""
    _require()
    zone, weeks, tags = this_organization().time_zone, _weeks(), _tags()
    sort = request.args.get("sort", "")
    sort = sort if sort.removeprefix("-") in SORTS else BUSIEST_FIRST
    period, number = period_of(weeks, zone=zone), min(request.args.get("page", 1, type=int), 10_000)
    return render_template(
        "reports/_people.html" if wants_fragment() else "reports/people.html",
        page=list_people(period, zone=zone, tags=tags, sort=sort, page=number),
        period=period,
        tags=tags,
        sort=sort,
        sort_url=lambda sort: url_for(".people", weeks=weeks, tag=tags or None, sort=sort),
        page_url=lambda number: url_for(".people", weeks=weeks, tag=tags or None, sort=sort, page=number),
    )


@blueprint.post("/exports")
def export() -> BaseResponse:
    """Asks for the report as a file; a job makes it."""
    _require()
    wanted = chosen(Format, request.form.get("format")) or Format.XLSX
    asked = exports.ask_for_export(wanted, weeks=_weeks(), tags=_tags(), by=this_member())
    return redirect(url_for(".show_export", export_id=asked.id), 303)


@blueprint.get("/exports/<uuid:export_id>")
def show_export(export_id: UUID) -> str:
    found = access_export(this_member(), export_id)
    template = "reports/_export.html" if wants_fragment() else "reports/export.html"
    return render_template(template, export=found)


@blueprint.get("/exports/<uuid:export_id>/file")
def download(export_id: UUID) -> BaseResponse:
    found = access_export(this_member(), export_id)
    files: Files = current_app.extensions["files"]
    content = files.read(found.key) if found.is_ready else None
    if content is None:
        raise NotFound
    response = Response(content, content_type=MEDIA_TYPES[Format(found.format)])
    response.headers["Content-Disposition"] = f'attachment; filename="{_name(found)}"'
    return response


def _name(found: ReportExport) -> str:
    return f"{this_organization().slug}-{found.created_at:%Y-%m-%d}.{found.format}"


@blueprint.post("/subscription")
def subscribe() -> BaseResponse:
    """The report by e-mail: each week, each month, or not at all."""
    _require()
    rhythm = chosen(Rhythm, request.form.get("rhythm"))
    subscribing.subscribe(this_member(), rhythm, zone=this_organization().time_zone)
    flash(_("The report will come by e-mail.") if rhythm else _("No more reports by e-mail."), "good")
    return redirect(url_for(".index"), 303)
