"""People: who is here, and the tags that name teams, on one person or on many at once."""

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response as BaseResponse

from roleplay.web.forms import one_line, uuids
from roleplay.web.htmx import wants_fragment
from roleplay.web.organization import this_member
from roleplay.web.scenarios.refusals import explain, may_author, require
from roleplay.web.table_files import csv_file
from roleplay.web.words import ROLES
from tenants.errors import Forbidden, NotFound
from tenants.member_tags import (
    MOST_TAGS,
    count_tagged,
    list_tagged,
    list_teams,
    retag_member,
    tag_members,
    tags_on,
    untag_members,
)
from tenants.members import Member, members_with
from tenants.permissions import Permission
from tenants.tags import LONGEST_TAG, list_tags

blueprint = Blueprint("people", __name__, url_prefix="/people")
blueprint.register_error_handler(Forbidden, explain)
PAGE = 50
MOST_IN_FILE = 10_000


@blueprint.get("")
def index() -> str:
    """For whoever may give practice to a team, and so says who is in it."""
    require(Permission.SCENARIOS_AUTHOR)
    return _table()


def _table(fault: str = "", ticked: set[UUID] | None = None) -> str:
    search, tag = _asked()
    total = count_tagged(search=search, tag=tag)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, request.values.get("page", 1, type=int)), pages)
    return render_template(
        "people/_table.html" if wants_fragment() else "people/index.html",
        people=list_tagged(search=search, tag=tag, limit=PAGE, offset=(page - 1) * PAGE),
        teams=list_teams(),
        search=search,
        tag=tag,
        total=total,
        page=page,
        pages=pages,
        address=address_of,
        page_url=lambda number: address_of(page=number),
        export_url=address_of(to="export"),
        typed=request.values.get("name", ""),
        fault=fault,
        ticked=ticked or set(),
    )


def _asked() -> tuple[str, str]:
    """What the address searches for, and the tag it narrows by."""
    return one_line(request.values.get("q"))[:100], one_line(request.values.get("tag"))[:LONGEST_TAG]


def address_of(*, to: str = "index", **changes: Any) -> str:
    """The table with these changes; whatever narrows it anew begins on the first page."""
    search, tag = _asked()
    return url_for(f"organization.people.{to}", **{"q": search or None, "tag": tag or None, **changes})


@blueprint.get("/table.csv")
def export() -> Response:
    """Export this view."""
    require(Permission.SCENARIOS_AUTHOR)
    search, tag = _asked()
    found = list_tagged(search=search, tag=tag, limit=MOST_IN_FILE)
    rows = ([one.name, one.email, str(ROLES[one.role]), ", ".join(one.tags)] for one in found)
    return csv_file("people", [_("Name"), _("E-mail"), _("Role"), _("Tags")], rows)


@blueprint.post("/tags")
def tag_several() -> BaseResponse | tuple[str, int]:
    """Gives whoever is ticked a tag, or takes it from them."""
    require(Permission.SCENARIOS_AUTHOR)
    ticked, name = uuids(request.form.getlist("members")), one_line(request.form.get("name"))
    members = members_with(ticked)
    if fault := _fault_in(members, name):
        return _table(fault, ticked), 422
    if request.form.get("do") == "remove":
        untag_members(members, name, by=this_member())
        told = ngettext("Taken from %(num)d person.", "Taken from %(num)d people.", len(members))
    else:
        tag_members(members, name, by=this_member())
        told = ngettext("%(num)d person tagged.", "%(num)d people tagged.", len(members))
    flash(told, "good")
    return redirect(address_of(), 303)


def _fault_in(members: list[Member], name: str) -> str:
    if not members:
        return str(_("Tick at least one person."))
    if not name:
        return str(_("Enter a tag."))
    return str(_("A tag has at most %(max)d characters.", max=LONGEST_TAG)) if len(name) > LONGEST_TAG else ""


def _one(member_id: UUID) -> Member:
    found = members_with([member_id]) if may_author() else []
    if not found:
        raise NotFound
    return found[0]


@blueprint.get("/<uuid:member_id>/tags")
def tags(member_id: UUID) -> str:
    return _form(_one(member_id))


def _form(member: Member, typed: str = "", picked: list[str] | None = None, error: str = "") -> str:
    return render_template(
        "people/_tags.html" if wants_fragment() else "people/tags.html",
        person=member,
        existing=[tag.name for tag in list_tags()],
        picked=tags_on([member.id])[member.id] if picked is None else picked,
        typed=typed,
        error=error,
    )


@blueprint.post("/<uuid:member_id>/tags")
def update_tags(member_id: UUID) -> BaseResponse | tuple[str, int]:
    member, typed, picked = _one(member_id), request.form.get("new", ""), request.form.getlist("tag")
    names = [name for each in (*picked, *typed.split(",")) if (name := one_line(each))]
    if any(len(name) > LONGEST_TAG for name in names):
        return _form(member, typed, picked, _("A tag has at most %(max)d characters.", max=LONGEST_TAG)), 422
    if len(names) > MOST_TAGS:
        return _form(member, typed, picked, _("A person carries at most %(max)d tags.", max=MOST_TAGS)), 422
    retag_member(member, names, by=this_member())
    flash(_("Tags updated."), "good")
    return redirect(url_for(".index"), 303)
