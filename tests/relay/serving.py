"""The relay as the tests run it: the real one, with short waits, and a way to end every call between two tests."""

import time

from flask import Flask

from roleplay.app import create_relay
from roleplay.relay import call, connection, watch
from roleplay.relay.switchboard import Switchboard


def relay() -> Flask:
    call.GRACE = 2.0
    watch.CHECK_EVERY = 1.0
    connection.QUEUE_SECONDS = 0.1
    connection.REDIAL_AFTER = (0.1, 0.2)
    app = create_relay()
    switchboard: Switchboard = app.extensions["switchboard"]

    @app.get("/tests/hang-up")
    def hang_up() -> str:
        for live in list(switchboard._calls.values()):
            live.drain(0)
        while switchboard.live:
            time.sleep(0.01)
        return "quiet"

    return app
