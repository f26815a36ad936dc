"""One live call: its state, its timers and its database writes.

Everything that happens to a call arrives in its inbox: browsers that come and go, what they say, what the engine says.
Whoever works on it takes out one thing after the other (`desk`). Only sound goes past it, in both directions. The call
outlives a browser by a grace, and the attempt outlives the call: what counts is in the database, and the next process
goes on from there.
"""

from collections.abc import Callable
from uuid import UUID

import structlog
from structlog.typing import FilteringBoundLogger

from roleplay.attempts.lifecycle import Superseded
from roleplay.attempts.models import EndReason, Mode
from roleplay.attempts.tickets import Admission
from roleplay.ports.realtime import RealtimeEngine
from roleplay.relay import commands, timers
from roleplay.relay.alarms import Alarms
from roleplay.relay.arriving import arrive
from roleplay.relay.bell import Bell
from roleplay.relay.browser import FAILED, GOING_AWAY, NORMAL, SIGNED_OUT, TAKEN_OVER, UNWELCOME, Browser
from roleplay.relay.clock import CallClock
from roleplay.relay.connection import Connection
from roleplay.relay.exchange import Exchange
from roleplay.relay.inbox import Arrival, Departure, Doubt, Drain, Happening, Heard, Said
from roleplay.relay.line import Line, LineEvent
from roleplay.relay.messages import parse
from roleplay.relay.records import Records
from roleplay.relay.stage import Stage
from tenants import current
from tenants.clock import now

GRACE = 60.0
"""Seconds that the engine waits, unhearing, for a browser that went away."""
LAST_WORDS = 3.0
"""Seconds that the end waits for the last words to be written down."""
LEAVES_AFTER = 0.5
"""Seconds between the persona's last sound and the end, when it was the persona who ended it."""
AT_ONCE = 16
"""Things that are done for a call before others have their turn; what ends an answer is a dozen."""
MOST_WAITING = 200
"""Messages of a browser that may wait to be obeyed; nobody types or clicks that fast."""

log = structlog.get_logger()


class Call:
    """What a browser calls, `attach`, `post`, `doubt` and `drain` are for others; the rest is for who works on it."""

    clock: CallClock
    mode: Mode
    exchange: Exchange

    def __init__(
        self,
        engine: RealtimeEngine,
        admission: Admission,
        *,
        bring: "Callable[[Call], None]",
        forget: "Callable[[Call], None]",
        curfew: "Bell[Call]",
    ) -> None:
        self._bring, self._forget, self.curfew = bring, forget, curfew
        self._inbox: list[Happening] = []
        self.admission = admission
        self.alarms = Alarms()
        self.stage = Stage()
        self.connection: Connection = Connection(self, engine)
        self.records = Records(admission, engine.label, resumed=self.connection.flow.stop)
        self.patience_ms = 500
        self.over = False
        self.leaving: EndReason | None = None
        self.farewell = False
        self.engine_label = engine.label
        self.request_id: str | None = None
        self._draining = False

    @property
    def log(self) -> FilteringBoundLogger:
        admission = self.admission
        bound: FilteringBoundLogger = log.bind(
            organization_id=str(admission.organization_id), attempt_id=str(admission.attempt_id)
        )
        return bound

    @property
    def owner(self) -> UUID:
        return self.admission.organization_id

    @property
    def next_at(self) -> float | None:
        return 0.0 if self._inbox else self.alarms.next_at

    def _put(self, item: Happening) -> None:
        self._inbox.append(item)
        self._bring(self)

    def attach(self, browser: Browser, admission: Admission) -> None:
        self._put(Arrival(browser, admission))

    def post(self, line: Line, event: LineEvent) -> None:
        self._put(Heard(line, event))

    def doubt(self) -> None:
        self._put(Doubt())

    def drain(self, seconds: float) -> None:
        self._put(Drain(seconds))

    def hear(self, browser: Browser, pcm: bytes) -> None:
        if browser is self.stage.browser and len(pcm) % 2 == 0:
            self.connection.hear(browser, pcm)

    def said(self, browser: Browser, text: str) -> None:
        try:
            if len(self._inbox) > MOST_WAITING:
                raise ValueError("too many")
            self._put(Said(browser, parse(text)))
        except ValueError:
            self.log.warning("message refused")
            browser.close(UNWELCOME)

    def pressed(self) -> None:
        self.connection.balance()

    def gone(self, browser: Browser) -> None:
        self._put(Departure(browser))

    def work(self) -> None:
        current.request_id.set(self.request_id)
        try:
            for _ in range(AT_ONCE):
                self._step()
                if self.over or not self._inbox:
                    break
            if not self.over:
                self.connection.let_flow()
        except Superseded as refusal:
            self.leave("taken_over" if refusal.code == "taken_over" else EndReason.LEARNER, TAKEN_OVER)
        except Exception:
            self.log.exception("call failed")
            self.leave("error", FAILED)
        finally:
            if self.over:
                self._forget(self)
                self._send_latecomers_away()

    def _step(self) -> None:
        self.connection.flow.stop()
        if self._inbox and not self.over:
            self._take(self._inbox.pop(0))
        for name in self.alarms.rung():
            if not self.over:
                timers.ring(self, name)
        if not self.over and self.leaving and self.exchange.is_settled:
            self.complete()

    def _take(self, item: Happening) -> None:
        match item:
            case Arrival(browser, admission):
                arrive(self, browser, admission)
            case Departure(browser) if browser is self.stage.browser:
                self._depart()
            case Said(browser, message) if browser is self.stage.browser:
                commands.obey(self, message)
            case Heard(line, event) if line is self.connection.line:
                self.connection.heed(event)
                self._see_persona_off()
            case Drain(seconds):
                self._start_draining(seconds)
            case Doubt():
                if not self.records.may_stay(self.admission):
                    self.leave("signed_out", SIGNED_OUT)

    def _send_latecomers_away(self) -> None:
        """They come again, and find a new call or the end."""
        self.alarms.clear_all()
        self.curfew.set(self, None)
        while self._inbox:
            item = self._inbox.pop(0)
            if isinstance(item, Arrival):
                item.browser.close(GOING_AWAY)

    def elapsed_ms(self) -> int:
        return self.clock.elapsed_ms(now())

    def go_on(self) -> None:
        """There is somebody to talk to: on the line that is open, or on a new one."""
        if self.connection.line:
            self.connection.go_on()
        elif self.clock.paused_at is None:
            self.connection.dial()
        else:
            self.show_floor(again=True)

    def show_floor(self, *, again: bool = False) -> None:
        """Who has the floor; `again` says it although it is no news."""
        persona = self.exchange.persona
        if self.clock.paused_at is not None:
            state = "paused"
        elif persona.playback.is_out:
            state = "speaking"
        else:
            state = "thinking" if persona.answering else "listening"
        self.stage.show(state, again=again)

    def _depart(self) -> None:
        self.log.info("browser left")
        self.exchange.persona.forget_unsent()
        self.stage.browser = None
        self.connection.balance()
        if self._draining:
            self.vacate()
            return
        self.connection.take_turns()
        self.exchange.persona.cancel()
        self.alarms.clear("tick", "quiet")
        self.alarms.set("grace", GRACE)

    def _start_draining(self, seconds: float) -> None:
        self._draining = True
        self.stage.tell("goaway", in_ms=round(seconds * 1000))
        self.alarms.set("drained", seconds if self.stage.browser else 0)

    def vacate(self) -> None:
        """Leaves the attempt open for whoever comes next, here or in another process."""
        self.exchange.settle_all()
        self.stage.leave(GOING_AWAY)
        self._end()

    def leave(self, reason: str, code: int) -> None:
        """The browser must go. The attempt may go on without it."""
        self.log.info("call left", reason=reason)
        self.say_goodbye(reason, code)
        self._end()

    def say_goodbye(self, reason: str, code: int) -> None:
        self.stage.tell("ended", reason=reason)
        self.stage.leave(code)

    def _end(self) -> None:
        self.over = True
        if hasattr(self, "exchange"):
            self.connection.hang_up()

    def _see_persona_off(self) -> None:
        persona = self.exchange.persona
        if persona.has_left and not persona.answering and not self.alarms.is_set("gone"):
            self.alarms.set("gone", persona.playback.seconds_left + LEAVES_AFTER)

    def finish(self, reason: EndReason, *, last_words: float = LAST_WORDS) -> None:
        """The attempt ends, as soon as the last words are known, or shortly without them."""
        if self.leaving is not None:
            return
        self.leaving = reason
        self.exchange.persona.interrupt()
        self.exchange.persona.cancel()
        if self.exchange.learner.speaks or self.connection.talking:
            self.exchange.scribe.tell_engine(lambda engine: engine.commit())
        self.connection.take_turns()
        self.alarms.set("last_words", last_words)

    def complete(self) -> None:
        reason = self.leaving or EndReason.LEARNER
        self.connection.hang_up()
        self.exchange.settle_all()
        self.records.complete(reason)
        self.log.info("attempt ended", reason=reason)
        self.say_goodbye(reason, NORMAL)
        self._end()
