"""Session history: what a session is about, its attempts, and one more of them."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from roleplay.assignments.access import access_own_session, access_session
from roleplay.assignments.practising import closed_because, instructions_of
from roleplay.attempts import lifecycle
from roleplay.attempts.models import AttemptStatus, EndReason
from roleplay.evaluations.history import AttemptRow, attempts_in
from roleplay.web.forms import mode_asked_for
from roleplay.web.organization import this_member
from roleplay.web.sessions import blueprint
from tenants.members import names_of

PAGE = 25
"""Attempts."""


@blueprint.get("/<uuid:session_id>")
def show(session_id: UUID) -> str:
    session = access_session(this_member(), session_id)
    attempts = attempts_in(session)
    pages = max(1, -(-len(attempts) // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "sessions/show.html",
        session=session,
        content=session.version.content,
        instructions=instructions_of(session),
        attempts=attempts[(page - 1) * PAGE : page * PAGE],
        page=page,
        pages=pages,
        page_url=lambda number: url_for(".show", session_id=session.id, page=number),
        is_mine=session.member_id == this_member().id,
        learner=names_of([session.member_id])[session.member_id],
        live=lifecycle.live_attempt_of(this_member()),
        closed=closed_because(session),
        in_catalog=session.version.scenario.is_in_catalog,
        went_wrong=_went_wrong(attempts),
    )


def _went_wrong(attempts: list[AttemptRow]) -> bool:
    """The last attempt could not be judged because something failed, or it ran out with nobody heard in it."""
    if not attempts:
        return False
    last = attempts[0]
    unheard = last.end_reason == EndReason.TIME and not last.interactions
    return last.status == AttemptStatus.FAILED or unheard


@blueprint.post("/<uuid:session_id>/attempts")
def start_new(session_id: UUID) -> BaseResponse:
    """One more attempt. After an error `restart` ends the attempt of this session that is still open."""
    session = access_own_session(this_member(), session_id)
    live = lifecycle.live_attempt_of(this_member())
    if live and live.practice_session_id == session.id and "restart" in request.form:
        lifecycle.complete(live, reason=EndReason.LEARNER, by=this_member())
    attempt = lifecycle.start(session.version, by=this_member(), practice_session=session, mode=mode_asked_for())
    return redirect(url_for("organization.room.show", attempt_id=attempt.id), 303)
