import numpy as np
import pytest

from roleplay.embedded.audio import Downsampler, samples_of, wire_ms
from roleplay.embedded.hearing import Hearing
from roleplay.embedded.speaking import Speaking


@pytest.fixture(scope="module")
def speaking() -> Speaking:
    return Speaking()


def test_the_sentences_are_the_text(speaking: Speaking) -> None:
    text = "Dr. Smith called. He waited eleven weeks! What would you say?"
    assert speaking.sentences(text) == ["Dr. Smith called.", "He waited eleven weeks!", "What would you say?"]


def test_speech_begins_at_once_and_ends_in_a_breath(speaking: Speaking) -> None:
    audible = np.flatnonzero(np.abs(samples_of(speaking.say("Good morning."))) > 0.02)
    length = len(samples_of(speaking.say("Good morning.")))
    assert audible[0] / 24_000 < 0.1
    assert 0.15 < (length - audible[-1]) / 24_000 < 0.35


def test_what_is_said_can_be_understood(speaking: Speaking) -> None:
    said = Downsampler().feed(samples_of(speaking.say("The delivery was three weeks late.")))
    assert Hearing().transcribe(said).text.lower().startswith("the delivery was three weeks late")


def test_the_same_sentence_sounds_the_same_and_speed_changes_its_length(speaking: Speaking) -> None:
    line = "We have waited long enough."
    assert speaking.say(line) == speaking.say(line)
    assert wire_ms(len(speaking.say(line, 1.5))) < wire_ms(len(speaking.say(line)))


@pytest.mark.parametrize("line", ["", "…", "—"])
def test_what_cannot_be_spoken_is_silence(speaking: Speaking, line: str) -> None:
    assert isinstance(speaking.say(line), bytes)
