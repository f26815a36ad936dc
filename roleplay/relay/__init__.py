"""The live call: between a browser's socket and a voice engine, in a process of its own."""

from flask import Flask

from roleplay.ports.realtime import RealtimeEngine


def register(app: Flask, engine: RealtimeEngine) -> None:
    """Makes `app` a relay: the call's socket, and the way out when the process is told to stop."""
    from flask_babel import Babel  # noqa: PLC0415 - the web process imports this package and needs none of it

    from roleplay.relay import draining, route, socket  # noqa: PLC0415
    from roleplay.relay.switchboard import Switchboard  # noqa: PLC0415

    Babel(app)
    socket.configure(app)
    app.extensions["switchboard"] = switchboard = Switchboard(app, engine)
    app.register_blueprint(route.blueprint)
    draining.drain_on_sigterm(switchboard, app.config.get("RELAY_DRAIN_SECONDS", draining.SECONDS))
