"""Who takes part in a scenario: invite by ticking people or a team, and remove."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments import assigning
from roleplay.assignments.access import access_participant
from roleplay.assignments.participation import participating
from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.models import Scenario
from roleplay.scenarios.versions import version_in_use
from roleplay.web.assignments import end_of_day
from roleplay.web.forms import one_line, uuids
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.scenarios.refusals import explain
from tenants.errors import Forbidden
from tenants.member_tags import list_teams, members_of_teams, tag_members
from tenants.members import Member, list_members, members_with
from tenants.permissions import Permission
from tenants.tags import LONGEST_TAG

blueprint = Blueprint("participants", __name__, url_prefix="/scenarios/<uuid:scenario_id>/participants")
blueprint.register_error_handler(Forbidden, explain)
LISTED = 100
"""People to tick on the page; the search finds the others."""


def _authored(scenario_id: UUID) -> Scenario:
    return access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)


@blueprint.get("")
def choose(scenario_id: UUID) -> str:
    return _page(_authored(scenario_id), ticked=set(), search=one_line(request.args.get("q"))[:100])


@blueprint.post("")
def invite(scenario_id: UUID) -> BaseResponse | tuple[str, int]:
    """Invites whoever is ticked, and everybody of the ticked teams; or finds more people to tick."""
    scenario, form = _authored(scenario_id), request.form
    ticked, search = _ids("members"), one_line(form.get("q"))[:100]
    if form.get("do") == "find":
        return _page(scenario, ticked=ticked, search=search), 200
    members = members_with({*ticked, *members_of_teams(_ids("teams"))})
    day, team = one_line(form.get("deadline")), one_line(form.get("team"))
    deadline = end_of_day(day)
    if faults := _faults(members, team, is_day_lost=bool(day) and deadline is None):
        return _page(scenario, ticked=ticked, search=search, faults=faults), 422
    new = assigning.invite(scenario, members, deadline_at=deadline, by=this_member())
    if team:
        tag_members(members, team, by=this_member())
    flash(ngettext("%(num)d person invited.", "%(num)d people invited.", new), "good")
    return redirect(url_for("organization.scenarios.show", scenario_id=scenario.id), 303)


@blueprint.post("/<uuid:member_id>/removal")
def remove(scenario_id: UUID, member_id: UUID) -> BaseResponse:
    scenario = _authored(scenario_id)
    assigning.remove(access_participant(scenario, member_id), by=this_member())
    flash(_("Removed. What they practised is kept."), "good")
    return redirect(url_for("organization.scenarios.show", scenario_id=scenario.id), 303)


def _ids(name: str) -> set[UUID]:
    return uuids(request.form.getlist(name))


def _faults(members: list[Member], team: str, *, is_day_lost: bool) -> dict[str, str]:
    """The fields to look at again, and why."""
    found = {}
    if not members:
        found["members"] = str(_("Tick at least one person or team."))
    if is_day_lost:
        found["deadline"] = str(_("Choose a day that is still to come."))
    if len(team) > LONGEST_TAG:
        found["team"] = str(_("A tag has at most %(max)d characters.", max=LONGEST_TAG))
    return found


def _page(scenario: Scenario, *, ticked: set[UUID], search: str, faults: dict[str, str] | None = None) -> str:
    assignment, version = assigning.assignment_of(scenario), version_in_use(scenario)
    others = list_members(search=search, without=(participating(scenario), list(ticked)), limit=LISTED + 1)
    rhythm: Any = assignment or (version and version.content)
    return render_template(
        "participants/_invite.html" if wants_fragment() else "participants/invite.html",
        scenario=scenario,
        in_use=version is not None and scenario.archived_at is None,
        per_week=rhythm.sessions_per_week if rhythm else None,
        teams=list_teams(),
        team_ids=_ids("teams"),
        chosen=members_with(ticked),
        found=others[:LISTED],
        there_are_more=len(others) > LISTED,
        search=search,
        typed={name: request.form.get(name, "") for name in ("deadline", "team")},
        fault=faults or {},
    )
