"""The debrief: evaluation and transcript of one attempt, filling in as results come."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from roleplay.attempts.access import access_attempt, access_to_delete, may_delete
from roleplay.attempts.models import Attempt, AttemptStatus
from roleplay.evaluations import evaluator
from roleplay.evaluations.access import access_evaluation
from roleplay.evaluations.debrief import debrief_of
from roleplay.evaluations.erasing import delete_chat
from roleplay.web.htmx import respond
from roleplay.web.organization import this_member
from tenants.permissions import Permission

blueprint = Blueprint("attempts", __name__, url_prefix="/attempts")


def _readable(attempt_id: UUID) -> Attempt:
    return access_attempt(this_member(), attempt_id, to=Permission.ATTEMPTS_READ_ANY)


@blueprint.get("/<uuid:attempt_id>")
def show(attempt_id: UUID) -> BaseResponse | str:
    attempt = _readable(attempt_id)
    if attempt.status == AttemptStatus.LIVE and attempt.member_id == this_member().id:
        return redirect(url_for("organization.room.show", attempt_id=attempt.id))
    return _debrief(attempt, tab="evaluation")


def _debrief(attempt: Attempt, *, tab: str) -> str:
    deletable = may_delete(this_member(), attempt)
    return render_template("attempts/show.html", debrief=debrief_of(attempt), tab=tab, may_delete=deletable)


@blueprint.get("/<uuid:attempt_id>/transcript")
def transcript(attempt_id: UUID) -> str:
    return _debrief(_readable(attempt_id), tab="transcript")


@blueprint.get("/<uuid:attempt_id>/evaluation")
def evaluation(attempt_id: UUID) -> str:
    """The part of the debrief that fills in; the page asks for it until the evaluation is there."""
    return render_template("attempts/_evaluation.html", debrief=debrief_of(_readable(attempt_id)))


@blueprint.post("/<uuid:attempt_id>/evaluations")
def evaluate_again(attempt_id: UUID) -> BaseResponse:
    """Another try after the evaluation failed."""
    evaluator.retry(access_evaluation(this_member(), attempt_id), by=this_member())
    attempt = _readable(attempt_id)
    return respond(
        "attempts/_evaluation.html",
        redirect_to=url_for(".show", attempt_id=attempt.id),
        debrief=debrief_of(attempt),
    )


@blueprint.post("/<uuid:attempt_id>/deletion")
def delete(attempt_id: UUID) -> BaseResponse:
    """Delete chat: what was said is gone for good, and so is how it was judged."""
    attempt = access_to_delete(this_member(), attempt_id)
    delete_chat(attempt, by=this_member())
    flash(_("The chat is deleted."), "good")
    if attempt.practice_session_id:
        return redirect(url_for("organization.sessions.show", session_id=attempt.practice_session_id), 303)
    return redirect(url_for("organization.sessions.index"), 303)
