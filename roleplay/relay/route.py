"""The way in: who may open a call's socket, asked before the handshake. A refusal is an HTTP answer and no socket."""

import re
from uuid import uuid4

from flask import Blueprint, Response, abort, current_app, g, request
from flask_sock import Sock
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from roleplay.attempts import tickets
from roleplay.relay import socket
from roleplay.relay.browser import Browser
from roleplay.relay.measures import measures
from roleplay.relay.switchboard import Switchboard
from roleplay.relay.threaded_browser import ThreadedBrowser, Transport
from roleplay.settings import Settings
from tenants.db import db
from tenants.scope import platform_scope

blueprint = Blueprint("relay", __name__)
sock = Sock()


@blueprint.before_request
def _admit() -> None:
    """Checks the Origin, because browsers open sockets to any site, and the one-use ticket."""
    if request.endpoint != "relay.call":
        return
    settings: Settings = current_app.extensions["settings"]
    switchboard: Switchboard = current_app.extensions["switchboard"]
    if request.headers.get("Origin") not in settings.origins:
        abort(403)
    if switchboard.draining:
        abort(503)
    g.admission = tickets.redeem(request.args.get("ticket", ""))
    if g.admission is None:
        abort(401)
    socket.prepare(request.environ, in_hub=switchboard.in_hub)


@sock.route("/relay/calls", bp=blueprint)  # type: ignore[untyped-decorator]
def call(transport: Transport) -> None:
    switchboard: Switchboard = current_app.extensions["switchboard"]
    browser = _browser(transport, in_hub=switchboard.in_hub)
    browser.listen(switchboard.connect(g.admission, browser))


def _browser(transport: Transport, *, in_hub: bool) -> Browser:
    if not in_hub:
        return ThreadedBrowser(transport, request_id=_request_id())
    from roleplay.relay.pumped_browser import PumpedBrowser  # noqa: PLC0415 - needs gevent

    return PumpedBrowser(socket.take_over(transport), request_id=_request_id())


def _request_id() -> str:
    """What the log and the audit of this socket are found by: the proxy's id, or a new one."""
    given = request.headers.get("X-Request-ID", "")
    return given if re.fullmatch(r"[\w-]{8,64}", given) else uuid4().hex


@blueprint.get("/healthz")
def healthz() -> Response:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Ready to take calls: neither on its way out nor cut off from the database."""
    switchboard: Switchboard = current_app.extensions["switchboard"]
    if switchboard.draining:
        return Response("draining\n", 503)
    return Response("ready\n") if _has_database() else Response("no database\n", 503)


def _has_database() -> bool:
    try:
        with platform_scope():
            db.session.execute(text("select 1"))
    except SQLAlchemyError:
        return False
    return True


@blueprint.get("/metrics")
def metrics() -> Response:
    settings: Settings = current_app.extensions["settings"]
    if not settings.may_read_metrics(dict(request.headers), request.remote_addr):
        abort(404)
    switchboard: Switchboard = current_app.extensions["switchboard"]
    return Response(measures(switchboard), mimetype="text/plain; version=0.0.4")
