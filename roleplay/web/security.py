"""What every answer carries and every change needs: headers with a fresh nonce, form tokens, rate limits."""

import secrets

from flask import Flask, Response, abort, current_app, g, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from roleplay.settings import Settings
from tenants.errors import Forbidden

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, strategy="moving-window")


def csp_nonce() -> str:
    """The nonce that lets a script of this answer run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def register(app: Flask) -> None:
    settings: Settings = app.extensions["settings"]
    app.config.update(
        SESSION_COOKIE_NAME="__Host-form" if settings.is_https else "form",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        RATELIMIT_STORAGE_URI=settings.redis_url.replace("unix://", "redis+unix://", 1),
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=True,
        RATELIMIT_HEADERS_ENABLED=True,
        RATELIMIT_KEY_PREFIX="roleplay",
    )
    csrf.init_app(app)
    limiter.init_app(app)
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.before_request(_refuse_cross_site)
    app.before_request(_refuse_nul)
    app.after_request(_add_headers)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]


def _refuse_cross_site() -> None:
    """A second lock beside the form token: browsers say themselves when another site sends the form."""
    changes = request.method not in {"GET", "HEAD", "OPTIONS"}
    if changes and request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        raise Forbidden(code="cross_site")


def _refuse_nul() -> None:
    """Nobody types this character, and no text of the database can hold it."""
    typed = (*request.args.items(multi=True), *request.form.items(multi=True))
    if "\0" in request.path or any("\0" in key or "\0" in value for key, value in typed):
        abort(400)


def _policy(settings: Settings) -> str:
    sockets = settings.socket_base
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'nonce-{csp_nonce()}' 'strict-dynamic'",
            "style-src 'self'",
            "img-src 'self' data:",
            "media-src 'self' blob:",
            "worker-src 'self' blob:",
            f"connect-src 'self' {sockets}",
            "font-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


def _add_headers(response: Response) -> Response:
    settings: Settings = current_app.extensions["settings"]
    response.headers.setdefault("Content-Security-Policy", _policy(settings))
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Permissions-Policy"] = (
        "microphone=(self), autoplay=(self), camera=(self), screen-wake-lock=(self), geolocation=()"
    )
    if settings.is_https:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if request.endpoint != "static":
        response.headers.setdefault("Cache-Control", "no-store")
    return response
