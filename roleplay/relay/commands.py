"""What a call does at the word of its browser. Every message is acknowledged once its effect holds."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roleplay.attempts import lifecycle
from roleplay.attempts.models import EndReason
from roleplay.relay import messages, timers
from roleplay.relay.playback import BYTES_PER_MS
from tenants.clock import now
from tenants.errors import Conflict

if TYPE_CHECKING:
    from roleplay.relay.call import Call

REST_AFTER = 120.0
SHORTEST_TALK_MS = 100
"""A provider refuses to take less for a turn."""


def obey(call: "Call", message: messages.ClientMessage) -> None:
    if isinstance(message, messages.Ack):
        return
    if call.leaving is None:
        _HANDLERS[type(message)](call, message)
    if not isinstance(message, messages.Text):
        call.stage.tell("ack", cid=message.cid)


def _played(call: "Call", message: messages.Played) -> None:
    call.exchange.persona.played(message.item, message.ms)


def _text(call: "Call", message: messages.Text) -> None:
    call.exchange.learner.write(message.text, message.cid)


def _pause(call: "Call", _message: messages.Pause) -> None:
    if call.clock.paused_at is not None:
        return
    try:
        call.records.change(lifecycle.pause, call.clock)
    except lifecycle.Superseded:
        raise
    except Conflict as refusal:
        call.stage.warn(refusal.code)
        call.show_floor(again=True)
        return
    call.exchange.persona.playback.hold()
    call.connection.take_turns()
    call.exchange.scribe.tell_engine(lambda engine: engine.clear())
    call.exchange.learner.speaks = False
    call.alarms.clear("quiet", "answer")
    call.alarms.set("rest", REST_AFTER)
    timers.start(call)
    call.stage.show("paused")


def _resume(call: "Call", _message: messages.Resume) -> None:
    if call.clock.paused_at is None:
        return
    call.records.change(lifecycle.resume, call.clock)
    call.alarms.clear("rest")
    call.exchange.persona.playback.go_on()
    timers.start(call)
    call.go_on()


def _extend(call: "Call", _message: messages.Extend) -> None:
    try:
        call.records.change(lifecycle.extend, call.clock)
    except lifecycle.Superseded:
        raise
    except Conflict as refusal:
        call.stage.warn(refusal.code)
        return
    call.clock.forget_notices(now())
    timers.start(call)


def _talk(call: "Call", message: messages.Talk) -> None:
    """Push to talk: the button says when a turn begins and ends, and the engine does not."""
    connection, at = call.connection, call.elapsed_ms()
    if message.down:
        connection.push_to_talk = True
        connection.take_turns()
        call.exchange.persona.interrupt()
        call.exchange.persona.cancel()
        call.exchange.scribe.tell_engine(lambda engine: engine.clear())
        connection.talked_bytes, connection.talking = 0, True
        call.exchange.learner.talked = (at, at)
        call.stage.show("listening")
    elif connection.talking:
        connection.talking = False
        started, _ = call.exchange.learner.talked or (at, at)
        call.exchange.learner.talked = (started, at)
        if connection.talked_bytes >= SHORTEST_TALK_MS * BYTES_PER_MS:
            call.stage.show("thinking")
            call.exchange.scribe.tell_engine(lambda engine: engine.commit())
            call.exchange.persona.ask()


def _mute(call: "Call", message: messages.Mute) -> None:
    call.connection.muted = message.on


def _tune(call: "Call", message: messages.Tune) -> None:
    if message.patience_ms is not None:
        call.patience_ms = message.patience_ms
    if message.push_to_talk is not None:
        call.connection.push_to_talk = message.push_to_talk
    call.connection.take_turns(anew=message.patience_ms is not None)


def _end(call: "Call", _message: messages.End) -> None:
    call.finish(EndReason.LEARNER)


_HANDLERS: dict[type, Callable[["Call", Any], None]] = {
    messages.Played: _played,
    messages.Text: _text,
    messages.Pause: _pause,
    messages.Resume: _resume,
    messages.Extend: _extend,
    messages.Talk: _talk,
    messages.Mute: _mute,
    messages.Tune: _tune,
    messages.End: _end,
}
