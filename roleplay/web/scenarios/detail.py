"""One scenario: its parts in tabs, what it still lacks, who takes part, and what its author can do with it."""

from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments import assigning
from roleplay.assignments.overview import standing_of
from roleplay.assignments.participation import count_participants, participants_in
from roleplay.assignments.practising import practise
from roleplay.assignments.training import Wanted, list_sessions
from roleplay.attempts import lifecycle
from roleplay.scenarios import authoring, shelving
from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.models import Scenario
from roleplay.scenarios.options import ECOSYSTEMS, EVALUATION_TEMPLATES, VERTICALS
from roleplay.scenarios.tags import tags_of
from roleplay.scenarios.validity import Step, reasons_against, said
from roleplay.scenarios.versions import version_in_use
from roleplay.web.forms import chosen, mode_asked_for, one_line
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from roleplay.web.scenarios.refusals import may_author
from roleplay.web.scenarios.words import STANDINGS, STEPS, anchor, dials_of, label_in, sentence
from tenants.errors import Invalid
from tenants.members import names_of
from tenants.permissions import Permission

SHOWN = 50
"""Participants on the page; a search finds the others."""


def _authored(scenario_id: UUID) -> Scenario:
    return access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)


def page_of(scenario: Scenario) -> BaseResponse:
    return redirect(url_for("organization.scenarios.show", scenario_id=scenario.id), 303)


@blueprint.get("/<uuid:scenario_id>")
def show(scenario_id: UUID) -> str:
    scenario = access_scenario(this_member(), scenario_id)
    draft = authoring.draft_of(scenario)
    return render_template(
        "scenarios/show.html",
        scenario=scenario,
        text=said(draft.text),
        dials_of=dials_of,
        ecosystem_name=lambda key: label_in(ECOSYSTEMS, key),
        vertical_name=lambda key: label_in(VERTICALS, key),
        template_name=lambda key: label_in(EVALUATION_TEMPLATES, key),
        part=chosen(Step, request.args.get("part")) or Step.DETAILS,
        part_names=STEPS,
        standing=STANDINGS[standing_of(scenario)],
        tags=tags_of([scenario.id])[scenario.id],
        has_changes=authoring.has_changes(scenario, draft),
        live=lifecycle.live_attempt_of(this_member()),
        **_missing(scenario, draft.text),
        **_people(scenario),
    )


def _missing(scenario: Scenario, text: dict[str, Any]) -> dict[str, Any]:
    found = [
        (sentence(reason), url_for(".edit", scenario_id=scenario.id, step=reason.step, _anchor=anchor(reason, text)))
        for reason in reasons_against(text)
    ]
    can_edit = may_author() and not scenario.is_from_library
    return {"missing": found, "may_author": may_author(), "can_edit": can_edit}


def _people(scenario: Scenario) -> dict[str, Any]:
    creator, who = scenario.created_by_id, one_line(request.args.get("who"))[:100]
    return {
        "assignment": assigning.assignment_of(scenario),
        "participants": participants_in(scenario, search=who, limit=SHOWN),
        "taking_part": count_participants(scenario),
        "who": who,
        "participation": list_sessions(Wanted(scenario_id=scenario.id), by=this_member()),
        "creator": names_of([creator])[creator] if creator else None,
    }


def refuse_invalid(scenario: Scenario) -> BaseResponse:
    """Back to the scenario, which says what is missing."""
    flash(_("Scenario is not valid for test session"), "danger")
    return page_of(scenario)


@blueprint.post("/<uuid:scenario_id>/test-sessions")
def test(scenario_id: UUID) -> BaseResponse:
    """The author experiences the present text, in private; what others practise does not change."""
    scenario = _authored(scenario_id)
    try:
        version = shelving.version_to_test(scenario)
    except Invalid:
        return refuse_invalid(scenario)
    session = practise(version, by=this_member())
    attempt = lifecycle.start(version, by=this_member(), practice_session=session, mode=mode_asked_for())
    return redirect(url_for("organization.room.show", attempt_id=attempt.id), 303)


@blueprint.post("/<uuid:scenario_id>/versions")
def put_in_use(scenario_id: UUID) -> BaseResponse:
    """From now on this text is practised; sessions that are there keep the version that they began with."""
    scenario = _authored(scenario_id)
    before = version_in_use(scenario)
    try:
        authoring.put_in_use(scenario, by=this_member())
    except Invalid:
        flash(_("Not in use yet: something is still missing."), "danger")
        return page_of(scenario)
    assigning.follow(scenario, before, members=(), by=this_member())
    flash(_("The changes are in use."), "good")
    return page_of(scenario)


@blueprint.post("/<uuid:scenario_id>/publication")
def publish(scenario_id: UUID) -> BaseResponse:
    scenario = _authored(scenario_id)
    try:
        shelving.publish_draft(scenario, by=this_member())
    except Invalid:
        flash(_("Not published: something is still missing."), "danger")
        return page_of(scenario)
    flash(_("In the catalog: everybody here can practise it."), "good")
    return page_of(scenario)


@blueprint.post("/<uuid:scenario_id>/archival")
def archive(scenario_id: UUID) -> BaseResponse:
    scenario = _authored(scenario_id)
    shelving.archive(scenario, by=this_member())
    flash(_("Archived. Sessions that people already have can still be practised."), "good")
    return page_of(scenario)


@blueprint.post("/<uuid:scenario_id>/deletion")
def delete(scenario_id: UUID) -> BaseResponse:
    scenario = _authored(scenario_id)
    assigning.withdraw(scenario, by=this_member())
    shelving.delete(scenario, by=this_member())
    flash(_("Deleted. Attempts and debriefs are kept."), "good")
    return redirect(url_for(".index"), 303)
