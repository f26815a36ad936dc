"""New session: four steps to a conversation of one's own, three from a contact. Every way out of a step keeps it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import flash, jsonify, make_response, redirect, render_template, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms import SelectField

from roleplay.assignments.practising import practise_anew
from roleplay.attempts import lifecycle
from roleplay.attempts.models import Mode
from roleplay.scenarios import authoring, rehearsing
from roleplay.scenarios.models import Scenario, ScenarioDraft
from roleplay.scenarios.validity import Step
from roleplay.web.organization import this_member
from roleplay.web.scenarios.forms import (
    LANGUAGE_CHOICES,
    LIMIT_CHOICES,
    TYPE_CHOICES,
    EvaluationForm,
    PersonaForm,
    PersonalityForm,
    StepForm,
    line,
    text,
)
from roleplay.web.scenarios.wizard import shown_on, taken
from roleplay.web.scenarios.words import FIELDS, STEPS, anchor, sentence
from roleplay.web.sessions import blueprint


class SessionForm(StepForm):
    """The first step. All that it leaves out has a starter for the type."""

    title = line("title", autocomplete="off")
    type = SelectField(FIELDS["type"], choices=TYPE_CHOICES)
    language = SelectField(FIELDS["language"], choices=LANGUAGE_CHOICES)
    time_limit_minutes = SelectField(FIELDS["time_limit_minutes"], coerce=int, choices=LIMIT_CHOICES)
    tuning = text("tuning", 5)

    @staticmethod
    def fill(draft: Mapping[str, Any]) -> dict[str, Any]:
        return {"time_limit_minutes": 10, **draft}


FORMS: dict[Step, type[StepForm]] = {
    Step.DETAILS: SessionForm,
    Step.PERSONA: PersonaForm,
    Step.PERSONALITY: PersonalityForm,
    Step.EVALUATION: EvaluationForm,
}
_STEP = f"/new/<uuid:draft_id>/<any({', '.join(FORMS)}):step>"


def address(scenario: Scenario, step: Step, anchor: str | None = None) -> str:
    return url_for("organization.sessions.edit", draft_id=scenario.id, step=step, _anchor=anchor)


@blueprint.post("")
def begin() -> BaseResponse:
    """New session: opens the first of the four steps."""
    scenario = rehearsing.begin(by=this_member(), language=str(get_locale()))
    return redirect(address(scenario, Step.DETAILS), 303)


@blueprint.get(_STEP)
def edit(draft_id: UUID, step: str) -> str:
    scenario, at = rehearsing.access_personal(this_member(), draft_id), Step(step)
    draft = authoring.draft_of(scenario)
    form = FORMS[at](formdata=None, data=FORMS[at].fill(draft.text))
    form.revision.data = draft.revision
    return _page(scenario, draft, at, form)


@blueprint.post(_STEP)
def keep(draft_id: UUID, step: str) -> BaseResponse | tuple[str, int]:
    """Keeps the step and goes where the button says. A refused answer loses nothing that was typed."""
    scenario, at = rehearsing.access_personal(this_member(), draft_id), Step(step)
    draft, form = authoring.draft_of(scenario), FORMS[at]()
    if not form.validate_on_submit():
        return _page(scenario, draft, at, form), 422
    saved = _save(scenario, draft, at, form)
    do, _colon, rest = (form.do.data or "next").partition(":")
    if do == "keep":
        return make_response(jsonify(revision=saved.revision))
    if do == "restore":
        flash(_("What you typed here before is back, and kept."), "good")
        return redirect(address(scenario, at), 303)
    if do == "start":
        return _start(scenario, saved, Mode.TEXT if rest == "text" else Mode.VOICE)
    return redirect(_onward(scenario, at, do, rest), 303)


def _save(scenario: Scenario, draft: ScenarioDraft, step: Step, form: StepForm) -> ScenarioDraft:
    patch = form.patch(draft.text)
    do, _colon, key = (form.do.data or "").partition(":")
    patch = taken(do, key, draft, patch)
    return authoring.save(scenario, step, patch, revision=form.revision.data or 0, by=this_member())


def _onward(scenario: Scenario, step: Step, do: str, rest: str) -> str:
    order = rehearsing.steps_of(scenario)
    shown = {"take": "name", "use": "evaluation_instructions", "show": "people"}
    if do in shown:
        return address(scenario, step, anchor=shown[do])
    if do == "leave":
        return url_for("organization.sessions.index")
    if do == "go" and rest in order:
        return address(scenario, Step(rest))
    at = order.index(step) if step in order else 0
    return address(scenario, order[min(max(0, at + (-1 if do == "back" else 1)), len(order) - 1)])


def _start(scenario: Scenario, draft: ScenarioDraft, mode: Mode) -> BaseResponse:
    """The session is there, and its first conversation opens; unless another one is still live."""
    missing = rehearsing.reasons(draft.text)
    if missing:
        flash(_("Something is still missing: %(first)s", first=sentence(missing[0])), "danger")
        return redirect(address(scenario, missing[0].step, anchor(missing[0], draft.text)), 303)
    session = practise_anew(rehearsing.put_in_use(scenario, by=this_member()), by=this_member())
    if lifecycle.live_attempt_of(this_member()):
        return redirect(url_for("organization.sessions.show", session_id=session.id), 303)
    attempt = lifecycle.start(session.version, by=this_member(), practice_session=session, mode=mode)
    return redirect(url_for("organization.room.show", attempt_id=attempt.id), 303)


def _page(scenario: Scenario, draft: ScenarioDraft, step: Step, form: StepForm) -> str:
    order = rehearsing.steps_of(scenario)
    number = order.index(step) + 1 if step in order else 0
    seen = {save.step for save in authoring.saves_of(draft)}
    states = {each: "done" if each in seen else "todo" for each in order} | {step: "current"}
    missing = [reason for reason in rehearsing.reasons(draft.text) if reason.step is step]
    return render_template(
        "sessions/new.html",
        scenario=scenario,
        form=form,
        step=step,
        steps=[{"key": each, "label": STEPS[each], "state": states[each]} for each in order],
        number=number,
        label=STEPS[step],
        saved=authoring.newest_save(draft, step, by=this_member()),
        missing=[(sentence(reason), anchor(reason, draft.text)) for reason in missing] if step in seen else [],
        persona=draft.text.get("persona", {}).get("name"),
        **shown_on(step, draft, form),
    )
