"""Text to speech on this machine: hibari's one voice, a sentence at a time, 24 kHz."""

import re
import threading

import numpy as np
from hibari import Hibari

from roleplay.embedded import weights
from roleplay.embedded.audio import WIRE_RATE, Samples, pcm_of

VOICE = "heart"

PACES = {
    "brisk": 1.2,
    "bright": 1.1,
    "firm": 0.94,
    "dry": 0.9,
    "calm": 0.86,
    "gentle": 0.88,
    "soft": 0.82,
    "deep": 0.92,
}
"""The one voice plays a voice character by its pace: a word of the character → its share of the usual speed."""

_GAIN = np.float32(2.0)
_AUDIBLE = 0.004
_LEAD_IN = WIRE_RATE * 30 // 1000
_BREATH = WIRE_RATE * 220 // 1000
_SLOWEST, _FASTEST = 0.5, 2.0
_SPACES = re.compile(r"[ \t\r\n]+")
"""Not the narrow ones before a French question mark: they belong to the text."""


def pace_of(character: str) -> float:
    """The share of the usual speed at which this voice character speaks."""
    return next((pace for word, pace in PACES.items() if word in character.lower()), 1.0)


class Speaking:
    """Safe to call from several threads: pronunciation keeps state, synthesis takes 10 ms a second of speech."""

    def __init__(self) -> None:
        weights.PRONUNCIATION.locate()
        self._hibari = Hibari(voice=VOICE, model=str(weights.VOICE.locate()))
        self._one_at_a_time = threading.Lock()

    def sentences(self, text: str) -> list[str]:
        """The text in the pieces that are spoken one by one; joined by a space they are the text again."""
        return [_SPACES.sub(" ", sentence).strip(" ") for sentence in self._hibari.split_sentences(text)]

    def say(self, sentence: str, speed: float = 1.0) -> bytes:
        """PCM16 of one sentence, ending in a breath. The same sentence always sounds the same."""
        with self._one_at_a_time:
            spoken = self._hibari(sentence, speed=min(max(speed, _SLOWEST), _FASTEST), seed=0)
        return pcm_of(_trimmed(spoken) * _GAIN)


def _trimmed(samples: Samples) -> Samples:
    """Without the third of a second of silence around every sentence, which would be heard as hesitation."""
    audible = np.flatnonzero(np.abs(samples) > _AUDIBLE)
    if not audible.size:
        return np.zeros(0, np.float32)
    end = int(audible[-1]) + 1
    kept = samples[max(int(audible[0]) - _LEAD_IN, 0) : end + _BREATH]
    return np.pad(kept, (0, max(_BREATH - (len(samples) - end), 0)))
