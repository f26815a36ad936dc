"""The six steps. Every way out of a step keeps what it says: on, back, to another step, or just away."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import flash, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.assigning import follow
from roleplay.assignments.participation import participants_in
from roleplay.scenarios import authoring, keeping, personas
from roleplay.scenarios.access import access_scenario
from roleplay.scenarios.cards import PersonaCard
from roleplay.scenarios.keeping import EvaluationTemplate, KeptPersona
from roleplay.scenarios.models import Scenario, ScenarioDraft
from roleplay.scenarios.options import DIALS, ECOSYSTEMS, EVALUATION_TEMPLATES, VERTICALS
from roleplay.scenarios.validity import Reason, Step, reasons_against
from roleplay.scenarios.versions import version_in_use
from roleplay.web.engine import engine_label, speaks_as_the_samples
from roleplay.web.forms import uuids
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from roleplay.web.scenarios.detail import page_of
from roleplay.web.scenarios.details_form import ROWS, DetailsForm, row_after
from roleplay.web.scenarios.differences import Difference, differences
from roleplay.web.scenarios.forms import (
    OWN_WORDS,
    EvaluationForm,
    FrequencyForm,
    ParticipantsForm,
    PersonaForm,
    PersonalityForm,
    StepForm,
)
from roleplay.web.scenarios.words import (
    DIAL_HINTS,
    DIFFICULTY_HINTS,
    LIMIT_HINTS,
    STEPS,
    TYPE_HINTS,
    anchor,
    descriptions_of,
    sentence,
    told,
)
from tenants.errors import Invalid
from tenants.member_tags import list_teams, members_of_teams
from tenants.members import Member, list_members, members_with, names_of
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
        return _page(scenario, authoring.draft_of(scenario), at, form, meanwhile=meanwhile), 409
    if form.do.data == "keep":
        return make_response(jsonify(revision=saved.revision))
    if form.do.data == "start":
        return _start(scenario, saved)
    if form.do.data == "restore":
        flash(_("What you typed here before is back, and kept."), "good")
    return redirect(_onward(scenario, at, form.do.data or "next", saved), 303)


def _save(scenario: Scenario, draft: ScenarioDraft, step: Step, form: StepForm) -> ScenarioDraft:
    patch = form.patch(draft.text)
    do, _colon, key = (form.do.data or "").partition(":")
    patch = taken(do, key, draft, patch)
    return authoring.save(
        scenario,
        step,
        patch,
        revision=_number(key) if do == "overwrite" else form.revision.data or 0,
        by=this_member(),
        member_ids=[member.id for member in _ticked(form)] if step is Step.PARTICIPANTS else None,
    )


def _number(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) < 10 else 0


def taken(do: str, key: str, draft: ScenarioDraft, patch: dict[str, Any]) -> dict[str, Any]:
    """The patch with what the button takes into it: a ready-made person, or one or a template that is kept here."""
    if do == "take" and "persona" in patch:
        ready = _person(key, draft)
        return authoring.merged(patch, ready.as_text(opening=patch["opening"])) if ready else patch
    if do == "use" and "evaluation_instructions" in patch and _is_uuid(key):
        template = keeping.access_to_take(this_member(), EvaluationTemplate, UUID(key))
        return {**patch, "evaluation_instructions": template.card.below(patch["evaluation_instructions"])}
    return patch


def _person(key: str, draft: ScenarioDraft) -> personas.ReadyPersona | PersonaCard | None:
    if _is_uuid(key):
        return keeping.access_to_take(this_member(), KeptPersona, UUID(key)).card
    return personas.find(key, _language(draft))


def _language(draft: ScenarioDraft) -> str:
    return str(draft.text.get("language") or "en")


def _ticked(form: StepForm) -> list[Member]:
    """Whoever is ticked, and whoever carries the tag of a ticked team now."""
    return members_with({*uuids(form["members"].data or []), *members_of_teams(uuids(form["teams"].data or []))})


def _is_uuid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def _onward(scenario: Scenario, step: Step, do: str, draft: ScenarioDraft) -> str:
    """Where a button leads: the next or previous step, `go:<step>`, away, or back to the row it changed."""
    action, _colon, rest = do.partition(":")
    stays = dict.fromkeys(("overwrite", "restore"), "") | dict.fromkeys(("show", "find"), "people")
    stays |= {"take": "name", "use": "evaluation_instructions"}
    if action in ROWS or action in stays:
        row = row_after(action, rest, draft.text) if action in ROWS else stays[action] or None
        return address(scenario, step, anchor=row, q=request.form.get("q") or None if action == "find" else None)
    if action == "leave" or (action == "next" and step is ORDER[-1]):
        return url_for("organization.scenarios.show", scenario_id=scenario.id)
    if action == "go" and rest in STEPS:
        return address(scenario, Step(rest))
    return address(scenario, ORDER[max(0, ORDER.index(step) + (-1 if action == "back" else 1))])


def _start(scenario: Scenario, draft: ScenarioDraft) -> BaseResponse:
    """Saves the scenario as a whole: it is in use, and whoever was ticked is invited."""
    before = version_in_use(scenario)
    try:
        authoring.put_in_use(scenario, by=this_member())
    except Invalid:
        flash(_("Saved as a draft. It can be practised once nothing is missing."), "warn")
        return page_of(scenario)
    members = members_with(UUID(member_id) for member_id in draft.member_ids)
    follow(scenario, before, members=members, by=this_member())
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
        saved=authoring.newest_save(draft, step, by=this_member()),
        seen=step in _seen(draft),
        number=ORDER.index(step) + 1,
        missing=[(sentence(reason), anchor(reason, draft.text)) for reason in missing if reason.step is step],
        meanwhile=_told(meanwhile, draft, form) if meanwhile else None,
        others=_others(draft),
        **(_people(scenario, draft, form) if step is Step.PARTICIPANTS else shown_on(step, draft, form)),
    )


def _told(meanwhile: authoring.EditedMeanwhile, draft: ScenarioDraft, form: StepForm) -> dict[str, Any]:
    """Who saved the step, when, and where it differs from what was typed."""
    save = meanwhile.save
    found = differences(draft.text, form.patch(draft.text))
    if save.step is Step.PARTICIPANTS:
        theirs, mine = _names(members_with(map(UUID, draft.member_ids))), _names(_ticked(form))
        found = [Difference(str(STEPS[save.step]), theirs, mine)] if theirs != mine else []
    name = names_of([save.member_id]).get(save.member_id, "")
    return {"name": name, "at": save.at, "differences": found, "revision": meanwhile.revision}


def _names(members: Iterable[Member]) -> str:
    return "\n".join(sorted(member.name for member in members))


def _steps(step: Step, missing: list[Reason], draft: ScenarioDraft) -> list[dict[str, Any]]:
    open_steps = {reason.step for reason in missing}
    seen = _seen(draft)

    def state(each: Step) -> str:
        if each is step:
            return "current"
        return "done" if each in seen and each not in open_steps else "todo"

    return [{"key": each, "label": STEPS[each], "state": state(each)} for each in Step]


def _seen(draft: ScenarioDraft) -> set[Step]:
    """The steps that were saved before; all of them in a draft that began filled in."""
    saves = authoring.saves_of(draft)
    began_filled_in = bool(draft.text) and (not saves or saves[0].revision > 1)
    return {*Step} if began_filled_in else {save.step for save in saves}


def _others(draft: ScenarioDraft) -> list[tuple[str, Any, Any]]:
    """Who else wrote in this draft, and where: the newest save of each."""
    newest = {save.member_id: save for save in authoring.saves_of(draft) if save.member_id != this_member().id}
    names = names_of(newest) if newest else {}
    return [(names.get(who, ""), STEPS[save.step], save.at) for who, save in newest.items()]


def _to_take(
    language: str, ecosystem: str | None, vertical: str | None
) -> list[tuple[str, personas.ReadyPersona | PersonaCard]]:
    """Whom this organization keeps, then who is ready-made, each by what its button says."""
    here = [(str(row.id), row.card) for row in keeping.people_to_take(language, ecosystem, vertical)]
    return [*here, *((one.key, one) for one in personas.matching(language, ecosystem, vertical))]


def shown_on(step: Step, draft: ScenarioDraft, form: StepForm) -> dict[str, Any]:
    """What a step shows besides its form."""
    if step is Step.DETAILS:
        return {"difficulty_hints": DIFFICULTY_HINTS, "type_hints": told(TYPE_HINTS), "limit_hints": told(LIMIT_HINTS)}
    if step is Step.PERSONA:
        wanted = (_language(draft), form["ecosystem"].data or None, form["vertical"].data or None)
        places = {"ecosystem_hints": descriptions_of(ECOSYSTEMS), "vertical_hints": descriptions_of(VERTICALS)}
        return {"ready": _to_take(*wanted), **places}
    if step is Step.PERSONALITY:
        own = {OWN_WORDS: _("Describe it yourself.")}
        dials = [(dial, {**descriptions_of(DIALS[dial]), **own}, DIAL_HINTS[dial]) for dial in DIALS]
        return {"dials": dials, "engine": engine_label(), "as_sampled": speaks_as_the_samples()}
    if step is Step.EVALUATION:
        nothing = {"": _("The goals of the first step, each judged by itself. Nothing is added.")}
        kept = keeping.kept(EvaluationTemplate, language=_language(draft))
        return {"template_hints": nothing | descriptions_of(EVALUATION_TEMPLATES), "kept_templates": kept}
    return {}


def _people(scenario: Scenario, draft: ScenarioDraft, form: StepForm) -> dict[str, Any]:
    ticked = set(form["members"].data if form.is_submitted() else draft.member_ids)
    search = request.args.get("q", "")[:100] if not form.is_submitted() else form["q"].data or ""
    chosen = members_with(uuids(ticked))
    taking_part = participants_in(scenario, limit=LISTED)
    known = {member.id for member in chosen} | {one.member_id for one in taking_part}
    found = [member for member in list_members(search=search, limit=LISTED + len(known) + 1) if member.id not in known]
    return {
        "taking_part": [one.name for one in taking_part],
        "chosen": chosen[:LISTED],
        "unlisted": chosen[LISTED:],
        "found": found[:LISTED],
        "there_are_more": len(found) > LISTED,
        "search": search,
        "teams": list_teams(),
        "team_ids": uuids(form["teams"].data or []),
    }
