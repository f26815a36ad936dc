"""Both sides of a call: each event of the engine goes to the side it concerns."""

from collections.abc import Callable
from typing import Any

import structlog

from roleplay.ports import Speaker
from roleplay.ports import realtime as rt
from roleplay.relay.alarms import Alarms
from roleplay.relay.learner_voice import LearnerVoice
from roleplay.relay.persona_voice import TOLD, PersonaVoice
from roleplay.relay.scribe import Scribe

log = structlog.get_logger()


class Exchange:
    def __init__(self, scribe: Scribe, alarms: Alarms) -> None:
        self.scribe = scribe
        self.persona = PersonaVoice(scribe, alarms)
        self.learner = LearnerVoice(scribe, alarms, self.persona)

    @property
    def is_settled(self) -> bool:
        """Whether nothing that was said waits to be known or stored."""
        return self.persona.is_settled and self.learner.is_settled

    def heed(self, event: rt.RealtimeEvent) -> None:
        _READERS[type(event)](self, event)

    def trouble(self, event: rt.EngineTrouble) -> None:
        log.warning("engine trouble", code=event.code)
        if event.code.startswith(TOLD):
            self.scribe.stage.warn("no_answer")

    def item_added(self, event: rt.ItemAdded) -> None:
        if event.speaker is Speaker.PERSONA:
            self.persona.begin(event.item, event.after)
        else:
            self.learner.begin(event.item, event.after)

    def settle_all(self) -> None:
        """The line is gone or the call is over: what is not known by now will not be."""
        self.persona.settle_all()
        self.learner.settle_all()


_READERS: dict[type, Callable[[Exchange, Any], None]] = {
    rt.SpeechStarted: lambda it, event: it.learner.speech_started(event),
    rt.SpeechStopped: lambda it, event: it.learner.speech_stopped(event),
    rt.SilenceBroken: lambda it, event: it.learner.silence_broken(event),
    rt.LearnerWords: lambda it, event: it.learner.words(event),
    rt.LearnerNotHeard: lambda it, event: it.learner.not_heard(event),
    rt.ItemAdded: Exchange.item_added,
    rt.AnswerStarted: lambda it, event: it.persona.answer_started(event),
    rt.PersonaWords: lambda it, event: it.persona.words(event),
    rt.AnswerDone: lambda it, event: it.persona.answer_done(event),
    rt.EngineTrouble: Exchange.trouble,
}
