"""Everything under `/o/<organization_slug>`: the organization is resolved, its scope opened and the member found, or
there is nothing here. Whoever may not know that an organization exists is told the same as when it does not."""

from typing import Any

from flask import Blueprint, g, url_for
from werkzeug.wrappers import Response as BaseResponse

from roleplay.web import scopes
from roleplay.web.signed_in import manager, signed_in
from tenants import current
from tenants.db import db
from tenants.errors import NotFound
from tenants.members import Member, find_member
from tenants.organizations import Organization, find_organization
from tenants.scope import organization_scope, platform_scope

blueprint = Blueprint("organization", __name__, url_prefix="/o/<organization_slug>")


@blueprint.url_value_preprocessor
def _take_slug(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.organization_slug = (values or {}).pop("organization_slug", None)


@blueprint.url_defaults
def _give_slug(_endpoint: str, values: dict[str, Any]) -> None:
    values.setdefault("organization_slug", g.get("organization_slug"))


@blueprint.before_request
def _enter() -> BaseResponse | None:
    present = signed_in()
    if present is None:
        answer: BaseResponse = manager.unauthorized()
        return answer
    organization = _find(g.organization_slug)
    if organization is None:
        raise NotFound
    scopes.enter(organization_scope(organization.id))
    member = find_member(present.identity.id)
    if member is None:
        raise NotFound
    g.organization, g.member = organization, member
    current.organization_slug.set(organization.slug)
    current.member_id.set(str(member.id))
    return None


def _find(slug: str) -> Organization | None:
    with platform_scope():
        found = find_organization(slug)
        db.session.commit()
        return found


def this_organization() -> Organization:
    organization: Organization = g.organization
    return organization


def this_member() -> Member:
    member: Member = g.member
    return member


def home_of(slug: str) -> str:
    return url_for("organization.home.show", organization_slug=slug)
