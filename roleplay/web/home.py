"""Home: what to do next, what was done last."""

from flask import Blueprint, render_template
from flask_babel import get_locale

from roleplay.assignments.training import due_first
from roleplay.attempts import lifecycle
from roleplay.evaluations.history import recent_attempts
from roleplay.scenarios.catalog import list_catalog
from roleplay.web.organization import this_member

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def show() -> str:
    member = this_member()
    return render_template(
        "home/show.html",
        live=lifecycle.live_attempt_of(member),
        sessions=due_first(member, limit=3),
        recent=recent_attempts(member, limit=3),
        suggestions=list_catalog(language=str(get_locale()), limit=3),
    )
