import pytest

from roleplay.embedded.turn_detection import Signal, TurnDetector, TurnRules, sounds_finished

VOICE, QUIET = 0.9, 0.05


def signals(detector: TurnDetector, *sound: tuple[float, int]) -> list[tuple[int, Signal]]:
    """(frame, signal) for stretches of (probability, frames)."""
    frames = [probability for probability, count in sound for _ in range(count)]
    heard = ((number, detector.hear(probability)) for number, probability in enumerate(frames))
    return [(number, signal) for number, signal in heard if signal]


def test_a_turn_starts_hesitates_and_stops_after_its_silence() -> None:
    told = signals(TurnDetector(TurnRules(silence_ms=500)), (QUIET, 5), (VOICE, 20), (QUIET, 30))
    assert told == [(7, Signal.STARTED), (30, Signal.HESITATED), (40, Signal.STOPPED)]


def test_a_click_is_no_turn() -> None:
    assert signals(TurnDetector(TurnRules()), (QUIET, 5), (VOICE, 2), (QUIET, 20), (VOICE, 1), (QUIET, 20)) == []


def test_the_onset_reaches_back_to_the_first_voice() -> None:
    detector = TurnDetector(TurnRules())
    signals(detector, (QUIET, 5), (VOICE, 1), (QUIET, 1), (VOICE, 2))
    assert detector.onset_frames == 4


def test_a_breath_does_not_end_a_turn() -> None:
    told = signals(TurnDetector(TurnRules(silence_ms=500)), (VOICE, 10), (QUIET, 10), (VOICE, 10), (QUIET, 20))
    assert [signal.value for _, signal in told] == ["started", "hesitated", "resumed", "hesitated", "stopped"]


def test_a_voice_that_fades_does_not_flicker() -> None:
    told = signals(TurnDetector(TurnRules(threshold=0.5)), (VOICE, 5), (0.4, 40))
    assert told == [(2, Signal.STARTED)]


def test_an_unfinished_sentence_is_given_patience() -> None:
    detector = TurnDetector(TurnRules(silence_ms=500, patience_ms=2_000))
    assert [signal.value for _, signal in signals(detector, (VOICE, 5), (QUIET, 40))] == ["started", "hesitated"]
    detector.sounds_finished = True
    assert detector.hear(QUIET) is Signal.STOPPED


@pytest.mark.parametrize("text", ["I see.", "Why?", "It was me and her.", ""])
def test_what_ends_like_a_sentence_sounds_finished(text: str) -> None:
    assert sounds_finished(text)


@pytest.mark.parametrize("text", ["I wanted to", "Yes, and.", "Because of the", "Well, um..."])
def test_what_hangs_in_the_air_does_not(text: str) -> None:
    assert not sounds_finished(text)
