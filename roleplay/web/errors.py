"""Refusals as pages, each with a way out. What a member may not see looks exactly like what does not exist."""

from flask import Flask, Response, make_response, render_template
from flask_limiter.errors import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from roleplay.web.htmx import instead_of_main
from roleplay.web.signed_in import page_asked_from, safe_onward
from tenants import errors

STATUS: dict[type[errors.Refusal], int] = {
    errors.NotFound: 404,
    errors.Forbidden: 403,
    errors.Conflict: 409,
    errors.Invalid: 422,
    errors.QuotaExceeded: 429,
    errors.ProviderFailed: 503,
}


def register(app: Flask) -> None:
    app.register_error_handler(errors.Refusal, _refusal)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(RateLimitExceeded, _too_many)
    app.register_error_handler(OperationalError, _unavailable)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(500, _broken)


def page(status: int, *, code: str | None = None) -> Response:
    again = safe_onward(page_asked_from())
    return instead_of_main(
        make_response(render_template("errors/error.html", status=status, code=code, again=again), status)
    )


def _refusal(error: errors.Refusal) -> Response:
    return page(next(status for kind, status in STATUS.items() if isinstance(error, kind)), code=error.code)


def _stale_form(_error: CSRFError) -> Response:
    return page(400, code="stale_form")


def _too_many(error: RateLimitExceeded) -> Response:
    response = page(429)
    response.headers["Retry-After"] = str(error.limit.limit.get_expiry())
    return response


def _http(error: HTTPException) -> Response:
    if error.response is not None:
        return make_response(error.response)
    response = page(error.code or 500)
    for name, value in error.get_headers():
        if name == "Allow":
            response.headers[name] = value
    return response


def _unavailable(_error: OperationalError) -> Response:
    """The database does not answer, or just went away."""
    return page(503)


def _broken(_error: Exception) -> Response:
    return page(500)
