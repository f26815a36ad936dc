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
        self._readers: dict[type, Callable[[Any], None]] = {
            rt.SpeechStarted: self.learner.speech_started,
            rt.SpeechStopped: self.learner.speech_stopped,
            rt.SilenceBroken: self.learner.silence_broken,
            rt.LearnerWords: self.learner.words,
            rt.LearnerNotHeard: self.learner.not_heard,
            rt.ItemAdded: self._item_added,
            rt.AnswerStarted: self.persona.answer_started,
            rt.PersonaWords: self.persona.words,
            rt.AnswerDone: self.persona.answer_done,
            rt.EngineTrouble: self._trouble,
        }

    @property
    def is_settled(self) -> bool:
        """Whether nothing that was said waits to be known or stored."""
        return self.persona.is_settled and self.learner.is_settled

    def heed(self, event: rt.RealtimeEvent) -> None:
        self._readers[type(event)](event)

    def _trouble(self, event: rt.EngineTrouble) -> None:
        log.warning("engine trouble", code=event.code)
        if event.code.startswith(TOLD):
            self.scribe.stage.warn("no_answer")

    def _item_added(self, event: rt.ItemAdded) -> None:
        if event.speaker is Speaker.PERSONA:
            self.persona.begin(event.item, event.after)
        else:
            self.learner.begin(event.item, event.after)

    def settle_all(self) -> None:
        """The line is gone or the call is over: what is not known by now will not be."""
        self.persona.settle_all()
        self.learner.settle_all()
