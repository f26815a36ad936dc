"""One live call: a control thread that owns its state, its timers and its database writes.

Everything that happens to a call arrives in its inbox: browsers that come and go, what they say, what the engine says.
Only sound goes past it, in both directions. The call outlives a browser by a grace, and the attempt outlives the call:
what counts is in the database, and the next process goes on from there.
"""

from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread

import structlog
from flask import Flask

from roleplay.attempts.lifecycle import Superseded
from roleplay.attempts.models import EndReason
from roleplay.attempts.tickets import Admission
from roleplay.ports.realtime import RealtimeEngine
from roleplay.relay import commands, timers
from roleplay.relay.alarms import Alarms
from roleplay.relay.browser import Browser
from roleplay.relay.clock import CallClock
from roleplay.relay.connection import Connection
from roleplay.relay.conversation import Conversation
from roleplay.relay.exchange import Exchange
from roleplay.relay.inbox import Arrival, Departure, Doubt, Drain, Happening, Heard, Said
from roleplay.relay.line import Line, LineEvent
from roleplay.relay.messages import parse
from roleplay.relay.records import Records, Taken
from roleplay.relay.scribe import Scribe
from roleplay.relay.stage import Stage
from tenants import current
from tenants.clock import now

HEARTBEAT_MS = 20_000
GRACE = 60.0
"""Seconds that the engine waits, unhearing, for a browser that went away."""
LAST_WORDS = 3.0
"""Seconds that the end waits for the last words to be written down."""
LEAVES_AFTER = 0.5
"""Seconds between the persona's last sound and the end, when it was the persona who ended it."""
MOST_WAITING = 200
"""Messages of a browser that may wait to be obeyed; nobody types or clicks that fast."""

_NORMAL, _UNWELCOME, _GOING_AWAY, _TAKEN_OVER, _SIGNED_OUT, _FAILED = 1000, 1008, 1012, 4001, 4003, 4500


class Call:
    """What a browser calls, `attach`, `post`, `doubt` and `drain` are for others; the rest is the control thread's."""

    clock: CallClock
    taken: Taken
    exchange: Exchange

    def __init__(
        self, app: Flask, engine: RealtimeEngine, admission: Admission, *, forget: "Callable[[Call], None]"
    ) -> None:
        self._app, self._forget = app, forget
        self._inbox: SimpleQueue[Happening] = SimpleQueue()
        self.admission = admission
        self.alarms = Alarms()
        self.stage = Stage()
        self.records = Records(admission, engine.label)
        self.connection: Connection = Connection(self, engine)
        self.patience_ms = 500
        self.over = False
        self.leaving: EndReason | None = None
        self.farewell = False
        self._engine_label = engine.label
        self._draining = False
        self.log = structlog.get_logger().bind(
            organization_id=str(admission.organization_id), attempt_id=str(admission.attempt_id)
        )

    def start(self) -> None:
        Thread(target=self._run, daemon=True, name=f"call-{self.admission.attempt_id}").start()

    def attach(self, browser: Browser, admission: Admission) -> None:
        self._inbox.put(Arrival(browser, admission))

    def post(self, line: Line, event: LineEvent) -> None:
        self._inbox.put(Heard(line, event))

    def doubt(self) -> None:
        self._inbox.put(Doubt())

    def drain(self, seconds: float) -> None:
        self._inbox.put(Drain(seconds))

    def hear(self, browser: Browser, pcm: bytes) -> None:
        if browser is self.stage.browser and len(pcm) % 2 == 0:
            self.connection.hear(pcm)

    def said(self, browser: Browser, text: str) -> None:
        try:
            if self._inbox.qsize() > MOST_WAITING:
                raise ValueError("too many")
            self._inbox.put(Said(browser, parse(text)))
        except ValueError:
            self.log.warning("message refused")
            browser.close(_UNWELCOME)

    def pressed(self) -> None:
        self.connection.balance()

    def gone(self, browser: Browser) -> None:
        self._inbox.put(Departure(browser))

    def _run(self) -> None:
        with self._app.app_context():
            try:
                while not self.over:
                    self._step()
            except Superseded as refusal:
                self.leave("taken_over" if refusal.code == "taken_over" else EndReason.LEARNER, _TAKEN_OVER)
            except Exception:
                self.log.exception("call failed")
                self.leave("error", _FAILED)
            finally:
                self._forget(self)
                self._send_latecomers_away()

    def _step(self) -> None:
        with suppress(Empty):
            self._take(self._inbox.get(timeout=self.alarms.next_in()))
        for name in self.alarms.rung():
            if not self.over:
                timers.ring(self, name)
        if not self.over and self.leaving and self.exchange.is_settled:
            self.complete()

    def _take(self, item: Happening) -> None:
        match item:
            case Arrival(browser, admission):
                self._arrive(browser, admission)
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
                    self.leave("signed_out", _SIGNED_OUT)

    def _send_latecomers_away(self) -> None:
        """They come again, and find a new call or the end."""
        while not self._inbox.empty():
            item = self._inbox.get()
            if isinstance(item, Arrival):
                item.browser.close(_GOING_AWAY)

    def elapsed_ms(self) -> int:
        return self.clock.elapsed_ms(now())

    def _arrive(self, browser: Browser, admission: Admission) -> None:
        current.request_id.set(browser.request_id)
        try:
            taken = self.records.take()
        except Superseded:
            browser.tell("ended", 1, reason=EndReason.LEARNER)
            browser.close(_NORMAL)
            raise
        except Exception:
            browser.close(_FAILED)
            raise
        if self.stage.browser:
            self._say_goodbye("taken_over", _TAKEN_OVER)
        self._begin(taken)
        self.admission = admission
        self.stage.browser, self.stage.language = browser, taken.language
        self._greet(taken)
        self.connection.balance()
        self.log.info("browser came", epoch=taken.epoch)
        self.alarms.clear("grace")
        timers.start(self)
        self.go_on()

    def _begin(self, taken: Taken) -> None:
        known = hasattr(self, "exchange")
        if known and taken.epoch != self.taken.epoch + 1:
            # Another process held the attempt in between: what is known here is out of date.
            known = False
            self.connection.hang_up()
            self.alarms.clear("answer", "again", "transcription", "played", "dial")
        elif known and taken.mode is not self.taken.mode:
            self.connection.hang_up()
            self.exchange.settle_all()
        self.taken, self.clock, self.patience_ms = taken, taken.clock, taken.patience_ms
        if known:
            return
        self.stage.seq = taken.seq
        conversation = Conversation(stored=len(taken.turns))
        self.exchange = Exchange(Scribe(self.stage, self.records, self.elapsed_ms, conversation), self.alarms)
        self.exchange.learner.typed_before = frozenset(turn.item_id for turn in taken.turns)

    def _greet(self, taken: Taken) -> None:
        at = now()
        self.stage.tell(
            "hello",
            attempt=str(self.admission.attempt_id),
            epoch=taken.epoch,
            heartbeat_ms=HEARTBEAT_MS,
            remaining_ms=self.clock.remaining_ms(at),
            elapsed_ms=self.clock.elapsed_ms(at),
            mode=taken.mode,
            engine=self._engine_label,
            can_extend=taken.can_extend,
        )
        for turn in taken.turns:
            self.stage.caption(turn.number, turn.speaker, turn.text, final=True)

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
        self.stage.leave(_GOING_AWAY)
        self._end()

    def leave(self, reason: str, code: int) -> None:
        """The browser must go. The attempt may go on without it."""
        self.log.info("call left", reason=reason)
        self._say_goodbye(reason, code)
        self._end()

    def _say_goodbye(self, reason: str, code: int) -> None:
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
        self._say_goodbye(reason, _NORMAL)
        self._end()
