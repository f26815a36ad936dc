"""The live call: between a browser's socket and a voice engine, in a process of its own."""

import gc

import structlog
from flask import Flask

from roleplay.ports.realtime import RealtimeEngine
from roleplay.settings import Settings

log = structlog.get_logger()


def register(app: Flask, engine: RealtimeEngine, *, in_hub: bool) -> None:
    """Makes `app` a relay: the call's socket, and the way out when the process is told to stop. `in_hub`, for the
    browsers' sockets and for the engine alike: whether they are callbacks of gevent's hub, or threads."""
    from flask_babel import Babel  # noqa: PLC0415 - the web process imports this package and needs none of it

    from roleplay.relay import draining, route, socket  # noqa: PLC0415
    from roleplay.relay.switchboard import Switchboard  # noqa: PLC0415

    _refuse_uncooperative_database()
    Babel(app)
    socket.configure(app, in_hub=in_hub)
    app.extensions["switchboard"] = switchboard = Switchboard(app, engine, in_hub=in_hub)
    app.register_blueprint(route.blueprint)
    settings: Settings = app.extensions["settings"]
    draining.drain_on_sigterm(switchboard, settings.relay_drain_seconds)
    if in_hub:
        _collect_sparingly()
        _choose_wires(settings)


def _choose_wires(settings: Settings) -> None:
    from roleplay.sockets import wires  # noqa: PLC0415 - needs gevent

    if settings.relay_pump == "hub":
        wires.go_plain()
    elif not wires.are_compiled():
        log.warning("pump not built", remedy="a C compiler and Python's headers, then make pump")


def _collect_sparingly() -> None:
    """A search of all that lives for cycles stops every call meanwhile: a quarter of a second with a thousand of them,
    several times a minute. What the application consists of is left out, and the rest is gone through seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 50, 50)


def _refuse_uncooperative_database() -> None:
    """psycopg decides while it is imported how it waits. Imported before gevent's patches (a preloaded application), it
    would stop every call of the process whenever one of them waits for the database."""
    from gevent.monkey import is_module_patched  # noqa: PLC0415
    from psycopg import waiting  # noqa: PLC0415

    if is_module_patched("select") and waiting.wait is getattr(waiting, "wait_c", None):
        raise RuntimeError("psycopg was imported before gevent patched the standard library; do not preload the relay.")
