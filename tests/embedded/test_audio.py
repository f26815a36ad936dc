import numpy as np
import pytest

from roleplay.embedded.audio import Downsampler, loudness, pcm_of, samples_of, wire_ms


def tone(hertz: int) -> np.ndarray:
    return np.sin(2 * np.pi * hertz * np.arange(24_000) / 24_000).astype(np.float32)


@pytest.mark.parametrize("hertz", [100, 1_000, 4_000, 7_000])
def test_speech_passes_the_resampler_unchanged_in_level(hertz: int) -> None:
    assert loudness(Downsampler().feed(tone(hertz))[500:]) == pytest.approx(loudness(tone(hertz)), abs=0.05)


@pytest.mark.parametrize("hertz", [8_100, 9_000, 11_500])
def test_what_16_khz_cannot_hold_does_not_fold_into_speech(hertz: int) -> None:
    assert loudness(Downsampler().feed(tone(hertz))[500:]) < -65


def test_frames_of_any_size_make_the_same_sound_as_the_whole() -> None:
    noise = np.random.default_rng(1).normal(size=24_000).astype(np.float32)
    in_frames = Downsampler()
    pieces = [in_frames.feed(noise[start : start + 317]) for start in range(0, len(noise), 317)]
    assert np.allclose(np.concatenate(pieces), Downsampler().feed(noise), atol=1e-6)


def test_pcm_survives_the_round_trip_and_loudness_beyond_the_scale_is_clipped() -> None:
    assert samples_of(pcm_of(np.array([0.0, 0.5, -0.5, 3.0], np.float32))) == pytest.approx([0, 0.5, -0.5, 1], abs=1e-4)


def test_a_torn_byte_is_not_a_sample() -> None:
    assert len(samples_of(b"\x00\x01\x02")) == 1


def test_forty_milliseconds_are_1920_bytes() -> None:
    assert wire_ms(1920) == 40
