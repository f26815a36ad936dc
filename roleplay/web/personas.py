"""Personas: the people that this organization keeps, to be met in its scenarios."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.scenarios import authoring, keeping
from roleplay.scenarios.exchange import written_cards
from roleplay.scenarios.keeping import KeptPersona
from roleplay.scenarios.options import ECOSYSTEMS, VERTICALS
from roleplay.web.kept import take_in
from roleplay.web.organization import this_member
from roleplay.web.scenarios.refusals import explain, may_author, require
from roleplay.web.scenarios.words import dials_of, label_in
from roleplay.web.yaml_files import download
from tenants.errors import Forbidden
from tenants.permissions import Permission

blueprint = Blueprint("personas", __name__, url_prefix="/personas")
blueprint.register_error_handler(Forbidden, explain)


def _persona(persona_id: UUID, to: Permission = Permission.SCENARIOS_AUTHOR) -> KeptPersona:
    return keeping.access_kept(this_member(), KeptPersona, persona_id, to=to)


@blueprint.get("")
def index() -> str:
    require(Permission.SCENARIOS_READ)
    people = keeping.kept(KeptPersona)
    return render_template("personas/index.html", people=people, may_author=may_author())


@blueprint.get("/<uuid:persona_id>")
def show(persona_id: UUID) -> str:
    kept = _persona(persona_id, to=Permission.SCENARIOS_READ)
    return render_template(
        "personas/show.html",
        kept=kept,
        text=kept.text,
        dials_of=dials_of,
        ecosystem_name=lambda key: label_in(ECOSYSTEMS, key),
        vertical_name=lambda key: label_in(VERTICALS, key),
        may_author=may_author(),
    )


@blueprint.get("/file")
def export_all() -> BaseResponse:
    require(Permission.SCENARIOS_AUTHOR)
    return download(written_cards(row.card for row in keeping.kept(KeptPersona)), "personas")


@blueprint.get("/<uuid:persona_id>/file")
def export(persona_id: UUID) -> BaseResponse:
    kept = _persona(persona_id)
    return download(written_cards([kept.card]), kept.name)


@blueprint.get("/imports")
def choose_file() -> str:
    require(Permission.SCENARIOS_AUTHOR)
    return render_template("personas/imports.html", source="", faults=[], names=[])


@blueprint.post("/imports")
def import_file() -> BaseResponse | tuple[str, int]:
    return take_in(
        KeptPersona,
        page="personas/imports.html",
        shelf=url_for(".index"),
        entry=_("Persona"),
        this_is_not=_("These are no personas: each needs the fields language, opening and persona."),
    )


@blueprint.post("/<uuid:persona_id>/scenarios")
def begin(persona_id: UUID) -> BaseResponse:
    """A new scenario in which this person is met."""
    card = _persona(persona_id).card
    scenario = authoring.begin_from({"language": card.language, **card.as_text()}, by=this_member())
    return redirect(url_for("organization.scenarios.edit", scenario_id=scenario.id, step="details"), 303)


@blueprint.post("/<uuid:persona_id>/deletion")
def delete(persona_id: UUID) -> BaseResponse:
    keeping.forget(_persona(persona_id), by=this_member())
    flash(_("The persona is deleted. Scenarios that took it keep their copy."), "good")
    return redirect(url_for(".index"), 303)
