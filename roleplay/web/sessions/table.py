"""The table of sessions. What sorts, filters and pages is in the address."""

from typing import Any

from flask import Response, render_template, request, url_for
from flask_babel import lazy_gettext as _

from roleplay.assignments.models import SessionStatus
from roleplay.assignments.training import SORTS, SessionRow, Wanted, every_session, list_sessions
from roleplay.reports.tables import Cell
from roleplay.scenarios.content import ScenarioType
from roleplay.web.forms import chosen, one_line
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.sessions import blueprint
from roleplay.web.table_files import csv_file, moment
from roleplay.web.words import TYPES
from tenants.permissions import Permission

STATUSES = {
    SessionStatus.TO_DO: _("To do"),
    SessionStatus.COMPLETED: _("Completed"),
    SessionStatus.OVERDUE: _("Overdue"),
}
_SORTED_BY = {
    "name": _("name"),
    "attempts": _("attempts"),
    "status": _("status"),
    "deadline": _("deadline"),
    "type": _("type"),
    "persona": _("persona"),
    "participant": _("participant"),
    "creator": _("creator"),
    "created": _("date created"),
}


def _wanted() -> Wanted:
    asked = request.args
    sort = asked.get("sort", "")
    return Wanted(
        search=one_line(asked.get("q"))[:100],
        status=chosen(SessionStatus, asked.get("status")),
        type=chosen(ScenarioType, asked.get("type")),
        participant=one_line(asked.get("participant"))[:100],
        sort=sort if sort.removeprefix("-") in SORTS else "-created",
        page=min(asked.get("page", 1, type=int), 10_000),
    )


def address_of(wanted: Wanted, *, to: str = "index", **changes: Any) -> str:
    """The table with these changes; whatever narrows it anew begins on the first page."""
    query = {
        "q": wanted.search or None,
        "status": wanted.status,
        "type": wanted.type,
        "participant": wanted.participant or None,
        "sort": wanted.sort if wanted.sort != "-created" else None,
        **changes,
    }
    return url_for(f"organization.sessions.{to}", **query)


COLUMNS = {
    "name": _("Name"),
    "participant": _("Participant"),
    "attempts": _("Attempts"),
    "status": _("Status"),
    "deadline": _("Deadline"),
    "type": _("Scenario Type"),
    "persona": _("Persona used"),
    "creator": _("Created by"),
    "created": _("Date created"),
}


def written(row: SessionRow) -> dict[str, Cell]:
    return {
        "name": row.name,
        "participant": row.participant,
        "attempts": row.attempts,
        "status": str(STATUSES[row.status]),
        "deadline": moment(row.deadline_at),
        "type": str(TYPES[row.type]) if row.type else "",
        "persona": row.persona,
        "creator": row.created_by,
        "created": moment(row.created_at),
    }


@blueprint.get("/table.csv")
def export() -> Response:
    """Export this view. Whose session it is stands in it for those who see the sessions of everybody."""
    columns = dict(COLUMNS)
    if not this_member().may(Permission.SESSIONS_READ_ANY):
        del columns["participant"]
    rows = (written(row) for row in every_session(_wanted(), by=this_member()))
    return csv_file("roleplay-training", list(columns.values()), ([row[key] for key in columns] for row in rows))


@blueprint.get("")
def index() -> str:
    wanted = _wanted()
    template = "sessions/_table.html" if wants_fragment() else "sessions/index.html"
    return render_template(
        template,
        page=list_sessions(wanted, by=this_member()),
        wanted=wanted,
        address=lambda **changes: address_of(wanted, **changes),
        sort_url=lambda sort: address_of(wanted, sort=sort),
        page_url=lambda number: address_of(wanted, page=number),
        export_url=address_of(wanted, to="export"),
        statuses=STATUSES,
        sorted_by=_SORTED_BY[wanted.sort.removeprefix("-")],
        sees_everybody=this_member().may(Permission.SESSIONS_READ_ANY),
        may_create=this_member().may(Permission.SESSIONS_CREATE),
    )
