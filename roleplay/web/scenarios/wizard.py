"""The six steps. Every way out of a step keeps what it says: on, back, to another step, or just away."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.assigning import assign
from roleplay.assignments.participation import participants_in
from roleplay.scenarios import authoring, personas
from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.models import Scenario, ScenarioDraft
from roleplay.scenarios.options import DIALS, EVALUATION_TEMPLATES
from roleplay.scenarios.validity import Reason, Step, reasons_against
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from roleplay.web.scenarios.detail import page_of
from roleplay.web.scenarios.details_form import ROWS, DetailsForm
from roleplay.web.scenarios.forms import (
    OWN_WORDS,
    EvaluationForm,
    FrequencyForm,
    ParticipantsForm,
    PersonaForm,
    PersonalityForm,
    StepForm,
)
from roleplay.web.scenarios.words import DIAL_HINTS, DIFFICULTY_HINTS, STEPS, anchor, descriptions_of, sentence
from tenants.errors import Invalid
from tenants.members import list_members, members_with, names_of
from tenants.permissions import Permission

FORMS: dict[Step, type[StepForm]] = {
    Step.DETAILS: DetailsForm,
    Step.PERSONA: PersonaForm,
    Step.PERSONALITY: PersonalityForm,
    Step.EVALUATION: EvaluationForm,
    Step.FREQUENCY: FrequencyForm,
    Step.PARTICIPANTS: ParticipantsForm,
}
LISTED = 100
"""Members to tick on the page; the search finds the others."""
ORDER = list(Step)
_STEP = f"<any({', '.join(ORDER)}):step>"


def _editable(scenario_id: UUID) -> Scenario:
    scenario = access_scenario(this_member(), scenario_id, to=Permission.SCENARIOS_AUTHOR)
    authoring.refuse_library(scenario)
    return scenario


def address(scenario: Scenario, step: Step, anchor: str | None = None, **query: Any) -> str:
    return url_for("organization.scenarios.edit", scenario_id=scenario.id, step=step, _anchor=anchor, **query)


@blueprint.get(f"/<uuid:scenario_id>/edit/{_STEP}")
def edit(scenario_id: UUID, step: str) -> str:
    scenario = _editable(scenario_id)
    draft = authoring.draft_of(scenario)
    form = FORMS[Step(step)](formdata=None, data=FORMS[Step(step)].fill(draft.text))
    form.revision.data = draft.revision
    return _page(scenario, draft, Step(step), form)


@blueprint.post(f"/<uuid:scenario_id>/edit/{_STEP}")
def keep(scenario_id: UUID, step: str) -> BaseResponse | tuple[str, int]:
    """Keeps the step and goes where the button says. Refused answers and somebody else's save lose nothing typed."""
    scenario, at = _editable(scenario_id), Step(step)
    draft = authoring.draft_of(scenario)
    form = FORMS[at]()
    if not form.validate_on_submit():
        return _page(scenario, draft, at, form), 422
    try:
        saved = _save(scenario, draft, at, form)
    except authoring.EditedMeanwhile as meanwhile:
        form.revision.data = meanwhile.revision
        return _page(scenario, draft, at, form, meanwhile=meanwhile), 409
    if form.do.data == "keep":
        return make_response(jsonify(revision=saved.revision))
    if form.do.data == "start":
        return _start(scenario, saved)
    return redirect(_onward(scenario, at, form.do.data or "next"), 303)


def _save(scenario: Scenario, draft: ScenarioDraft, step: Step, form: StepForm) -> ScenarioDraft:
    patch = form.patch(draft.text)
    do, _colon, key = (form.do.data or "").partition(":")
    if step is Step.PERSONA and do == "take":
        patch = taken(key, draft, patch)
    return authoring.save(
        scenario,
        step,
        patch,
        revision=form.revision.data or 0,
        by=this_member(),
        member_ids=[member.id for member in _ticked(form)] if step is Step.PARTICIPANTS else None,
    )


def taken(key: str, draft: ScenarioDraft, patch: dict[str, Any]) -> dict[str, Any]:
    """The patch with a ready-made person in it, when there is one of this key."""
    ready = personas.find(key, _language(draft))
    return authoring.merged(patch, ready.as_text(opening=patch["opening"])) if ready else patch


def _language(draft: ScenarioDraft) -> str:
    return str(draft.text.get("language") or "en")


def _ticked(form: StepForm) -> Any:
    sent = [value for value in form["members"].data or [] if _is_uuid(value)]
    return members_with(UUID(value) for value in sent[:5000])


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _onward(scenario: Scenario, step: Step, do: str) -> str:
    """Where a button leads: the next or previous step, `go:<step>`, away, or back to the row it changed."""
    action, _colon, rest = do.partition(":")
    stays = {"take": "name", "show": "people", "find": "people", "stay": "step"}
    if action in ROWS or action in stays:
        row = _row_after(action, rest) if action in ROWS else stays[action]
        return address(scenario, step, anchor=row, q=request.form.get("q") or None if action == "find" else None)
    if action == "leave" or (action == "next" and step is ORDER[-1]):
        return url_for("organization.scenarios.show", scenario_id=scenario.id)
    if action == "go" and rest in STEPS:
        return address(scenario, Step(rest))
    return address(scenario, ORDER[max(0, ORDER.index(step) + (-1 if action == "back" else 1))])


def _row_after(group: str, rest: str) -> str:
    action, _colon, number = rest.partition(":")
    if action == "add" or not number.isdecimal():
        return f"{group}-end"
    moved = int(number) + {"up": -1, "down": 1}.get(action, 0)
    return f"{group}-{max(0, moved)}" if action in {"up", "down"} else group


def _start(scenario: Scenario, draft: ScenarioDraft) -> BaseResponse:
    """Saves the scenario as a whole: it is in use, and whoever was ticked is invited."""
    try:
        authoring.put_in_use(scenario, by=this_member())
    except Invalid:
        flash(_("Saved as a draft. It can be practised once nothing is missing."), "warn")
        return page_of(scenario)
    members = members_with(UUID(member_id) for member_id in draft.member_ids)
    if members:
        text = draft.text
        assign(
            scenario,
            members=members,
            sessions_per_week=text.get("sessions_per_week"),
            instructions=text.get("instructions"),
            by=this_member(),
        )
        authoring.invited(draft)
    flash(_("Your scenario is in use. Publish it to show it in the catalog."), "good")
    return page_of(scenario)


def _page(
    scenario: Scenario,
    draft: ScenarioDraft,
    step: Step,
    form: StepForm,
    meanwhile: authoring.EditedMeanwhile | None = None,
) -> str:
    missing = reasons_against(draft.text)
    return render_template(
        "scenarios/edit.html",
        scenario=scenario,
        form=form,
        step=step,
        steps=_steps(step, missing, draft),
        number=ORDER.index(step) + 1,
        missing=[(sentence(reason), anchor(reason)) for reason in missing if reason.step is step],
        meanwhile=_told(meanwhile.save) if meanwhile else None,
        others=_others(draft),
        **(_people(scenario, draft, form) if step is Step.PARTICIPANTS else shown_on(step, draft, form)),
    )


def _told(save: authoring.Save) -> tuple[str, datetime]:
    return names_of([save.member_id]).get(save.member_id, ""), save.at


def _steps(step: Step, missing: list[Reason], draft: ScenarioDraft) -> list[dict[str, Any]]:
    open_steps = {reason.step for reason in missing}
    saves = authoring.saves_of(draft)
    began_filled_in = bool(draft.text) and (not saves or saves[0].revision > 1)
    seen = {*Step} if began_filled_in else {save.step for save in saves}

    def state(each: Step) -> str:
        if each is step:
            return "current"
        return "done" if each in seen and each not in open_steps else "todo"

    return [{"key": each, "label": STEPS[each], "state": state(each)} for each in Step]


def _others(draft: ScenarioDraft) -> list[tuple[str, Any, Any]]:
    """Who else wrote in this draft, and where: the newest save of each."""
    newest = {save.member_id: save for save in authoring.saves_of(draft) if save.member_id != this_member().id}
    names = names_of(newest) if newest else {}
    return [(names.get(who, ""), STEPS[save.step], save.at) for who, save in newest.items()]


def shown_on(step: Step, draft: ScenarioDraft, form: StepForm) -> dict[str, Any]:
    """What a step shows besides its form."""
    if step is Step.DETAILS:
        return {"difficulty_hints": DIFFICULTY_HINTS}
    if step is Step.PERSONA:
        ready = personas.matching(_language(draft), form["ecosystem"].data or None, form["vertical"].data or None)
        return {"ready": ready}
    if step is Step.PERSONALITY:
        own = {OWN_WORDS: _("Describe it yourself.")}
        return {"dials": [(dial, {**descriptions_of(DIALS[dial]), **own}, DIAL_HINTS[dial]) for dial in DIALS]}
    if step is Step.EVALUATION:
        nothing = {"": _("The goals of the first step, each judged by itself. Nothing is added.")}
        return {"template_hints": nothing | descriptions_of(EVALUATION_TEMPLATES)}
    return {}


def _people(scenario: Scenario, draft: ScenarioDraft, form: StepForm) -> dict[str, Any]:
    ticked = set(form["members"].data if form.is_submitted() else draft.member_ids)
    search = request.args.get("q", "")[:100] if not form.is_submitted() else form["q"].data or ""
    chosen = members_with(UUID(member_id) for member_id in ticked if _is_uuid(member_id))
    taking_part = participants_in(scenario, limit=LISTED)
    known = {member.id for member in chosen} | {one.member_id for one in taking_part}
    found = [member for member in list_members(search=search, limit=LISTED + len(known) + 1) if member.id not in known]
    return {
        "taking_part": [one.name for one in taking_part],
        "chosen": chosen,
        "found": found[:LISTED],
        "there_are_more": len(found) > LISTED,
        "search": search,
    }
