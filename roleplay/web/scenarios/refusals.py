"""Clear sentences for whoever may look and not write."""

from flask import make_response, render_template
from werkzeug.wrappers import Response as BaseResponse

from roleplay.web.htmx import instead_of_main
from roleplay.web.organization import this_member
from roleplay.web.scenarios import blueprint
from tenants.errors import Forbidden
from tenants.permissions import Permission, Seat


@blueprint.errorhandler(Forbidden)
def explain(refusal: Forbidden) -> BaseResponse:
    seat_is_why = refusal.code == "authors_only" and this_member().seat == Seat.READ_ONLY
    code = "read_only_seat" if seat_is_why else refusal.code
    page = render_template("scenarios/not_allowed.html", code=code, may_read=may_read())
    return instead_of_main(make_response(page, 403))


def may_read() -> bool:
    return this_member().may(Permission.SCENARIOS_READ)


def may_author() -> bool:
    return this_member().may(Permission.SCENARIOS_AUTHOR)


def require(permission: Permission) -> None:
    """For pages that are about no scenario in particular."""
    if not this_member().may(permission):
        raise Forbidden(code="authors_only")
