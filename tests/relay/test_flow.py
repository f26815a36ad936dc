"""After whatever happened in a call, sound flows on by itself where each piece of it would have been passed on."""

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest.mock import Mock

import pytest

from roleplay.attempts.models import Mode
from roleplay.ports.realtime import PersonaAudio, TurnTaking
from roleplay.relay.call import AT_ONCE, Call
from roleplay.relay.conversation import Conversation
from roleplay.relay.exchange import Exchange
from roleplay.relay.scribe import Scribe

PIECE = PersonaAudio("p1", bytes(960))


@dataclass
class Coupled:
    """What two coupled sockets are told, and what flowed between them."""

    ears: bool = False
    mouth: str = ""
    heard: int = 0
    spoken: int = 0
    until: float = 0.0

    def open_ears(self) -> None:
        self.ears = True

    def open_mouth(self, item: str, until: float) -> None:
        self.mouth, self.until = item, until

    def close(self) -> None:
        self.ears, self.mouth = False, ""


@dataclass
class OpenLine:
    coupled: Coupled
    is_open: bool = True
    is_full: bool = False
    ref: str = "sess"
    heard_bytes: int = 0
    given: list[bytes] = field(default_factory=list)

    def couple(self, _browser: object) -> Coupled:
        return self.coupled

    def hear(self, pcm: bytes) -> None:
        self.given.append(pcm)

    def take_turns(self, taking: TurnTaking, silence_ms: int) -> None: ...

    def hold(self, on: bool) -> None: ...


class Talk:
    """A call with a browser and an open line, of which the persona's first piece of sound has just come."""

    def __init__(self) -> None:
        self.coupled = Coupled()
        self.line: Any = OpenLine(self.coupled)
        self.call: Any = Call(Mock(), Mock(), bring=lambda _: None, forget=lambda _: None, curfew=Mock())
        self.stage, self.connection = self.call.stage, self.call.connection
        self.stage.browser = Mock(is_full=False, **{"drop_sound.return_value": {}})
        self.call.mode, self.call.clock = Mode.VOICE, SimpleNamespace(paused_at=None)
        self.call.records = Mock(**{"may_stay.return_value": True})
        scribe = Scribe(self.stage, self.call.records, lambda: 0, Conversation())
        self.call.exchange = Exchange(scribe, self.call.alarms)
        self.persona = self.call.exchange.persona
        self.connection.line = scribe.line = self.line
        self.connection.take_turns()
        self.connection.sound(self.line, PIECE)

    def work(self) -> tuple[bool, str]:
        """After something that changes nothing: whether the learner's sound flows, and whose of the persona."""
        self.call.doubt()
        self.call.work()
        return self.coupled.ears, self.coupled.mouth


@pytest.fixture
def talk() -> Talk:
    return Talk()


def test_both_directions_flow_from_the_first_piece_on(talk: Talk) -> None:
    assert (talk.coupled.ears, talk.coupled.mouth) == (True, "p1")


def test_what_flowed_is_accounted_for_and_flows_on(talk: Talk) -> None:
    talk.coupled.heard, talk.coupled.spoken = 1_920, 960
    assert talk.work() == (True, "p1")
    assert talk.line.heard_bytes == 1_920
    assert talk.persona.playback.sent_ms("p1") == 40
    assert (talk.coupled.heard, talk.coupled.spoken) == (0, 0)


def test_a_muted_learner_is_looked_at(talk: Talk) -> None:
    talk.connection.muted = True
    assert talk.work() == (False, "p1")
    talk.connection.hear(talk.call.stage.browser, b"\x01\x02")
    assert talk.line.given == [bytes(2)]
    assert not talk.coupled.ears


def test_a_button_to_talk_is_looked_at(talk: Talk) -> None:
    talk.connection.push_to_talk = True
    talk.connection.take_turns()
    assert talk.work() == (False, "p1")


def test_nothing_flows_in_a_pause(talk: Talk) -> None:
    talk.call.clock.paused_at = 1
    talk.persona.playback.hold()
    talk.connection.take_turns()
    assert talk.work() == (False, "")


def test_what_was_flushed_does_not_flow_again(talk: Talk) -> None:
    talk.persona.interrupt()
    assert talk.work() == (True, "")
    talk.connection.sound(talk.line, PIECE)
    assert talk.coupled.mouth == ""
    talk.connection.sound(talk.line, PersonaAudio("p2", bytes(960)))
    assert talk.coupled.mouth == "p2"


def test_nothing_flows_to_nobody_or_from_an_old_line(talk: Talk) -> None:
    talk.stage.browser = None
    assert talk.work() == (False, "")
    talk.stage.browser = Mock(is_full=False)
    talk.connection.line = None
    assert talk.work() == (False, "")


def test_sound_of_an_abandoned_line_opens_nothing(talk: Talk) -> None:
    talk.connection.sound(Mock(), PersonaAudio("old", bytes(960)))
    assert talk.coupled.mouth == ""


def test_what_waits_is_done_together_but_not_without_end(talk: Talk) -> None:
    for _ in range(AT_ONCE + 1):
        talk.call.doubt()
    talk.call.work()
    assert talk.call.records.may_stay.call_count == AT_ONCE
    assert talk.call.next_at == 0.0
    talk.call.work()
    assert talk.call.records.may_stay.call_count == AT_ONCE + 1
