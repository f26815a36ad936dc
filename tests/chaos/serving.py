"""The relay with short waits, so that a bad day takes seconds: `python -m tests.chaos.serving`, settings as ever."""

import os
import sys

from flask import Flask

from roleplay.app import create_relay
from roleplay.relay import learner_voice, persona_voice

ANSWERED_WITHIN = 1.5
TRANSCRIBED_WITHIN = 1.0


def relay() -> Flask:
    persona_voice.ANSWERED_WITHIN = ANSWERED_WITHIN
    persona_voice.ASKED_AGAIN_AFTER = (0.5, 0.5)
    learner_voice.TRANSCRIBED_WITHIN = TRANSCRIBED_WITHIN
    return create_relay()


if __name__ == "__main__":
    bind = f"127.0.0.1:{os.environ['RELAY_PORT']}"
    command = ["-m", "gunicorn", "tests.chaos.serving:relay()", "--worker-class", "gevent", "--bind", bind]
    os.execv(sys.executable, [sys.executable, *command, "--graceful-timeout", "5"])
