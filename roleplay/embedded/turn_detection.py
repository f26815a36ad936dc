"""When a learner begins and stops to speak, told from the probability of speech in each 32 ms of sound."""

from collections import deque
from dataclasses import dataclass
from enum import Enum

FRAME_MS = 32
_HESITATION_MS = 192
_CLICK_MS = 96
"""Less voice than this is a click or a knock, not the beginning of a turn."""
_HYSTERESIS = 0.15


@dataclass(frozen=True)
class TurnRules:
    """`patience_ms` is how long a turn that sounds unfinished may stay silent; None ends every turn alike."""

    threshold: float = 0.5
    prefix_ms: int = 300
    silence_ms: int = 500
    patience_ms: int | None = None
    idle_ms: int | None = None
    responds: bool = True
    interrupts: bool = True


class Signal(Enum):
    STARTED = "started"
    HESITATED = "hesitated"
    """A pause: either the end of the turn or a breath."""
    RESUMED = "resumed"
    STOPPED = "stopped"


class TurnDetector:
    """Feed it one probability per frame; it answers with a signal when something changed.

    `voiced_frames` counts the frames with voice of the current turn, `quiet_frames` those since the last voice.
    `sounds_finished` is set by whoever has read the words so far.
    """

    def __init__(self, rules: TurnRules) -> None:
        self.rules = rules
        self.speaking = False
        self.sounds_finished = False
        self.voiced_frames = 0
        self.quiet_frames = 0
        self._hesitating = False
        self._recent: deque[bool] = deque(maxlen=_CLICK_MS // FRAME_MS + 1)

    @property
    def onset_frames(self) -> int:
        """How many frames ago, the present one included, the voice that started the turn began."""
        return len(self._recent) - self._recent.index(True)

    def hear(self, probability: float) -> Signal | None:
        return self._go_on(probability) if self.speaking else self._wait(probability)

    def reset(self) -> None:
        self.speaking = self._hesitating = False
        self._recent.clear()

    def _wait(self, probability: float) -> Signal | None:
        self._recent.append(probability >= self.rules.threshold)
        if sum(self._recent) * FRAME_MS < _CLICK_MS:
            return None
        self.speaking, self._hesitating, self.sounds_finished = True, False, False
        self.voiced_frames, self.quiet_frames = sum(self._recent), 0
        return Signal.STARTED

    def _go_on(self, probability: float) -> Signal | None:
        if probability >= self.rules.threshold - _HYSTERESIS:
            return self._voice()
        self.quiet_frames += 1
        quiet_ms = self.quiet_frames * FRAME_MS
        if quiet_ms >= self._allowed_silence():
            self.reset()
            return Signal.STOPPED
        if not self._hesitating and quiet_ms >= min(_HESITATION_MS, self.rules.silence_ms - FRAME_MS):
            self._hesitating = True
            return Signal.HESITATED
        return None

    def _voice(self) -> Signal | None:
        self.voiced_frames += 1
        self.quiet_frames = 0
        if not self._hesitating:
            return None
        self._hesitating = self.sounds_finished = False
        return Signal.RESUMED

    def _allowed_silence(self) -> int:
        if self.rules.patience_ms is None or self.sounds_finished:
            return self.rules.silence_ms
        return self.rules.patience_ms


def sounds_finished(text: str) -> bool:
    """Whether written-down speech ends like a sentence. The transcriber punctuates what it hears as an end."""
    last = text.rstrip().rsplit(" ", 1)[-1].lower()
    return not last or (
        last[-1] in ".?!" and last.strip(".?!,") not in {"and", "but", "so", "um", "uh", "because", "the"}
    )
