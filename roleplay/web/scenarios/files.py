"""A scenario as a file: out as YAML, and in again. What it says of its persona and its judge can be kept for others."""

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.scenarios import authoring, exchange, keeping
from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.cards import Card
from roleplay.scenarios.keeping import EvaluationTemplate, Kept, KeptPersona
from roleplay.scenarios.models import Scenario
from roleplay.scenarios.validity import Step
from roleplay.scenarios.yaml_source import UnreadableFile
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from roleplay.web.scenarios.refusals import require
from roleplay.web.yaml_files import download, sentence_of, shown_again, uploaded
from tenants.errors import Invalid
from tenants.permissions import Permission


def _authored(scenario_id: UUID) -> Scenario:
    return access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)


@blueprint.get("/<uuid:scenario_id>/file")
def export(scenario_id: UUID) -> BaseResponse:
    scenario = _authored(scenario_id)
    return download(exchange.written(authoring.draft_of(scenario).text), scenario.title)


@blueprint.get("/imports")
def choose_file() -> str:
    require(Permission.SCENARIOS_AUTHOR)
    return render_template("scenarios/imports.html", source="", faults=[])


@blueprint.post("/imports")
def import_file() -> BaseResponse | tuple[str, int]:
    """A new scenario from an uploaded file, or from what was pasted."""
    require(Permission.SCENARIOS_AUTHOR)
    source = uploaded()
    try:
        text = exchange.read(source)
    except UnreadableFile as refusal:
        needed = _("This is not a scenario: a file with fields such as title, goals and persona is needed.")
        faults = [sentence_of(fault, this_is_not=needed) for fault in refusal.faults]
        return render_template("scenarios/imports.html", source=shown_again(source), faults=faults), 422
    scenario = authoring.begin_from(text, by=this_member())
    flash(_("The file is in. Look through the steps before you start."), "good")
    return redirect(url_for(".edit", scenario_id=scenario.id, step="details"), 303)


@blueprint.get("/<uuid:scenario_id>/persona/file")
def export_persona(scenario_id: UUID) -> BaseResponse:
    scenario = _authored(scenario_id)
    try:
        card = keeping.persona_in(authoring.draft_of(scenario).text)
    except Invalid:
        return _persona_is_missing(scenario)
    return download(exchange.written_cards([card]), card.called)


@blueprint.post("/<uuid:scenario_id>/persona")
def keep_persona(scenario_id: UUID) -> BaseResponse:
    """For other scenarios to take."""
    scenario = _authored(scenario_id)
    try:
        card = keeping.persona_in(authoring.draft_of(scenario).text)
    except Invalid:
        return _persona_is_missing(scenario)
    return _kept(KeptPersona, card, url_for("organization.personas.index"))


def _persona_is_missing(scenario: Scenario) -> BaseResponse:
    flash(_("Something about the persona is still missing."), "danger")
    return redirect(url_for(".show", scenario_id=scenario.id, part=Step.PERSONA), 303)


@blueprint.post("/<uuid:scenario_id>/evaluation-template")
def keep_template(scenario_id: UUID) -> BaseResponse:
    """Its instructions to the judge, under the name of the scenario."""
    scenario = _authored(scenario_id)
    try:
        card = keeping.template_in(authoring.draft_of(scenario).text)
    except Invalid:
        flash(_("Not kept: the scenario needs a name and evaluation instructions first."), "danger")
        return redirect(url_for(".show", scenario_id=scenario.id, part=Step.EVALUATION), 303)
    return _kept(EvaluationTemplate, card, url_for("organization.evaluation_templates.index"))


def _kept(kind: type[Kept], card: Card, shelf: str) -> BaseResponse:
    try:
        keeping.keep(kind, [card], by=this_member())
    except keeping.HereAlready:
        flash(_("“%(name)s” is kept already and says something else. Nothing was changed.", name=card.called), "warn")
    except keeping.ShelfFull:
        flash(_("There is room for %(most)s. Delete one that nobody needs.", most=keeping.MOST_KEPT), "danger")
    else:
        flash(_("“%(name)s” is kept. Every scenario can take it from here.", name=card.called), "good")
    return redirect(shelf, 303)
