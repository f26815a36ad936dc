"""The only door to htmx-flask, whose 0.1.0 understands half of what htmx 4 sends; that half is all that passes here."""

from typing import Any

from flask import Flask, Response, make_response, redirect, render_template
from htmx_flask import Htmx, request
from werkzeug.wrappers import Response as BaseResponse


def register(app: Flask) -> None:
    Htmx(app)
    app.after_request(_vary)


def _vary(response: Response) -> Response:
    response.vary.add("HX-Request")
    return response


def wants_fragment() -> bool:
    """Whether htmx asks for a part of the page; going back in history asks for all of it."""
    return bool(request.htmx) and "HX-History-Restore-Request" not in request.headers


def leave(target: str) -> BaseResponse:
    """For htmx, which would put the page that a redirect leads to inside the present one: the browser goes there."""
    response = make_response("", 204)
    response.headers["HX-Redirect"] = target
    return response


def instead_of_main(response: Response) -> Response:
    """A whole page that answers a request for a fragment: what is in its main part goes into the present one."""
    if wants_fragment():
        response.headers.update({"HX-Retarget": "#main", "HX-Reselect": "#main > *", "HX-Reswap": "innerHTML"})
    return response


def respond(stream: str, *, redirect_to: str, status: int = 200, **context: Any) -> BaseResponse:
    """After a change: the regions to replace for htmx, a redirect for everybody else."""
    if wants_fragment():
        return make_response(render_template(stream, **context), status)
    return redirect(redirect_to, 303)
