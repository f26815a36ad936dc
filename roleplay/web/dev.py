"""Demo mode only: sign in by clicking a name, read the mail that was not sent, look at every component."""

from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response as BaseResponse

from roleplay.web import scopes
from roleplay.web.signed_in import open_sign_in
from tenants.db import db
from tenants.errors import NotFound
from tenants.identities import Identity
from tenants.members import Membership, memberships_of
from tenants.scope import platform_scope
from tenants.sign_ins import Method

blueprint = Blueprint("dev", __name__, url_prefix="/dev")


@blueprint.before_request
def _enter() -> None:
    scopes.enter(platform_scope())


@blueprint.get("/sign-in")
def sign_in() -> str:
    people = list(db.session.scalars(select(Identity).order_by(Identity.name)))
    return render_template("dev/sign_in.html", organizations=_by_organization(people))


def _by_organization(people: list[Identity]) -> dict[str, list[tuple[Identity, Membership]]]:
    found: dict[str, list[tuple[Identity, Membership]]] = {}
    for identity in people:
        for membership in memberships_of(identity.id):
            found.setdefault(membership.name, []).append((identity, membership))
    return found


@blueprint.post("/sign-in/<uuid:identity_id>")
def sign_in_as(identity_id: UUID) -> BaseResponse:
    identity = db.session.get(Identity, identity_id)
    if identity is None:
        raise NotFound
    return open_sign_in(redirect(url_for("sign_in.home"), 303), identity, Method.DEMO)


@blueprint.get("/components")
def components() -> str:
    return render_template("dev/components.html")


@blueprint.get("/mail")
def mail() -> str:
    return render_template("dev/mail.html", letters=current_app.extensions["mailbox"]())
