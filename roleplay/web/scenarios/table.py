"""The table of scenarios, and the ways to begin a new one. What sorts, filters and pages is in the address."""

from typing import Any
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.overview import SORTS, ScenarioRow, Standing, Wanted, every_scenario, list_scenarios
from roleplay.reports.tables import Cell
from roleplay.scenarios import authoring
from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.content import ScenarioType
from roleplay.scenarios.tags import tags_in_use
from roleplay.web.forms import chosen, one_line
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from roleplay.web.scenarios.refusals import may_author, require
from roleplay.web.scenarios.words import STANDINGS
from roleplay.web.table_files import csv_file, moment
from roleplay.web.words import TYPES
from tenants.permissions import Permission


def _wanted() -> Wanted:
    asked = request.args
    sort = asked.get("sort", "")
    return Wanted(
        search=one_line(asked.get("q"))[:100],
        type=chosen(ScenarioType, asked.get("type")),
        standing=chosen(Standing, asked.get("status")),
        tags=tuple(dict.fromkeys(tag[:60] for tag in asked.getlist("tag")[:10] if tag)),
        mine=asked.get("by") == "me",
        sort=sort if sort.removeprefix("-") in SORTS else "-created",
        page=min(asked.get("page", 1, type=int), 10_000),
    )


def address_of(wanted: Wanted, *, to: str = "index", **changes: Any) -> str:
    """The table with these changes; whatever narrows it anew begins on the first page."""
    query = {
        "q": wanted.search or None,
        "type": wanted.type,
        "status": wanted.standing,
        "tag": list(wanted.tags) or None,
        "by": "me" if wanted.mine else None,
        "sort": wanted.sort if wanted.sort != "-created" else None,
        **changes,
    }
    return url_for(f"organization.scenarios.{to}", **query)


@blueprint.get("")
def index() -> str:
    require(Permission.SCENARIOS_READ)
    wanted = _wanted()
    template = "scenarios/_table.html" if wants_fragment() else "scenarios/index.html"
    return render_template(
        template,
        page=list_scenarios(wanted, by=this_member()),
        wanted=wanted,
        address=lambda **changes: address_of(wanted, **changes),
        sort_url=lambda sort: address_of(wanted, sort=sort),
        page_url=lambda number: address_of(wanted, page=number),
        export_url=address_of(wanted, to="export_table"),
        tags=tags_in_use(),
        standings=STANDINGS,
        may_author=may_author(),
    )


@blueprint.get("/table.csv")
def export_table() -> Response:
    """Export this view."""
    require(Permission.SCENARIOS_READ)
    columns = (
        _("Name"),
        _("Status"),
        _("Scenario Type"),
        _("Persona used"),
        _("Participants"),
        _("Sessions per week"),
        _("Created by"),
        _("Tags"),
        _("Date created"),
    )
    return csv_file(
        "roleplay-scenarios", columns, (_written(row) for row in every_scenario(_wanted(), by=this_member()))
    )


def _written(row: ScenarioRow) -> list[Cell]:
    return [
        row.title,
        str(STANDINGS[row.standing][0]),
        str(TYPES[row.type]) if row.type else "",
        row.persona,
        row.participants,
        row.sessions_per_week,
        row.created_by or _("Library"),
        ", ".join(row.tags),
        moment(row.created_at),
    ]


@blueprint.post("")
def begin() -> BaseResponse:
    """New scenario: opens the first of the six steps."""
    require(Permission.SCENARIOS_AUTHOR)
    scenario = authoring.begin(by=this_member())
    return redirect(url_for(".edit", scenario_id=scenario.id, step="details"), 303)


@blueprint.get("/copies")
def choose_original() -> str:
    """New scenario from a duplicated copy: which one?"""
    require(Permission.SCENARIOS_AUTHOR)
    wanted = _wanted()
    page = list_scenarios(wanted, by=this_member())
    return render_template(
        "scenarios/copies.html",
        page=page,
        wanted=wanted,
        number_url=lambda number: url_for(".choose_original", q=wanted.search or None, page=number),
    )


@blueprint.post("/<uuid:scenario_id>/copies")
def duplicate(scenario_id: UUID) -> BaseResponse:
    """Pre-fills the steps of a new scenario from this one."""
    original = access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)
    title = _("Copy of %(title)s", title=original.title)[:600]
    copy = authoring.duplicate(original, title=title, by=this_member())
    flash(_("This is a copy. The original stays as it is."), "good")
    return redirect(url_for(".edit", scenario_id=copy.id, step="details"), 303)
