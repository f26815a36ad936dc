"""Stopping without hanging up on anybody: at SIGTERM calls are told to move, and have a while to do so."""

import signal
from threading import Thread, current_thread, main_thread
from time import sleep
from types import FrameType

from roleplay.relay.switchboard import Switchboard

_LOOK_EVERY = 0.2


def drain_on_sigterm(switchboard: Switchboard, seconds: float) -> None:
    """Keeps whatever else SIGTERM does: the server stops accepting and waits for its open sockets, for longer than
    these `seconds` (`roleplay.cli`)."""
    if current_thread() is not main_thread():
        return
    before = signal.getsignal(signal.SIGTERM)

    def note(number: int, frame: FrameType | None) -> None:
        # A handler may not wait for a lock; the watcher does.
        switchboard.draining = True
        if callable(before):
            before(number, frame)

    signal.signal(signal.SIGTERM, note)
    Thread(target=_watch, args=(switchboard, seconds), daemon=True).start()


def _watch(switchboard: Switchboard, seconds: float) -> None:
    while not switchboard.draining:
        sleep(_LOOK_EVERY)
    switchboard.drain(seconds)
