from collections.abc import Callable
from concurrent.futures import Future

import numpy as np
import pytest

from roleplay.embedded.audio import EAR_RATE, Samples, pcm_of
from roleplay.embedded.hearing import Heard
from roleplay.embedded.listening import Listening, Notice, Silence, SpeechStarted, SpeechStopped
from roleplay.embedded.turn_detection import TurnRules
from roleplay.embedded.wire import ProtocolError

WIRE_FRAME = 768
"""Samples at 24 kHz that make one 32 ms frame at the ear."""


class LoudIsVoice:
    def probability(self, frame: Samples) -> float:
        return 0.9 if np.abs(frame).max() > 0.1 else 0.0

    def reset(self) -> None:
        pass


class Ears:
    """Transcribes nothing but the length of what it was given."""

    def __init__(self) -> None:
        self.given: list[float] = []
        self.floor_is_free = True

    def transcribe(self, samples: Samples) -> Future[Heard]:
        self.given.append(len(samples) / EAR_RATE)
        done: Future[Heard] = Future()
        done.set_result(Heard(f"{self.given[-1]:.1f}s."))
        return done


@pytest.fixture
def ears() -> Ears:
    return Ears()


@pytest.fixture
def listen(ears: Ears) -> Callable[[TurnRules | None], Listening]:
    def make(rules: TurnRules | None) -> Listening:
        activity: object = LoudIsVoice()
        listening = Listening(activity, ears.transcribe, lambda: ears.floor_is_free)  # type: ignore[arg-type]
        listening.follow(rules)
        return listening

    return make


def sound(listening: Listening, level: float, seconds: float) -> list[Notice]:
    tone = np.full(int(seconds * 1000 / 32) * WIRE_FRAME, level, np.float32)
    return list(listening.append(pcm_of(tone)))


async def words(notices: list[Notice]) -> str:
    (stopped,) = [notice for notice in notices if isinstance(notice, SpeechStopped)]
    return await stopped.turn.words()


def test_a_turn_reaches_back_before_its_first_word(listen: Callable[[TurnRules], Listening], ears: Ears) -> None:
    listening = listen(TurnRules(prefix_ms=320, silence_ms=512))
    sound(listening, 0, 2)
    (started,) = sound(listening, 0.5, 1)
    (stopped,) = sound(listening, 0, 1)
    assert isinstance(started, SpeechStarted)
    assert isinstance(stopped, SpeechStopped)
    assert started.start_ms == pytest.approx(2_000 - 320, abs=64)
    assert stopped.turn.item_id == started.item_id
    assert stopped.turn.ms == pytest.approx(320 + 1_000 + 512, abs=64)


def test_the_words_were_guessed_before_the_silence_was_over(
    listen: Callable[[TurnRules], Listening], ears: Ears
) -> None:
    listening = listen(TurnRules(silence_ms=512))
    sound(listening, 0.5, 1)
    assert sound(listening, 0, 0.3) == []
    assert len(ears.given) == 1
    sound(listening, 0, 1)
    assert len(ears.given) == 1


def test_a_short_guess_is_dropped_when_speech_goes_on(listen: Callable[[TurnRules], Listening], ears: Ears) -> None:
    listening = listen(TurnRules(silence_ms=512))
    for _ in range(3):
        sound(listening, 0.5, 1)
        sound(listening, 0, 0.3)
    assert ears.given == pytest.approx([1.3, 2.6, 3.8], abs=0.3)


def test_of_a_long_turn_what_was_understood_is_not_transcribed_again(
    listen: Callable[[TurnRules], Listening], ears: Ears
) -> None:
    listening = listen(TurnRules(silence_ms=512))
    for _ in range(4):
        sound(listening, 0.5, 7)
        sound(listening, 0, 0.3)
    assert max(ears.given) < 8
    assert len(ears.given) == 4


def test_silence_counts_only_while_nobody_speaks(listen: Callable[[TurnRules], Listening], ears: Ears) -> None:
    listening = listen(TurnRules(idle_ms=3_200))
    ears.floor_is_free = False
    assert sound(listening, 0, 10) == []
    ears.floor_is_free = True
    (silence,) = sound(listening, 0, 4)
    assert isinstance(silence, Silence)
    assert silence.end_ms - silence.start_ms == 3_200


def test_push_to_talk_is_committed_by_hand_and_not_when_empty(
    listen: Callable[[TurnRules | None], Listening], ears: Ears
) -> None:
    listening = listen(None)
    with pytest.raises(ProtocolError, match="input_audio_buffer_commit_empty"):
        listening.commit()
    assert sound(listening, 0.5, 2) == []
    assert listening.commit().ms == pytest.approx(2_000, abs=40)
    sound(listening, 0.5, 2)
    listening.clear()
    with pytest.raises(ProtocolError, match="input_audio_buffer_commit_empty"):
        listening.commit()


def test_a_turn_does_not_grow_for_ever(listen: Callable[[TurnRules | None], Listening]) -> None:
    listening = listen(None)
    sound(listening, 0.5, 5 * 60 + 1)
    with pytest.raises(ProtocolError, match="input_audio_buffer_full"):
        sound(listening, 0.5, 1)
