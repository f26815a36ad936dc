"""The catalog, and the brief of one scenario: what a learner reads before the conversation."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.practising import practise
from roleplay.attempts import lifecycle
from roleplay.scenarios.access import access_published
from roleplay.scenarios.catalog import list_catalog
from roleplay.scenarios.content import ScenarioType
from roleplay.web.engine import engine_label
from roleplay.web.forms import chosen, mode_asked_for
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.words import TYPES

blueprint = Blueprint("catalog", __name__, url_prefix="/catalog")


@blueprint.get("")
def index() -> str:
    search, wanted = request.args.get("q", "")[:100], chosen(ScenarioType, request.args.get("type"))
    cards = list_catalog(search=search, kind=wanted)
    template = "catalog/_cards.html" if wants_fragment() else "catalog/index.html"
    return render_template(template, cards=cards, search=search, wanted=wanted, types=TYPES)


@blueprint.get("/<uuid:scenario_id>")
def show(scenario_id: UUID) -> str:
    version = access_published(this_member(), scenario_id)
    live = lifecycle.live_attempt_of(this_member())
    return render_template(
        "catalog/show.html", version=version, content=version.content, live=live, engine=engine_label()
    )


@blueprint.post("/<uuid:scenario_id>/attempts")
def start(scenario_id: UUID) -> BaseResponse:
    """Starts a first or further attempt in the member's own practice session for this scenario."""
    version = access_published(this_member(), scenario_id)
    session = practise(version, by=this_member())
    attempt = lifecycle.start(version, by=this_member(), practice_session=session, mode=mode_asked_for())
    return redirect(url_for("organization.room.show", attempt_id=attempt.id), 303)
