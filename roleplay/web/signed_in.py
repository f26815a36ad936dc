"""Who is signed in: a cookie with a secret, looked up in the SignIn rows on every request. Flask-Login carries it."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, g, redirect, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user
from sqlalchemy.exc import OperationalError
from werkzeug.wrappers import Response as BaseResponse

from roleplay.settings import Settings
from roleplay.web import htmx
from tenants import sign_ins
from tenants.db import db
from tenants.identities import Identity
from tenants.scope import platform_scope
from tenants.sign_ins import Method, SignIn

manager = LoginManager()


class SignedIn(UserMixin):  # type: ignore[misc]
    """What Flask-Login calls the current user: a live sign-in and whose it is."""

    def __init__(self, sign_in: SignIn) -> None:
        self.sign_in = sign_in
        self.identity: Identity = sign_in.identity

    def get_id(self) -> str:
        return str(self.sign_in.id)


def register(app: Flask) -> None:
    manager.session_protection = None
    manager.init_app(app)


def cookie_name() -> str:
    settings: Settings = current_app.extensions["settings"]
    return "__Host-sign-in" if settings.is_https else "sign-in"


@manager.request_loader  # type: ignore[untyped-decorator]
def _load(incoming: Request) -> SignedIn | None:
    secret = incoming.cookies.get(cookie_name())
    if not secret or g.get("database_is_away"):
        return None
    try:
        return _find(secret)
    except OperationalError:
        g.database_is_away = True  # so that the page which says so does not ask again
        raise


def _find(secret: str) -> SignedIn | None:
    with platform_scope():
        found = sign_ins.find_sign_in(secret)
        db.session.commit()
        return SignedIn(found) if found else None


@manager.unauthorized_handler  # type: ignore[untyped-decorator]
def _ask_to_sign_in() -> BaseResponse:
    way_in = url_for("sign_in.show", next=page_asked_from())
    return htmx.leave(way_in) if htmx.wants_fragment() else redirect(way_in)


def signed_in() -> SignedIn | None:
    return cast(SignedIn, current_user) if current_user.is_authenticated else None


def sign_in_required(view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def guarded(**arguments: Any) -> Any:
        return view(**arguments) if signed_in() else _ask_to_sign_in()

    return guarded


def open_sign_in(response: BaseResponse, identity: Identity, method: Method) -> BaseResponse:
    """Opens a sign-in and gives the browser its cookie. Nothing that was there before it survives."""
    settings: Settings = current_app.extensions["settings"]
    close_sign_in(response)
    secret = sign_ins.sign_in(identity, method=method, user_agent=request.user_agent.string)
    session.clear()
    response.set_cookie(
        cookie_name(),
        secret,
        max_age=int(sign_ins.LIFETIME.total_seconds()),
        secure=settings.is_https,
        httponly=True,
        samesite="Lax",
        path="/",
    )
    return response


def close_sign_in(response: BaseResponse) -> None:
    """Revokes the sign-in of this request, if there is one, and takes the cookie away."""
    present = signed_in()
    if present:
        sign_ins.sign_out(present.sign_in.id)
    settings: Settings = current_app.extensions["settings"]
    response.delete_cookie(cookie_name(), path="/", secure=settings.is_https, httponly=True, samesite="Lax")


def safe_onward(target: str | None) -> str:
    """A path of this site to go to next; anything else leads home."""
    return target if target and _is_path_of_this_site(target) else url_for("sign_in.home")


def _is_path_of_this_site(target: str) -> bool:
    """Browsers drop tabs and line breaks from an address and read a backslash as a slash."""
    return target.startswith("/") and target[1:2] not in {"/", "\\"} and target.isprintable() and len(target) <= 2000


def page_asked_from() -> str | None:
    """The page of this site that the person has open: this one, or the one whose form or fragment this is."""
    if request.method == "GET" and not htmx.wants_fragment():
        return request.full_path.rstrip("?")
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    query = f"?{parts.query}" if parts.query else ""
    return parts.path + query if parts.netloc == request.host else None
