"""A scenario as a file: out as YAML, and in again."""

import re
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.scenarios import authoring, exchange
from roleplay.scenarios.access import access_scenario
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from roleplay.web.scenarios.refusals import require
from roleplay.web.scenarios.words import name_of
from tenants.permissions import Permission


@blueprint.get("/<uuid:scenario_id>/file")
def export(scenario_id: UUID) -> BaseResponse:
    scenario = access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)
    name = re.sub(r"[^a-z0-9]+", "-", scenario.title.lower())[:60].strip("-") or "scenario"
    body = exchange.written(authoring.draft_of(scenario).text)
    return Response(
        body,
        content_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}.yaml"'},
    )


@blueprint.get("/imports")
def choose_file() -> str:
    require(Permission.SCENARIOS_AUTHOR)
    return render_template("scenarios/imports.html", source="", faults=[])


@blueprint.post("/imports")
def import_file() -> BaseResponse | tuple[str, int]:
    """A new scenario from an uploaded file, or from what was pasted."""
    require(Permission.SCENARIOS_AUTHOR)
    upload = request.files.get("file")
    raw = upload.read(exchange.LARGEST_FILE + 1) if upload and upload.filename else b""
    source = raw.decode("utf-8", errors="replace") if raw else request.form.get("source", "")
    try:
        text = exchange.read(source)
    except exchange.UnreadableFile as refusal:
        faults = [_said(fault) for fault in refusal.faults]
        return render_template("scenarios/imports.html", source=source[:100_000], faults=faults), 422
    scenario = authoring.begin_from(text, by=this_member())
    flash(_("The file is in. Look through the steps before you start."), "good")
    return redirect(url_for(".edit", scenario_id=scenario.id, step="details"), 303)


def _said(fault: exchange.Fault) -> str:
    known = {
        "too_large": _("The file is larger than 256 kB."),
        "not_a_scenario": _("This is not a scenario: a file with fields such as title, goals and persona is needed."),
        "aliases": _("Anchors and aliases are not taken; write every text out."),
        "too_deep": _("The file is nested more deeply than a scenario is."),
        "unstorable": _("The file holds a character that no text can hold."),
        "not_yaml": _("The file cannot be read as YAML."),
    }
    if fault.what in known:
        return str(known[fault.what])
    where = fault.where if fault.where.startswith("line ") else name_of(fault.where)
    return f"{where}: {fault.what}"
