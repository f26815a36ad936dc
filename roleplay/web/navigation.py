"""The left navigation: what this member can open, with the page they are on marked."""

from dataclasses import dataclass
from typing import Any

from flask import Flask, g, request, url_for
from flask_babel import gettext as _

from roleplay.web.signed_in import signed_in
from tenants.db import db
from tenants.members import Membership, memberships_of
from tenants.permissions import Permission
from tenants.scope import platform_scope


@dataclass(frozen=True, slots=True)
class Place:
    label: str
    url: str
    icon: str
    is_current: bool
    group: str | None = None


def register(app: Flask) -> None:
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    present = signed_in()
    return {
        "navigation": places(),
        "organization": g.get("organization"),
        "member": g.get("member"),
        "identity": present.identity if present else None,
        "memberships": memberships,
    }


def places() -> list[Place]:
    if not g.get("member"):
        return []
    agents = [_place(_("Roleplay Training"), "organization.sessions.index", "headphones", group=_("Agents"))]
    if g.member.may(Permission.SCENARIOS_READ):
        shelves = ("organization.personas.", "organization.evaluation_templates.")
        scenarios = _place(
            _("Roleplay Scenarios"), "organization.scenarios.index", "messages", group=_("Agents"), also=shelves
        )
        agents.append(scenarios)
    reports = [_place(_("Reports"), "organization.reports.index", "chart")]
    return [
        _place(_("Home"), "organization.home.show", "home"),
        _place(_("Catalog"), "organization.catalog.index", "book"),
        *_meeting(),
        *(reports if g.member.may(Permission.REPORTS_READ) else []),
        *agents,
        _place(_("Practice settings"), "organization.preferences.show", "settings", group=_("You")),
    ]


def _meeting() -> list[Place]:
    """Whom to rehearse with, and for those who give practice, whom it is for."""
    contacts = _place(_("Contacts"), "organization.contacts.index", "user")
    if not g.member.may(Permission.SCENARIOS_AUTHOR):
        return [contacts]
    return [contacts, _place(_("People"), "organization.people.index", "users")]


def _place(label: str, endpoint: str, icon: str, *, group: str | None = None, also: tuple[str, ...] = ()) -> Place:
    """`also` are other families of pages that belong to this place."""
    families = (endpoint.rsplit(".", 1)[0] + ".", *also)
    here = (request.endpoint or "").startswith(families)
    return Place(label, url_for(endpoint), icon, here, group)


def memberships() -> list[Membership]:
    """Where the person who is signed in can go."""
    present = signed_in()
    if present is None:
        return []
    with platform_scope():
        found = memberships_of(present.identity.id)
        db.session.commit()
        return found
