"""Roleplay Training: the member's sessions, and the history of one."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.access import access_own_session
from roleplay.attempts import lifecycle
from roleplay.evaluations.history import attempts_in, sessions_of
from roleplay.web.forms import mode_asked_for
from roleplay.web.organization import this_member

blueprint = Blueprint("sessions", __name__, url_prefix="/sessions")


@blueprint.get("")
def index() -> str:
    return render_template("sessions/index.html", sessions=sessions_of(this_member(), limit=200))


@blueprint.get("/<uuid:session_id>")
def show(session_id: UUID) -> str:
    session = access_own_session(this_member(), session_id)
    return render_template(
        "sessions/show.html",
        session=session,
        content=session.version.content,
        attempts=attempts_in(session),
        live=lifecycle.live_attempt_of(this_member()),
    )


@blueprint.post("/<uuid:session_id>/attempts")
def start_new(session_id: UUID) -> BaseResponse:
    session = access_own_session(this_member(), session_id)
    attempt = lifecycle.start(session.version, by=this_member(), practice_session=session, mode=mode_asked_for())
    return redirect(url_for("organization.room.show", attempt_id=attempt.id), 303)
