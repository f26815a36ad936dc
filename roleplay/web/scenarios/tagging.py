"""Edit tags: pick from those there are, or type new ones."""

from uuid import UUID

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.tags import MOST_TAGS, retag, tags_of
from roleplay.web.forms import one_line
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from roleplay.web.scenarios.detail import page_of
from roleplay.web.signed_in import page_asked_from
from tenants.permissions import Permission
from tenants.tags import LONGEST_TAG, list_tags


def _form(scenario_id: UUID, typed: str = "", picked: list[str] | None = None, error: str = "") -> str:
    scenario = access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)
    return render_template(
        "scenarios/_tags.html" if wants_fragment() else "scenarios/tags.html",
        scenario=scenario,
        existing=[tag.name for tag in list_tags()],
        picked=tags_of([scenario.id])[scenario.id] if picked is None else picked,
        typed=typed,
        error=error,
    )


@blueprint.get("/<uuid:scenario_id>/tags")
def tags(scenario_id: UUID) -> str:
    return _form(scenario_id)


@blueprint.post("/<uuid:scenario_id>/tags")
def update_tags(scenario_id: UUID) -> BaseResponse | tuple[str, int]:
    scenario = access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)
    typed, picked = request.form.get("new", ""), request.form.getlist("tag")
    names = [*picked, *(one_line(name) for name in typed.split(","))]
    if error := _fault(names):
        return _form(scenario_id, typed, picked, error), 422
    retag(scenario, names, by=this_member())
    flash(_("Tags updated."), "good")
    back = page_asked_from()
    return redirect(back, 303) if back and not back.endswith("/tags") else page_of(scenario)


def _fault(names: list[str]) -> str:
    if any(len(name) > LONGEST_TAG for name in names):
        return str(_("A tag has at most %(max)d characters.", max=LONGEST_TAG))
    if len([name for name in names if name]) > MOST_TAGS:
        return str(_("A scenario carries at most %(max)d tags.", max=MOST_TAGS))
    return ""
