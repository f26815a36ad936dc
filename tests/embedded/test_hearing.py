import numpy as np
import pytest

from roleplay.embedded.audio import EAR_RATE, Downsampler, Samples
from roleplay.embedded.hearing import Hearing, cut_at_pauses
from tests.audio.speech import beckett, espeak, flite


@pytest.fixture(scope="module")
def hearing() -> Hearing:
    return Hearing()


def words(text: str) -> list[str]:
    return "".join(letter for letter in text.lower() if letter.isalpha() or letter in " '").split()


def at_the_ear(samples: Samples) -> Samples:
    return Downsampler().feed(samples)


def test_a_human_voice_is_understood_word_for_word(hearing: Hearing) -> None:
    heard = hearing.transcribe(at_the_ear(beckett()))
    assert words(heard.text) == words("Ever tried, ever failed, no matter, try again, fail again, fail better")


@pytest.mark.parametrize("synthesizer", [espeak, flite])
def test_other_synthesizers_are_understood(hearing: Hearing, synthesizer: object) -> None:
    assert callable(synthesizer)
    heard = hearing.transcribe(at_the_ear(synthesizer("Can we talk about the delivery of last month?")))
    assert words(heard.text) == words("Can we talk about the delivery of last month?")


@pytest.mark.parametrize("offset", [0, 100, 1_600, 8_000])
def test_no_alignment_makes_a_whole_utterance_disappear(hearing: Hearing, offset: int) -> None:
    late = np.concatenate([np.zeros(offset, np.float32), at_the_ear(beckett())])
    assert "try again" in hearing.transcribe(late).text.lower()


NOISE = np.random.default_rng(1)


@pytest.mark.parametrize(
    "noise",
    [
        np.zeros(32_000),
        NOISE.normal(0, 0.0005, 32_000),
        NOISE.normal(0, 0.05, 32_000),
        np.sin(np.arange(32_000) * 0.05) * 0.3,
        np.where(NOISE.random(32_000) < 0.0005, 0.8, 0),
        np.zeros(500),
    ],
    ids=["silence", "room", "hiss", "hum", "clicks", "too short"],
)
def test_no_words_are_invented(hearing: Hearing, noise: np.ndarray) -> None:
    assert hearing.transcribe(noise.astype(np.float32)).text == ""


def test_long_sound_is_cut_where_it_is_quiet() -> None:
    sound = np.ones(60 * EAR_RATE, np.float32)
    pauses = [20 * EAR_RATE, 38 * EAR_RATE]
    for pause in pauses:
        sound[pause - 2_000 : pause + 2_000] = 0
    pieces = cut_at_pauses(sound)
    assert sum(map(len, pieces)) == len(sound)
    edges = np.cumsum([len(piece) for piece in pieces])
    assert all(abs(edge - pause) < 2_000 for edge, pause in zip(edges, pauses, strict=False))
    assert max(map(len, pieces)) <= 24 * EAR_RATE


def test_half_a_minute_in_one_breath_loses_nothing(hearing: Hearing) -> None:
    heard = hearing.transcribe(at_the_ear(np.tile(beckett(), 3)))
    assert len(words(heard.text)) == pytest.approx(36, abs=1)
