"""The voice engine's own protocol server, with no models behind it: it hears that somebody spoke, not what.

`python -m tests.chaos.upstream <port> <ledger>` serves until SIGTERM and writes a line of JSON for each call: seconds
it may last, and seconds it did. Real: the protocol, turn detection, who has the floor. Not real: ears, voice and mind.
"""

import asyncio
import json
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import numpy as np

from roleplay.embedded import connection, server
from roleplay.embedded.audio import Samples
from roleplay.embedded.faults import Faults
from roleplay.embedded.hearing import Heard
from roleplay.embedded.machinery import Machinery
from roleplay.embedded.session import RealtimeSession
from roleplay.ports.dialogue import Reply
from roleplay.scenarios.content import ScenarioContent

PLACES = 10_000
VOICE_MS = 200
"""The sound of a sentence."""
_LOUD = 0.1


class Ear:
    def probability(self, frame: Samples) -> float:
        return float(np.abs(frame).max() > _LOUD)

    def reset(self) -> None:
        """It remembers nothing."""


class LightMachinery:
    """Stands where the models stand."""

    def transcribe(self, samples: Samples) -> Future[Heard]:
        heard: Future[Heard] = Future()
        heard.set_result(Heard(f"This took me {len(samples) // 16} milliseconds to say."))
        return heard

    def sentences(self, text: str) -> list[str]:
        return re.findall(r"[^.!?]+[.!?]+", text) or [text]

    async def say(self, _sentence: str, _speed: float) -> bytes:
        return b"\x10\x02" * (24 * VOICE_MS)

    async def aside(self, work: Callable[..., Any], *args: object) -> Any:
        return work(*args)

    @contextmanager
    def voice_activity(self) -> Iterator[Ear]:
        yield Ear()


class Echo:
    """A persona that answers with what it was told."""

    def __init__(self, scenario: ScenarioContent) -> None:
        self._scenario = scenario

    def open(self) -> Reply:
        return Reply(self._scenario.opening, state={"openness": 40, "patience": 60})

    def hear(self, text: str) -> Reply:
        return Reply(f"You say: {text}", state={"openness": 41, "patience": 59})

    def sit_in_silence(self) -> Reply | None:
        return None

    def interrupted(self, heard: str) -> None:
        """It does not mind."""

    def time_left(self, seconds: int) -> Reply | None:
        """It says goodbye and never hangs up: what ends a call is the clock."""
        return Reply("I have to go now.") if seconds == 0 else None

    def resume(self, history: Sequence[tuple[str, str]]) -> None:
        """It needs no memory to echo."""


def make_room() -> None:
    server.CALLS = PLACES


def light() -> Machinery:
    return cast(Machinery, LightMachinery())


_call: ContextVar[dict[str, float]] = ContextVar("call")


class _TimedSession(RealtimeSession):
    """Notes when the call that this connection serves has to be over."""

    def update(self, changes: dict[str, Any], *, begun: bool = False) -> None:
        super().update(changes, begun=begun)
        remaining = (changes.get("prompt") or {}).get("variables", {}).get("remaining_ms")
        if remaining is not None:
            _call.get().setdefault("may_last", int(remaining) / 1000)


def keep_ledger(path: str) -> None:
    converse = connection.converse

    async def counted(socket: Any, model: str, house: connection.House, faults: Faults) -> None:
        call: dict[str, float] = {}
        _call.set(call)
        opened = time.time()
        try:
            await converse(socket, model, house, faults)
        finally:
            with open(path, "a", encoding="utf-8") as ledger:  # noqa: PTH123 - one short line, appended at once
                ledger.write(json.dumps({**call, "lasted": time.time() - opened}) + "\n")

    connection.RealtimeSession = _TimedSession  # type: ignore[misc]
    server.converse = counted


async def _serve(port: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with server.engine("127.0.0.1", port, machinery=light(), dialogues=Echo):
        await stop.wait()


if __name__ == "__main__":
    make_room()
    keep_ledger(sys.argv[2])
    asyncio.run(_serve(int(sys.argv[1])))
