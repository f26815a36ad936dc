"""The calls of this process, and its way out when it is told to stop."""

from threading import Lock, Thread

from flask import Flask

from roleplay.attempts.tickets import Admission
from roleplay.ports.realtime import RealtimeEngine
from roleplay.relay.bell import Bell
from roleplay.relay.browser import Browser
from roleplay.relay.call import Call
from roleplay.relay.desk import Desk
from roleplay.relay.watch import start_watching


class Switchboard:
    """`in_hub`: whether sockets are callbacks of gevent's hub, or threads."""

    def __init__(self, app: Flask, engine: RealtimeEngine, *, in_hub: bool) -> None:
        self._app, self._engine, self.in_hub = app, engine, in_hub
        self._desk = Desk(app)
        self._curfew = Bell(_cut_off)
        self._calls: dict[object, Call] = {}
        self._lock = Lock()
        self._opened = False
        self.draining = False

    @property
    def live(self) -> int:
        return len(self._calls)

    def connect(self, admission: Admission, browser: Browser) -> Call:
        """The attempt's call with this browser in it: the one there is, or a new one."""
        with self._lock:
            if not self._opened:
                self._opened = True
                self._desk.open()
                self._curfew.start()
                start_watching(self._app, self._calls)
            call = self._calls.get(admission.attempt_id)
            if call is None:
                call = Call(self._engine, admission, bring=self._desk.bring, forget=self._forget, curfew=self._curfew)
                self._calls[admission.attempt_id] = call
            call.attach(browser, admission)
        return call

    def drain(self, seconds: float) -> None:
        """Takes no new calls; the browsers of those that are live are asked to go elsewhere, and then made to."""
        self.draining = True
        with self._lock:
            for call in self._calls.values():
                call.drain(seconds)

    def _forget(self, call: Call) -> None:
        with self._lock:
            if self._calls.get(call.admission.attempt_id) is call:
                del self._calls[call.admission.attempt_id]


def _cut_off(call: Call) -> None:
    """Some lines wait for the other side's goodbye, and a bell may not."""
    Thread(target=call.connection.cut_off, daemon=True).start()
