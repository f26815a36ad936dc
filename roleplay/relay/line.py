"""The call's connection to the engine. It connects in a thread of its own and posts what it hears; sound goes to the
browser directly."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Protocol

from roleplay.ports.realtime import (
    CallPlan,
    Coupling,
    PersonaAudio,
    RealtimeCall,
    RealtimeEngine,
    RealtimeEvent,
    TurnTaking,
)
from roleplay.relay.browser import Browser
from tenants.errors import ProviderFailed


@dataclass(frozen=True, slots=True)
class LineOpened:
    spoken: bool


@dataclass(frozen=True, slots=True)
class LineLost:
    code: str
    recoverable: bool


LineEvent = LineOpened | LineLost | RealtimeEvent


class Owner(Protocol):
    """Is given the line itself, too: what an abandoned line still says is told apart by it."""

    def post(self, line: "Line", event: LineEvent) -> None: ...

    def sound(self, line: "Line", event: PersonaAudio) -> None: ...

    def balance(self) -> None:
        """The engine fell far behind, or caught up (`is_full`)."""


class Line:
    def __init__(self, engine: RealtimeEngine, plan: CallPlan, owner: Owner) -> None:
        self._owner = owner
        self._call: RealtimeCall | None = None
        self._abandoned = False
        self.is_full = False
        self.heard_bytes = 0
        self.spoken = plan.spoken
        Thread(target=self._connect, args=(engine, plan), daemon=True).start()

    @property
    def is_open(self) -> bool:
        return self._call is not None and not self._abandoned

    @property
    def ref(self) -> str:
        return self._call.ref if self._call else ""

    @property
    def can_truncate(self) -> bool:
        return self._call is not None and self._call.can_truncate

    def hear(self, pcm: bytes) -> None:
        self.heard_bytes += len(pcm)
        if self._call is not None and not self._abandoned:
            try:  # noqa: SIM105 - 25 times a second for each call
                self._call.hear(pcm)
            except ProviderFailed:
                pass

    def take_turns(self, taking: TurnTaking, silence_ms: int) -> None:
        self.do(lambda call: call.take_turns(taking, silence_ms))

    def do(self, verb: Callable[[RealtimeCall], None]) -> None:
        """Does nothing on a line that is not open. That it broke is told by its reader, once."""
        if self._call is None or self._abandoned:
            return
        with suppress(ProviderFailed):
            verb(self._call)

    def hold(self, on: bool) -> None:
        if self._call and not self._abandoned:
            self._call.hold(on)

    def couple(self, browser: Browser) -> Coupling | None:
        """Its socket with the browser's, while both are open."""
        if self._call is None or self._abandoned or browser.channel is None:
            return None
        return self._call.couple(browser.channel)

    def close(self) -> None:
        self._abandoned = True
        if self._call:
            self._call.close()

    def _connect(self, engine: RealtimeEngine, plan: CallPlan) -> None:
        try:
            call = engine.connect(plan)
        except ProviderFailed as failure:
            self.lost(failure)
            return
        except Exception as error:
            self.lost(ProviderFailed(code=type(error).__name__, recoverable=True))
            return
        self.spoken = call.spoken
        self._call = call
        if self._abandoned:
            call.close()
            return
        self._owner.post(self, LineOpened(call.spoken))
        call.listen(self)

    def heard(self, event: RealtimeEvent) -> None:
        if isinstance(event, PersonaAudio):
            self._owner.sound(self, event)
        else:
            self._owner.post(self, event)

    def pressed(self, full: bool) -> None:
        self.is_full = full
        self._owner.balance()

    def lost(self, failure: ProviderFailed) -> None:
        self._owner.post(self, LineLost(failure.code, failure.recoverable))
