"""One's own profile: name, interface language, time zone, password, and where one is signed in."""

from zoneinfo import available_timezones

from flask import Blueprint, current_app, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse
from wtforms.fields.choices import SelectChoice

from roleplay.settings import Settings
from roleplay.web import scopes
from roleplay.web.forms import NewPasswordForm, ProfileForm
from roleplay.web.language import LANGUAGES
from roleplay.web.signed_in import safe_onward, sign_in_required, signed_in
from tenants import sign_ins
from tenants.clock import now
from tenants.db import db
from tenants.errors import NotFound
from tenants.identities import Identity, set_password
from tenants.scope import platform_scope

blueprint = Blueprint("account", __name__, url_prefix="/account")


@blueprint.before_request
def _enter() -> None:
    scopes.enter(platform_scope())


def _identity() -> Identity:
    present = signed_in()
    identity = db.session.get(Identity, present.identity.id) if present else None
    if identity is None:
        raise NotFound
    return identity


def _profile(identity: Identity, *, submitted: bool) -> ProfileForm:
    form = ProfileForm(obj=identity) if submitted else ProfileForm(formdata=None, obj=identity)
    zones = [SelectChoice(zone, zone) for zone in sorted(available_timezones())]
    form.time_zone.choices = [SelectChoice("", _("As my organization")), *zones]
    return form


def _page(profile: ProfileForm, password: NewPasswordForm, status: int = 200) -> tuple[str, int]:
    present = signed_in()
    live = sign_ins.live_sign_ins(_identity().id)
    return render_template(
        "account/show.html", profile=profile, password=password, sign_ins=live, this=present and present.sign_in.id
    ), status


@blueprint.get("")
@sign_in_required
def show() -> tuple[str, int]:
    return _page(_profile(_identity(), submitted=False), NewPasswordForm(formdata=None))


@blueprint.post("/profile")
@sign_in_required
def save_profile() -> BaseResponse | tuple[str, int]:
    identity = _identity()
    form = _profile(identity, submitted=True)
    if not form.validate_on_submit():
        return _page(form, NewPasswordForm(formdata=None), 422)
    identity.name, identity.language = form.name.data, form.language.data or None
    identity.time_zone = form.time_zone.data or None
    flash(_("Saved."), "good")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/password")
@sign_in_required
def save_password() -> BaseResponse | tuple[str, int]:
    """A new password ends every other sign-in."""
    identity, form = _identity(), NewPasswordForm()
    if not form.validate_on_submit():
        return _page(_profile(identity, submitted=False), form, 422)
    set_password(identity, form.password.data, at=now())
    present = signed_in()
    sign_ins.sign_out_everywhere(identity.id, but=present.sign_in.id if present else None)
    flash(_("Your new password is set, and every other device is signed out."), "good")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/sign-outs")
@sign_in_required
def sign_out_others() -> BaseResponse:
    present = signed_in()
    sign_ins.sign_out_everywhere(_identity().id, but=present.sign_in.id if present else None)
    flash(_("Every other device is signed out."), "good")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/language")
def choose_language() -> BaseResponse:
    """The switch in the menu; before signing in it is kept in a cookie."""
    response = make_response(redirect(safe_onward(request.form.get("next")), 303))
    language = request.form.get("language", "")
    if language in LANGUAGES:
        if signed_in():
            _identity().language = language
        settings: Settings = current_app.extensions["settings"]
        response.set_cookie(
            "language", language, max_age=365 * 24 * 3600, secure=settings.is_https, httponly=True, samesite="Lax"
        )
    return response
