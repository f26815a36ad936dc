"""Evaluation templates: instructions to the judge that this organization keeps for its scenarios."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.scenarios import keeping
from roleplay.scenarios.exchange import written_cards
from roleplay.scenarios.keeping import EvaluationTemplate
from roleplay.web.kept import take_in
from roleplay.web.organization import this_member
from roleplay.web.scenarios.refusals import explain, may_author, require
from roleplay.web.yaml_files import download
from tenants.errors import Forbidden
from tenants.permissions import Permission

blueprint = Blueprint("evaluation_templates", __name__, url_prefix="/evaluation-templates")
blueprint.register_error_handler(Forbidden, explain)


def _template(template_id: UUID, to: Permission = Permission.SCENARIOS_AUTHOR) -> EvaluationTemplate:
    return keeping.access_kept(this_member(), EvaluationTemplate, template_id, to=to)


@blueprint.get("")
def index() -> str:
    require(Permission.SCENARIOS_READ)
    templates = keeping.kept(EvaluationTemplate)
    return render_template("evaluation_templates/index.html", templates=templates, may_author=may_author())


@blueprint.get("/<uuid:template_id>")
def show(template_id: UUID) -> str:
    kept = _template(template_id, to=Permission.SCENARIOS_READ)
    return render_template("evaluation_templates/show.html", kept=kept, card=kept.card, may_author=may_author())


@blueprint.get("/file")
def export_all() -> BaseResponse:
    require(Permission.SCENARIOS_AUTHOR)
    return download(written_cards(row.card for row in keeping.kept(EvaluationTemplate)), "evaluation-templates")


@blueprint.get("/<uuid:template_id>/file")
def export(template_id: UUID) -> BaseResponse:
    kept = _template(template_id)
    return download(written_cards([kept.card]), kept.name)


@blueprint.get("/imports")
def choose_file() -> str:
    require(Permission.SCENARIOS_AUTHOR)
    return render_template("evaluation_templates/imports.html", source="", faults=[], names=[])


@blueprint.post("/imports")
def import_file() -> BaseResponse | tuple[str, int]:
    return take_in(
        EvaluationTemplate,
        page="evaluation_templates/imports.html",
        shelf=url_for(".index"),
        entry=_("Template"),
        this_is_not=_("These are no evaluation templates: each needs the fields language, name and instructions."),
    )


@blueprint.post("/<uuid:template_id>/deletion")
def delete(template_id: UUID) -> BaseResponse:
    keeping.forget(_template(template_id), by=this_member())
    flash(_("The template is deleted. Scenarios that took it keep their copy."), "good")
    return redirect(url_for(".index"), 303)
