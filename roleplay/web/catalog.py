"""The catalog, and the brief of one scenario: what a learner reads before the conversation."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.practising import practise
from roleplay.attempts import lifecycle
from roleplay.scenarios.access import access_published
from roleplay.scenarios.catalog import count_catalog, list_catalog
from roleplay.scenarios.content import ScenarioType
from roleplay.web.engine import engine_label
from roleplay.web.forms import chosen, mode_asked_for
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.words import TYPES
from tenants.permissions import Permission

blueprint = Blueprint("catalog", __name__, url_prefix="/catalog")

PAGE = 24


@blueprint.get("")
def index() -> str:
    """Scenarios in the language the person reads come first, then those in other languages."""
    search, wanted = request.args.get("q", "")[:100], chosen(ScenarioType, request.args.get("type"))
    total = count_catalog(search=search, kind=wanted)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "catalog/_cards.html" if wants_fragment() else "catalog/index.html",
        cards=list_catalog(
            search=search, kind=wanted, language=str(get_locale()), limit=PAGE, offset=(page - 1) * PAGE
        ),
        total=total,
        page=page,
        pages=pages,
        page_url=lambda number: url_for(".index", q=search or None, type=wanted, page=number),
        search=search,
        wanted=wanted,
        types=TYPES,
    )


@blueprint.get("/<uuid:scenario_id>")
def show(scenario_id: UUID) -> str:
    version = access_published(this_member(), scenario_id)
    live = lifecycle.live_attempt_of(this_member())
    return render_template(
        "catalog/show.html",
        version=version,
        content=version.content,
        live=live,
        engine=engine_label(),
        may_create=this_member().may(Permission.SESSIONS_CREATE),
    )


@blueprint.post("/<uuid:scenario_id>/attempts")
def start(scenario_id: UUID) -> BaseResponse:
    """Starts a first or further attempt in the member's own practice session for this scenario."""
    version = access_published(this_member(), scenario_id)
    session = practise(version, by=this_member())
    attempt = lifecycle.start(version, by=this_member(), practice_session=session, mode=mode_asked_for())
    return redirect(url_for("organization.room.show", attempt_id=attempt.id), 303)
