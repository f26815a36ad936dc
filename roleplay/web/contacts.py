"""Contacts: real people to rehearse with, and the sessions with each of them."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as BaseResponse
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length

from roleplay.assignments.training import sessions_with
from roleplay.scenarios import contacts, rehearsing
from roleplay.scenarios.contacts import LONGEST_NAME, Contact
from roleplay.web.forms import one_line
from roleplay.web.organization import this_member
from roleplay.web.scenarios.forms import linkedin_field, text
from tenants.errors import Forbidden
from tenants.permissions import Permission

blueprint = Blueprint("contacts", __name__, url_prefix="/contacts")
TOO_LONG = lazy_gettext("Use at most %(max)d characters.")


def _line(label: Any, *required: Any) -> StringField:
    limits = [*required, Length(max=LONGEST_NAME, message=TOO_LONG)]
    return StringField(label, filters=[one_line], validators=limits, render_kw={"autocomplete": "off"})


class ContactForm(FlaskForm):  # type: ignore[misc]
    name = _line(lazy_gettext("Name"), DataRequired(lazy_gettext("Enter a name.")))
    job = _line(lazy_gettext("Job"))
    company = _line(lazy_gettext("Company"))
    notes = text("persona.profile_text", 8)
    linkedin_url = linkedin_field()
    is_shared = BooleanField(lazy_gettext("Everybody in the organization may rehearse with this person"))

    def said(self) -> dict[str, Any]:
        columns = ("name", "job", "company", "notes", "is_shared")
        return {**{name: self[name].data for name in columns}, "linkedin_url": self.linkedin_url.data or None}


@blueprint.get("")
def index() -> str:
    search = one_line(request.args.get("q"))[:100]
    page = contacts.list_contacts(this_member(), search=search, page=min(request.args.get("page", 1, type=int), 10_000))
    return render_template(
        "contacts/index.html",
        page=page,
        search=search,
        page_url=lambda number: url_for(".index", q=search or None, page=number),
        may_create=_may_create(),
    )


def _may_create() -> bool:
    return this_member().may(Permission.SESSIONS_CREATE)


@blueprint.get("/new")
def new() -> str:
    if not _may_create():
        raise Forbidden(code="read_only_seat")
    return render_template("contacts/edit.html", form=ContactForm(formdata=None), contact=None)


@blueprint.post("")
def add() -> BaseResponse | tuple[str, int]:
    form = ContactForm()
    if not form.validate_on_submit():
        return render_template("contacts/edit.html", form=form, contact=None), 422
    return _page_of(contacts.add_contact(by=this_member(), **form.said()))


def _page_of(contact: Contact) -> BaseResponse:
    return redirect(url_for(".show", contact_id=contact.id), 303)


@blueprint.get("/<uuid:contact_id>")
def show(contact_id: UUID) -> str:
    contact = contacts.access_contact(this_member(), contact_id)
    part = "roleplay" if request.args.get("part") == "roleplay" else "details"
    return render_template(
        "contacts/show.html",
        contact=contact,
        part=part,
        sessions=sessions_with(contact.id, by=this_member()),
        may_change=contacts.may_change(this_member(), contact),
        may_create=_may_create(),
    )


@blueprint.get("/<uuid:contact_id>/edit")
def edit(contact_id: UUID) -> str:
    contact = contacts.access_to_change(this_member(), contact_id)
    return render_template("contacts/edit.html", form=ContactForm(formdata=None, obj=contact), contact=contact)


@blueprint.post("/<uuid:contact_id>")
def change(contact_id: UUID) -> BaseResponse | tuple[str, int]:
    contact, form = contacts.access_to_change(this_member(), contact_id), ContactForm()
    if not form.validate_on_submit():
        return render_template("contacts/edit.html", form=form, contact=contact), 422
    contacts.change_contact(contact, by=this_member(), **form.said())
    flash(_("Saved."), "good")
    return _page_of(contact)


@blueprint.post("/<uuid:contact_id>/deletion")
def delete(contact_id: UUID) -> BaseResponse:
    contacts.delete_contact(contacts.access_to_change(this_member(), contact_id), by=this_member())
    flash(_("The contact is deleted. Sessions with this person are kept."), "good")
    return redirect(url_for(".index"), 303)


@blueprint.post("/<uuid:contact_id>/sessions")
def rehearse(contact_id: UUID) -> BaseResponse:
    """Create Roleplay: the steps of a new session, with the persona filled in."""
    contact = contacts.access_contact(this_member(), contact_id)
    scenario = rehearsing.begin(by=this_member(), language=str(get_locale()), contact=contact)
    return redirect(url_for("organization.sessions.edit", draft_id=scenario.id, step="details"), 303)
