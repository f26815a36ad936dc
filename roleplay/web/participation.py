"""Participation history: every session that was given out with a scenario, to narrow, sort, page and take as a file."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, render_template, request, url_for

from roleplay.assignments.models import SessionStatus
from roleplay.assignments.training import SORTS, Wanted, every_session, list_sessions
from roleplay.scenarios.access import access_scenario
from roleplay.web.forms import chosen, one_line
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.scenarios.refusals import explain
from roleplay.web.sessions.table import COLUMNS, STATUSES, written
from roleplay.web.table_files import csv_file
from tenants.errors import Forbidden

blueprint = Blueprint("participation", __name__, url_prefix="/scenarios/<uuid:scenario_id>/participation")
blueprint.register_error_handler(Forbidden, explain)
EXPORTED = ("participant", "attempts", "status", "deadline", "created")


def _wanted(scenario_id: UUID) -> Wanted:
    asked = request.args
    sort = asked.get("sort", "")
    return Wanted(
        scenario_id=scenario_id,
        participant=one_line(asked.get("q"))[:100],
        status=chosen(SessionStatus, asked.get("status")),
        sort=sort if sort.removeprefix("-") in SORTS else "-created",
        page=min(asked.get("page", 1, type=int), 10_000),
    )


def _address_of(wanted: Wanted, *, to: str = "index", **changes: Any) -> str:
    query = {
        "q": wanted.participant or None,
        "status": wanted.status,
        "sort": wanted.sort if wanted.sort != "-created" else None,
        **changes,
    }
    return url_for(f"organization.participation.{to}", scenario_id=wanted.scenario_id, **query)


@blueprint.get("")
def index(scenario_id: UUID) -> str:
    scenario = access_scenario(this_member(), scenario_id)
    wanted = _wanted(scenario.id)
    return render_template(
        "participants/_participation.html" if wants_fragment() else "participants/participation.html",
        scenario=scenario,
        page=list_sessions(wanted, by=this_member()),
        wanted=wanted,
        statuses=STATUSES,
        sort_url=lambda sort: _address_of(wanted, sort=sort),
        page_url=lambda number: _address_of(wanted, page=number),
        export_url=_address_of(wanted, to="export"),
    )


@blueprint.get("/table.csv")
def export(scenario_id: UUID) -> Response:
    """Export this view."""
    scenario = access_scenario(this_member(), scenario_id)
    rows = (written(row) for row in every_session(_wanted(scenario.id), by=this_member()))
    return csv_file(
        "participation-history", [COLUMNS[key] for key in EXPORTED], ([row[key] for key in EXPORTED] for row in rows)
    )
