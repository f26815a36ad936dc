"""PCM16 on the wire, float samples inside: 24 kHz for the mouth, 16 kHz for the ears."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

WIRE_RATE = 24_000
EAR_RATE = 16_000

_PHASE = 120
"""Taps per polyphase branch: 70 dB down by 8 kHz, 2.5 ms of delay."""


def samples_of(pcm: bytes) -> Samples:
    """Little-endian PCM16 → floats in [-1, 1]. A trailing odd byte is not a sample."""
    return np.frombuffer(pcm[: len(pcm) & ~1], "<i2").astype(np.float32) / np.float32(32768)


def pcm_of(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * np.float32(32767)).astype("<i2").tobytes()


def wire_ms(pcm_bytes: int) -> int:
    """Milliseconds that this many bytes of 24 kHz PCM16 last."""
    return pcm_bytes * 1000 // (WIRE_RATE * 2)


def loudness(samples: Samples) -> float:
    """RMS in dB of full scale; silence is -inf."""
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(np.mean(np.square(samples, dtype=np.float64)))) if samples.size else float("-inf")


def _low_pass() -> tuple[Samples, Samples]:
    """The two branches of a Kaiser low-pass at 7.5 kHz, designed at 48 kHz, newest tap last."""
    at = np.arange(2 * _PHASE) - (2 * _PHASE - 1) / 2
    cutoff = 7_500 / 24_000
    taps = cutoff * np.sinc(cutoff * at) * np.kaiser(2 * _PHASE, 7.0)
    taps *= 2 / taps.sum()
    return taps[0::2][::-1].astype(np.float32), taps[1::2][::-1].astype(np.float32)


_EVEN, _ODD = _low_pass()


class Downsampler:
    """24 kHz → 16 kHz, polyphase 2:3, state kept across frames so that no boundary is heard."""

    def __init__(self) -> None:
        self._held: Samples = np.zeros(_PHASE - 1, np.float32)

    def feed(self, samples: Samples) -> Samples:
        held = np.concatenate((self._held, samples))
        triples = (len(held) - _PHASE + 1) // 3
        if triples == 0:
            self._held = held
            return np.zeros(0, np.float32)
        windows = np.lib.stride_tricks.sliding_window_view(held, _PHASE)
        out = np.empty(2 * triples, np.float32)
        out[0::2] = windows[0 : 3 * triples : 3] @ _EVEN
        out[1::2] = windows[1 : 3 * triples : 3] @ _ODD
        self._held = held[3 * triples :]
        return out
