"""What a call does when one of its alarms rings."""

from collections.abc import Callable
from time import monotonic
from typing import TYPE_CHECKING

from roleplay.attempts.models import EndReason
from roleplay.relay.clock import FAREWELL
from tenants.clock import now

if TYPE_CHECKING:
    from roleplay.relay.call import Call

TICK_EVERY = 5.0
NOTICE_AGAIN = 0.5
"""Seconds until a notice is tried again that had no engine to go to."""
LAST_WORDS_AT_LIMIT = 1.2
CURFEW = 1.6
"""Seconds beyond the limit, or the longest pause, after which the engine is left even if the call itself cannot end: it
waits for the database."""


def ring(call: "Call", name: str) -> None:
    _HANDLERS[name](call)


def start(call: "Call") -> None:
    """Sets the alarms of a call with a browser; again whenever its clock changed."""
    call.alarms.set("tick", 0)
    _follow_clock(call)


def _follow_clock(call: "Call") -> None:
    call.alarms.clear("limit", "notice", "pause")
    paused = call.clock.paused_at is not None
    seconds = call.clock.pause_left(now()) if paused else call.clock.remaining_ms(now()) / 1000
    call.alarms.set("pause" if paused else "limit", seconds)
    call.curfew.set(call, monotonic() + seconds + CURFEW)
    notice_in = call.clock.next_notice_in(now())
    if notice_in is not None:
        call.alarms.set("notice", notice_in)


def _tick(call: "Call") -> None:
    at = now()
    call.stage.tell("timer", remaining_ms=call.clock.remaining_ms(at), elapsed_ms=call.clock.elapsed_ms(at))
    call.alarms.set("tick", TICK_EVERY)


def _notice(call: "Call") -> None:
    if not (call.connection.line and call.connection.line.is_open):
        call.alarms.set("notice", NOTICE_AGAIN)
        return
    seconds = call.clock.take_notice(now())
    if seconds is not None:
        _give_notice(call, seconds)
    _follow_clock(call)


def _give_notice(call: "Call", seconds: int) -> None:
    persona = call.exchange.persona
    call.exchange.scribe.tell_engine(lambda engine: engine.note_time_left(0 if seconds == FAREWELL else seconds))
    if seconds == FAREWELL:
        call.farewell = True
    else:
        call.stage.warn(f"time_{seconds}")
    idle = not persona.answering and not persona.playback.is_out and not call.exchange.learner.speaks
    if seconds == FAREWELL or (seconds < 120 and idle):
        persona.ask(expected=False)


def _limit(call: "Call") -> None:
    if call.clock.is_over(now()):
        call.finish(EndReason.TIME, last_words=LAST_WORDS_AT_LIMIT)
    else:
        _follow_clock(call)


def _pause_is_used_up(call: "Call") -> None:
    call.finish(EndReason.PAUSE)


def _persona_is_gone(call: "Call") -> None:
    call.finish(EndReason.TIME if call.farewell else EndReason.PERSONA)


def _no_answer(call: "Call") -> None:
    """The engine is there and says nothing: a new line is the only thing left to try."""
    call.stage.warn("engine_slow")
    call.connection.hang_up()
    call.exchange.settle_all()
    call.connection.dial()


def _nobody_there(call: "Call") -> None:
    call.vacate()


def _rest(call: "Call") -> None:
    """A long pause needs no engine; the resumption opens a new line."""
    call.connection.hang_up()
    call.exchange.settle_all()


_HANDLERS: dict[str, Callable[["Call"], None]] = {
    "tick": _tick,
    "notice": _notice,
    "limit": _limit,
    "pause": _pause_is_used_up,
    "rest": _rest,
    "gone": _persona_is_gone,
    "answer": _no_answer,
    "again": lambda call: call.exchange.persona.ask(),
    "grace": _nobody_there,
    "drained": _nobody_there,
    "dial": lambda call: call.connection.dial(),
    "played": lambda call: call.exchange.persona.account(),
    "quiet": lambda call: call.exchange.persona.quiet(),
    "transcription": lambda call: call.exchange.learner.give_up(),
    "last_words": lambda call: call.complete(),
}
