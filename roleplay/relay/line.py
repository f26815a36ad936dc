"""The call's connection to the engine. It connects and listens in a thread of its own and posts what it hears; sound
goes to the browser directly from there."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

from roleplay.ports.realtime import CallPlan, PersonaAudio, RealtimeCall, RealtimeEngine, RealtimeEvent, TurnTaking
from tenants.errors import ProviderFailed


@dataclass(frozen=True, slots=True)
class LineOpened:
    spoken: bool


@dataclass(frozen=True, slots=True)
class LineLost:
    code: str
    recoverable: bool


LineEvent = LineOpened | LineLost | RealtimeEvent


class Line:
    """`post` and `sound` are given the line itself, too: what an abandoned line still says is told apart by it."""

    def __init__(
        self,
        engine: RealtimeEngine,
        plan: CallPlan,
        *,
        post: "Callable[[Line, LineEvent], None]",
        sound: "Callable[[Line, PersonaAudio], None]",
    ) -> None:
        self._engine, self._plan, self._post, self._sound = engine, plan, post, sound
        self._call: RealtimeCall | None = None
        self._abandoned = False
        self.heard_bytes = 0
        self.spoken = plan.spoken
        Thread(target=self._run, daemon=True).start()

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
        self.do(lambda call: call.hear(pcm))

    def take_turns(self, taking: TurnTaking, silence_ms: int) -> None:
        self.do(lambda call: call.take_turns(taking, silence_ms))

    def do(self, verb: Callable[[RealtimeCall], None]) -> None:
        """Does nothing on a line that is not open. That it broke is told by its reader, once."""
        if self._call is None or self._abandoned:
            return
        with suppress(ProviderFailed):
            verb(self._call)

    def close(self) -> None:
        self._abandoned = True
        if self._call:
            self._call.close()

    def _run(self) -> None:
        try:
            call = self._engine.connect(self._plan)
            self.spoken = call.spoken
            self._call = call
            if self._abandoned:
                call.close()
                return
            self._post(self, LineOpened(call.spoken))
            for event in call.events():
                if isinstance(event, PersonaAudio):
                    self._sound(self, event)
                else:
                    self._post(self, event)
        except ProviderFailed as failure:
            self._post(self, LineLost(failure.code, failure.recoverable))
        except Exception as error:
            self._post(self, LineLost(type(error).__name__, recoverable=True))
