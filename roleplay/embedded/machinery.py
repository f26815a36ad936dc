"""The models and the threads they run on: loaded once, shared by all calls of this engine."""

import asyncio
import ctypes
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from roleplay.embedded.audio import Downsampler, Samples, samples_of
from roleplay.embedded.hearing import Heard, Hearing
from roleplay.embedded.listening import VoiceActivity
from roleplay.embedded.speaking import Speaking

T = TypeVar("T")

CALLS = 2
"""How many calls two cores can hold without keeping anyone waiting."""


class Machinery:
    """Ears have threads of their own, so that a long transcription never makes a persona stutter."""

    def __init__(self) -> None:
        self._hearing = Hearing()
        self._speaking = Speaking()
        self._idle_activities = [VoiceActivity() for _ in range(CALLS)]
        self._ears = ThreadPoolExecutor(CALLS, "ears")
        self._mind = ThreadPoolExecutor(CALLS, "mind")
        self._warm_up()

    def close(self) -> None:
        for pool in (self._ears, self._mind):
            pool.shutdown(wait=False, cancel_futures=True)

    def transcribe(self, samples: Samples) -> Future[Heard]:
        return self._ears.submit(self._hearing.transcribe, samples)

    def sentences(self, text: str) -> list[str]:
        return self._speaking.sentences(text)

    async def say(self, sentence: str, speed: float) -> bytes:
        return await self.aside(self._speaking.say, sentence, speed)

    async def aside(self, work: Callable[..., T], *args: object) -> T:
        """Think away from the event loop."""
        return await asyncio.get_running_loop().run_in_executor(self._mind, work, *args)

    @contextmanager
    def voice_activity(self) -> Iterator[VoiceActivity]:
        activity = self._idle_activities.pop()
        activity.reset()
        try:
            yield activity
        finally:
            self._idle_activities.append(activity)
            _return_memory()

    def _warm_up(self) -> None:
        """The first run of each model is ten times slower than the next; no learner should be the one to wait."""
        spoken = self._speaking.say("Hello, it is good to meet you.")
        self._hearing.transcribe(Downsampler().feed(samples_of(spoken)))
        _return_memory()


def _return_memory() -> None:
    """Give freed memory back to the system: glibc keeps the quarter of a gigabyte that unpacking the weights took."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim:
        trim(0)
