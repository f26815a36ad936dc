"""Keeps a line to the engine open while there is somebody to talk to, and says who may be heard on it.

A provider's own reconnection would go on with an empty conversation. This one opens a new line with the turns so far.
"""

from typing import TYPE_CHECKING

from roleplay.attempts import lifecycle
from roleplay.attempts.models import Mode
from roleplay.ports import Speaker
from roleplay.ports.realtime import CallPlan, PersonaAudio, RealtimeEngine, SpeechStarted, TurnTaking
from roleplay.relay import timers
from roleplay.relay.browser import FAILED, Browser
from roleplay.relay.flow import Flow
from roleplay.relay.line import Line, LineEvent, LineLost, LineOpened
from roleplay.scenarios.briefing import instructions
from tenants.clock import now

if TYPE_CHECKING:
    from roleplay.relay.call import Call

REDIAL_AFTER = (0.2, 1.0, 2.0, 4.0)
"""Seconds between tries; after the last one the call is given up, and the attempt stays open."""
BUSY = "engine_busy"
QUEUES_FOR = 20
"""Tries at an engine that has no place; each is a few seconds apart."""
QUEUE_SECONDS = 3.0


class Connection:
    def __init__(self, call: "Call", engine: RealtimeEngine) -> None:
        self._call, self._engine = call, engine
        self.line: Line | None = None
        self.muted = False
        self.push_to_talk = False
        self.talking = False
        self.talked_bytes = 0
        self.in_writing = False
        """The engine cannot speak this language."""
        self._taking = TurnTaking.OFF
        self._tries = 0
        self._queued = False
        self._owes_first_words = True
        self.flow = Flow()

    def dial(self) -> None:
        """Opens a line with what was said so far, in the background, for somebody who can use it."""
        call = self._call
        if call.clock.is_over(now()) or not self._somebody_there:
            return
        content, history = call.records.script()
        call.exchange.learner.forget_unread()
        self._owes_first_words = not history or history[-1].speaker is Speaker.LEARNER
        self._taking = self._wanted()
        plan = CallPlan(
            instructions=instructions(content),
            scenario=content.model_dump_json(),
            language=content.language,
            voice=content.persona.voice,
            spoken=call.mode is Mode.VOICE,
            taking=self._taking,
            silence_ms=call.patience_ms,
            remaining_ms=call.clock.remaining_ms(now()),
            history=history,
        )
        call.stage.show("reconnecting" if self._tries or history else "connecting")
        self._adopt(Line(self._engine, plan, self))

    def _adopt(self, line: Line | None) -> None:
        self.line = self._call.exchange.scribe.line = line
        self.balance()

    def balance(self) -> None:
        """Whoever is far ahead of the other side waits for it."""
        self.flow.stop()
        line, browser = self.line, self._call.stage.browser
        if line:
            line.hold(browser is not None and browser.is_full)
        if browser:
            browser.hold(line is not None and line.is_full)
        if line and browser:
            self.flow.meet(line, browser)

    def sound(self, line: Line, event: PersonaAudio) -> None:
        self.flow.stop()
        self._call.exchange.persona.sound(line, event)
        self.flow.item = event.item
        self.let_flow()

    def let_flow(self) -> None:
        """Sound that nothing speaks against goes by itself from now on; the rest is looked at piece by piece."""
        line, browser = self.line, self._call.stage.browser
        if not line or not browser:
            return
        persona = self._call.exchange.persona
        if self._taking is TurnTaking.HANDS_FREE and not self.muted:
            self.flow.hear(line, browser)
        if persona.may_flow(line, self.flow.item):
            self.flow.speak(line, browser, persona.playback)

    def post(self, line: Line, event: LineEvent) -> None:
        # At once, and not when a worker comes to it: the sound of the next answer may be right behind.
        if isinstance(event, SpeechStarted) and line is self.line:
            self.flow.stop()
            self._call.exchange.persona.interrupt()
        self._call.post(line, event)

    def hang_up(self) -> None:
        line = self.line
        self._adopt(None)
        if line:
            line.close()

    def cut_off(self) -> None:
        """Leaves the engine, whatever a worker does meanwhile, who will find the line lost."""
        line = self.line
        if line:
            line.close()
            self._call.post(line, LineLost("curfew", recoverable=True))

    def hear(self, browser: Browser, pcm: bytes) -> None:
        """The learner's sound, from whoever reads the browser."""
        line, hands_free = self.line, self._taking is TurnTaking.HANDS_FREE
        if line and (hands_free or (self._taking is TurnTaking.PUSH_TO_TALK and self.talking)):
            self.talked_bytes += len(pcm)
            line.hear(bytes(len(pcm)) if self.muted else pcm)
            if hands_free and not self.muted:
                self.flow.hear(line, browser)

    def take_turns(self, *, anew: bool = False) -> None:
        """Tells the engine whom to listen to when that has changed; `anew` after a change of patience."""
        wanted = self._wanted()
        if self.line and (anew or wanted is not self._taking):
            self.line.take_turns(wanted, self._call.patience_ms)
        self._taking = wanted

    def _wanted(self) -> TurnTaking:
        call = self._call
        if not self._somebody_there or self.in_writing or call.mode is Mode.TEXT:
            return TurnTaking.OFF
        return TurnTaking.PUSH_TO_TALK if self.push_to_talk else TurnTaking.HANDS_FREE

    def heed(self, event: LineEvent) -> None:
        match event:
            case LineOpened(spoken):
                self._opened(spoken=spoken)
            case LineLost():
                self._lost(event)
            case _:
                self._tries = 0
                self._call.exchange.heed(event)

    def _opened(self, *, spoken: bool) -> None:
        call = self._call
        call.log.info("line open", engine=self._engine.label)
        self.balance()
        if self._queued:
            self._queued = False
            self._give_time_back()
        if not spoken and call.mode is Mode.VOICE and not self.in_writing:
            self.in_writing = True
            call.stage.warn("text_only")
        self.go_on()

    def _give_time_back(self) -> None:
        """Waiting for a place costs no practice: as long as nothing was said, the clock begins anew."""
        call = self._call
        if not call.exchange.scribe.conversation.stored and not call.clock.paused_ms and self._somebody_there:
            call.records.change(lifecycle.start_clock, call.clock)
            timers.start(call)

    def go_on(self) -> None:
        """On an open line: the persona begins, or answers what was left unanswered, once somebody is there."""
        call = self._call
        self.take_turns()
        if self.line and self.line.is_open:
            call.exchange.learner.hand_over()
        if self._owes_first_words and self.line and self.line.is_open and self._somebody_there:
            self._owes_first_words = False
            call.exchange.persona.ask()
            call.stage.show("thinking")
        elif self.line and self.line.is_open:
            call.show_floor(again=True)

    @property
    def _somebody_there(self) -> bool:
        call = self._call
        return call.stage.browser is not None and call.clock.paused_at is None and call.leaving is None

    def _lost(self, lost: LineLost) -> None:
        call = self._call
        call.log.warning("line lost", code=lost.code, recoverable=lost.recoverable, tries=self._tries)
        self._adopt(None)
        call.exchange.settle_all()
        if not self._somebody_there:
            return
        tries_left = (QUEUES_FOR if lost.code == BUSY else len(REDIAL_AFTER)) - self._tries
        if not lost.recoverable or tries_left <= 0:
            call.leave("error", FAILED)
            return
        self._redial(busy=lost.code == BUSY)

    def _redial(self, *, busy: bool) -> None:
        call = self._call
        if busy and not self._queued:
            self._queued = True
            call.stage.warn(BUSY)
        call.stage.show("connecting" if busy else "reconnecting")
        call.alarms.set("dial", QUEUE_SECONDS if busy else REDIAL_AFTER[self._tries])
        self._tries += 1
