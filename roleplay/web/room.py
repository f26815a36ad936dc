"""The live room: its page, the tickets that open its socket, and the ways to end an attempt without it."""

from typing import Any
from uuid import UUID

from flask import Blueprint, current_app, jsonify, make_response, redirect, render_template, request, url_for
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.practising import instructions_of
from roleplay.attempts import lifecycle, tickets
from roleplay.attempts.access import access_attempt, may_delete
from roleplay.attempts.models import Attempt, AttemptStatus, EndReason
from roleplay.settings import Settings
from roleplay.web import errors
from roleplay.web.engine import asks_for_words, engine_label
from roleplay.web.forms import mode_asked_for
from roleplay.web.organization import this_member
from roleplay.web.security import limiter
from roleplay.web.signed_in import signed_in
from tenants.errors import Conflict

blueprint = Blueprint("room", __name__)


@blueprint.get("/attempts/<uuid:attempt_id>/room")
def show(attempt_id: UUID) -> BaseResponse | str:
    attempt = access_attempt(this_member(), attempt_id)
    if attempt.status != AttemptStatus.LIVE:
        return redirect(url_for("organization.attempts.show", attempt_id=attempt.id))
    content = attempt.version.content
    return render_template(
        "attempts/room.html",
        attempt=attempt,
        content=content,
        ticket_url=url_for(".issue_ticket", attempt_id=attempt.id),
        completion_url=url_for(".complete", attempt_id=attempt.id),
        debrief_url=url_for("organization.attempts.show", attempt_id=attempt.id),
        session_url=_session_url(attempt),
        **_of_session(attempt),
        preferences_url=url_for("organization.preferences.save"),
        engine_label=engine_label(),
        words_elsewhere=asks_for_words(),
        limit_minutes=content.time_limit_minutes,
        untimed=bool(this_member().preferences.get("untimed")),
        can_extend=lifecycle.may_extend(attempt),
        preferences={"captions": True, "patience_ms": 500, **this_member().preferences},
    )


def _of_session(attempt: Attempt) -> dict[str, Any]:
    session = attempt.practice_session
    own = attempt.version.content.instructions
    return {
        "instructions": instructions_of(session) if session else own,
        "restart_url": url_for("organization.sessions.start_new", session_id=session.id) if session else None,
        "may_delete": may_delete(this_member(), attempt),
    }


def _session_url(attempt: Attempt) -> str:
    if attempt.practice_session_id:
        return url_for("organization.sessions.show", session_id=attempt.practice_session_id)
    return url_for("organization.sessions.index")


def _who() -> str:
    """A class behind one network address has as many tickets as it has people."""
    present = signed_in()
    return str(present.identity.id) if present else get_remote_address()


@blueprint.post("/attempts/<uuid:attempt_id>/tickets")
@limiter.limit("30 per minute", key_func=_who)
def issue_ticket(attempt_id: UUID) -> BaseResponse:
    """A ticket for this browser to open the call's socket with, once and within seconds."""
    attempt = access_attempt(this_member(), attempt_id)
    if attempt.status != AttemptStatus.LIVE:
        raise Conflict(code="attempt_over")
    if "mode" in request.form:
        lifecycle.continue_in(attempt, mode_asked_for())
    settings: Settings = current_app.extensions["settings"]
    present = signed_in()
    ticket = tickets.issue(attempt, to=present.sign_in if present else None)
    return jsonify(ticket=ticket, socket_url=f"{settings.socket_base}/relay/calls")


@blueprint.post("/attempts/<uuid:attempt_id>/completion")
def complete(attempt_id: UUID) -> BaseResponse:
    """Ends the attempt; whatever was said is evaluated."""
    attempt = access_attempt(this_member(), attempt_id)
    lifecycle.complete(attempt, reason=EndReason.LEARNER, by=this_member())
    return redirect(url_for("organization.attempts.show", attempt_id=attempt.id), 303)


@blueprint.app_errorhandler(Conflict)
def explain_conflict(conflict: Conflict) -> BaseResponse:
    """A second conversation at a time is refused with the way back to the first."""
    live = lifecycle.live_attempt_of(this_member()) if conflict.code == "attempt_live" else None
    if live is None:
        return errors.page(409, code=conflict.code)
    return make_response(render_template("attempts/already_live.html", live=live), 409)
