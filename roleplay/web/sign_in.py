"""Signing in by an e-mailed link or a password, signing out, and choosing where to go."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as BaseResponse

from roleplay.web import scopes
from roleplay.web.forms import EmailLinkForm, PasswordForm
from roleplay.web.navigation import memberships
from roleplay.web.organization import home_of
from roleplay.web.security import limiter
from roleplay.web.signed_in import close_sign_in, open_sign_in, safe_onward, sign_in_required, signed_in
from tenants import outbox, sign_ins
from tenants.db import db
from tenants.identities import check_password, find_identity
from tenants.members import memberships_of
from tenants.scope import organization_scope, platform_scope
from tenants.sign_ins import Method

blueprint = Blueprint("sign_in", __name__)

SHORTEST_ANSWER = 0.25
"""Seconds. Sending a link takes longer than finding nobody, and that must not tell who is known here."""


@blueprint.before_request
def _enter() -> None:
    scopes.enter(platform_scope())


@blueprint.get("/")
def home() -> BaseResponse | str:
    """The front door: the one organization, a choice of several, or the way in."""
    if not signed_in():
        return redirect(url_for("sign_in.show"))
    places = memberships()
    if len(places) == 1:
        return redirect(home_of(places[0].slug))
    return render_template("sign_in/organizations.html", places=places)


def _typed_address() -> str:
    """What is counted more strictly than the network's address, which a whole class may share."""
    return request.form.get("email", "").strip().lower()[:320] or get_remote_address()


@blueprint.get("/sign-in")
def show() -> str:
    return render_template("sign_in/show.html", link=EmailLinkForm(), password=PasswordForm(), onward=_onward())


@blueprint.post("/sign-in/link")
@limiter.limit("60 per minute; 300 per hour")
@limiter.limit("5 per minute; 20 per hour", key_func=_typed_address)
def request_link() -> BaseResponse | tuple[str, int] | str:
    """Sends a link. The answer is the same whether or not the address is known."""
    form = EmailLinkForm()
    if not form.validate_on_submit():
        page = render_template("sign_in/show.html", link=form, password=PasswordForm(formdata=None), onward=_onward())
        return page, 422
    with _as_long_as_ever():
        _send_link(form.email.data)
    return render_template("sign_in/link_sent.html", email=form.email.data)


@contextmanager
def _as_long_as_ever() -> Iterator[None]:
    started = time.monotonic()
    yield
    time.sleep(max(0.0, SHORTEST_ANSWER - (time.monotonic() - started)))


def _send_link(email: str) -> None:
    identity = find_identity(email)
    places = memberships_of(identity.id) if identity else []
    if identity and places:
        with organization_scope(places[0].organization_id):
            outbox.later("send_sign_in_link", identity_id=identity.id)
            db.session.commit()


@blueprint.get("/sign-in/link/<secret>")
def open_link(secret: str) -> tuple[str, int] | str:
    """Opening a link changes nothing: mail scanners do it too. The button on this page signs in."""
    if not sign_ins.link_is_open(secret):
        return render_template("sign_in/link_expired.html"), 410
    return render_template("sign_in/link.html", secret=secret)


@blueprint.post("/sign-in/link/<secret>")
@limiter.limit("60 per minute")
def use_link(secret: str) -> BaseResponse | tuple[str, int]:
    identity = sign_ins.use_link(secret)
    if identity is None:
        return render_template("sign_in/link_expired.html"), 410
    return open_sign_in(redirect(url_for("sign_in.home"), 303), identity, Method.LINK)


@blueprint.post("/sign-in/password")
@limiter.limit("60 per minute; 300 per hour")
@limiter.limit("10 per minute; 30 per hour", key_func=_typed_address)
def use_password() -> BaseResponse | tuple[str, int]:
    form = PasswordForm()
    identity = check_password(form.email.data, form.password.data) if form.validate_on_submit() else None
    if identity is None:
        if not form.errors:
            form.password.errors = [_("E-mail or password is not right.")]
        page = render_template("sign_in/show.html", link=EmailLinkForm(formdata=None), password=form, onward=_onward())
        return page, 422
    return open_sign_in(redirect(safe_onward(request.form.get("next")), 303), identity, Method.PASSWORD)


@blueprint.post("/sign-out")
@sign_in_required
def sign_out() -> BaseResponse:
    response = make_response(redirect(url_for("sign_in.show"), 303))
    close_sign_in(response)
    return response


def _onward() -> str:
    return request.values.get("next", "")
