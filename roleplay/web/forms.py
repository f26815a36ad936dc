"""The HTML forms. They make rules friendly; the rules themselves live in the domain or the database."""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Email, InputRequired, Length

from roleplay.attempts.models import Mode
from roleplay.web.language import LANGUAGES
from tenants.identities import LONGEST_PASSWORD, SHORTEST_PASSWORD

E = TypeVar("E", bound=StrEnum)


def one_line(typed: str | None) -> str:
    """Without control characters, and with single spaces; nothing when nobody could see it."""
    spaced = (" " if unicodedata.category(letter) == "Cc" else letter for letter in typed or "")
    line = " ".join("".join(spaced).split())
    return line if any(letter.isprintable() and letter != " " for letter in line) else ""


class EmailLinkForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        _("Work e-mail"),
        filters=[lambda typed: typed.strip() if typed else typed],
        validators=[
            InputRequired(_("Enter your e-mail address.")),
            Email(_("This is not an e-mail address.")),
            Length(max=320),
        ],
        render_kw={"autocomplete": "username", "placeholder": _("you@company.com")},
    )


class PasswordForm(EmailLinkForm):
    password = PasswordField(
        _("Password"),
        validators=[InputRequired(_("Enter your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField(
        _("New password"),
        validators=[
            InputRequired(_("Enter a password.")),
            Length(
                min=SHORTEST_PASSWORD,
                max=LONGEST_PASSWORD,
                message=_("Use %(min)d to %(max)d characters; a few words you will remember work well."),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class ProfileForm(FlaskForm):  # type: ignore[misc]
    name = StringField(
        _("Name"),
        filters=[one_line],
        validators=[DataRequired(_("Enter your name.")), Length(max=200, message=_("Use at most 200 characters."))],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(
        _("Language of the interface"),
        choices=[SelectChoice("", _("As my browser")), *(SelectChoice(*pair) for pair in LANGUAGES.items())],
    )
    time_zone = SelectField(_("Time zone"), choices=[])


def chosen(kind: type[E], value: str | None) -> E | None:
    """The member of an enumeration that an address or form names; None when it names none."""
    try:
        return kind(value or "")
    except ValueError:
        return None


def uuids(typed: Iterable[str]) -> set[UUID]:
    """The ids among what a form sent."""
    found = set()
    for value in list(typed)[:5000]:
        try:
            found.add(UUID(value))
        except ValueError:
            continue
    return found


def mode_asked_for() -> Mode:
    """How the learner wants to practise, by the button that was pressed; voice when nothing says otherwise."""
    return chosen(Mode, request.form.get("mode")) or Mode.VOICE
