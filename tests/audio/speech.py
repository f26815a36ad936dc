"""Recordings to speak into the product: two synthesizers that are not the persona's, and one human being.

python -m tests.audio.speech espeak "Can we talk about the delivery?" question.wav
"""

import io
import subprocess
import sys
import wave
from importlib.metadata import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 24_000

BECKETT = "Ever tried. Ever failed. No matter. Try again. Fail again. Fail better."
"""What the human voice says."""

Samples = NDArray[np.float32]


def espeak(text: str, voice: str = "en-us") -> Samples:
    return _samples(_stdout_of("espeak-ng", "-v", voice, "-s", "150", "--stdout", text))


def flite(text: str, voice: str = "slt") -> Samples:
    return _samples(_stdout_of("flite", "-voice", voice, "-t", text, "-o", "/dev/stdout"))


def beckett() -> Samples:
    """A man reading Beckett, carried by a package."""
    found = next(entry for entry in files("moonshine-cpp") or () if entry.name == "beckett.wav")
    return _samples(Path(str(found.locate())).read_bytes())


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE), np.float32)


def without_long_pauses(samples: Samples) -> Samples:
    """The reader's art is in his pauses; in a conversation each of them would be the end of a turn."""
    window = RATE // 100
    blocks = samples[: len(samples) // window * window].reshape(-1, window)
    kept, quiet = [], 0
    for block in blocks:
        quiet = 0 if np.abs(block).max() > 0.02 else quiet + 1
        if quiet <= 15:
            kept.append(block)
    return np.concatenate(kept)


def pcm(samples: Samples) -> bytes:
    return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()


def spoken_until(samples: Samples) -> int:
    """The index of the sample at which speech ends: the last 20 ms louder than an eighth of the loudest."""
    window = RATE // 50
    loudness = np.sqrt(np.mean(np.square(samples[: len(samples) // window * window].reshape(-1, window)), axis=1))
    return (int(np.flatnonzero(loudness > loudness.max() / 8)[-1]) + 1) * window


def write_wav(path: Path, samples: Samples) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(pcm(samples))


def _stdout_of(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True).stdout


def _samples(wav: bytes) -> Samples:
    with wave.open(io.BytesIO(wav)) as file:
        rate = file.getframerate()
        frames = file.readframes(file.getnframes())
    return _resampled(np.frombuffer(frames, "<i2").astype(np.float32) / 32768, rate)


def _resampled(samples: Samples, rate: int) -> Samples:
    """By the spectrum of the whole recording, which has no business in a stream and is exact here."""
    if rate == RATE:
        return samples
    length = len(samples) * RATE // rate
    return np.fft.irfft(np.fft.rfft(samples), length).astype(np.float32) * np.float32(length / len(samples))


if __name__ == "__main__":
    _, synthesizer, words, target = sys.argv
    write_wav(Path(target), {"espeak": espeak, "flite": flite}[synthesizer](words))
