"""How a member likes to practise: the room, and the language of the feedback."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice

from roleplay.web.organization import this_member
from roleplay.web.words import SPOKEN_LANGUAGES
from tenants.members import set_preferences

blueprint = Blueprint("preferences", __name__, url_prefix="/preferences")

PATIENCE = (
    (350, lazy_gettext("Quick: answers as soon as I stop")),
    (500, lazy_gettext("Normal")),
    (900, lazy_gettext("Patient: lets me think")),
    (1800, lazy_gettext("Very patient: waits through long pauses")),
)
"""Silence in ms that ends the learner's turn; slower speakers choose more of it."""


class PreferencesForm(FlaskForm):  # type: ignore[misc]
    feedback_language = SelectField(lazy_gettext("Language of the feedback"))
    patience_ms = SelectField(
        lazy_gettext("Response speed"), coerce=int, choices=[SelectChoice(*pair) for pair in PATIENCE], default=500
    )
    captions = BooleanField(lazy_gettext("Show captions during the conversation"), default=True)
    untimed = BooleanField(lazy_gettext("Practise without a time limit"))


def _form() -> PreferencesForm:
    form = PreferencesForm(data=None if request.method == "POST" else this_member().preferences)
    languages = [SelectChoice(*pair) for pair in SPOKEN_LANGUAGES.items()]
    form.feedback_language.choices = [SelectChoice("", _("As the scenario")), *languages]
    return form


@blueprint.get("")
def show() -> str:
    return render_template("preferences/show.html", form=_form())


@blueprint.post("")
def save() -> BaseResponse | tuple[str, int]:
    """The page sends all of them, the room only what was touched: what is not sent stays."""
    form = _form()
    sent = {name: form[name].data for name in ("feedback_language", "patience_ms") if name in request.form}
    if any(form[name].validate(form) is False for name in sent):
        return render_template("preferences/show.html", form=form), 422
    whole = "feedback_language" in request.form
    if "captions" in request.form or whole:
        sent["captions"] = form.captions.data
    if whole:
        sent["untimed"] = form.untimed.data
    set_preferences(this_member(), **sent)
    if whole:
        flash(_("Saved."), "good")
    return redirect(url_for(".show"), 303)
