"""A learner who practises over the real socket, whatever happens, and remembers everything that was acknowledged.

It does what the room does: asks for a ticket, opens the socket, goes on after every break, sends again under the same
id what was not acknowledged, and ends. Its notes are what the database is held against.
"""

import json
import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from socket import SHUT_RDWR
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.chaos.page import Page

LONGEST = 150.0
"""Seconds after which an attempt that did not come to its end is left to the scheduler."""
QUIET = 4.0
FRAME_BYTES = 1920
SPEECH = b"\x00\x20" * (FRAME_BYTES // 2)
SILENCE = bytes(FRAME_BYTES)
SAID_WITHIN = 25.0
TALKS_EVERY = 0.5
Message = dict[str, Any]
_quiet = logging.getLogger("tests.chaos.sockets")
_quiet.disabled = True


@dataclass
class Notes:
    """Of one attempt: the turns that were told as final, by number, and the typed ones that were acknowledged."""

    attempt: str
    told: dict[int, tuple[str, str]] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    sockets: int = 0
    ended: str | None = None


class Broken(Exception):
    """The socket went away; the next one goes on."""


@dataclass
class Plan:
    """What this learner will do in an attempt."""

    mode: str
    turns: int
    vanishes: float
    takes_over: float
    ending: str
    """`end`, `clock` (never stops) or `leaves` (goes away without a word)."""


def plan_of(chance: random.Random) -> Plan:
    return Plan(
        mode="voice" if chance.random() < 0.2 else "text",
        turns=chance.randint(1, 3),
        vanishes=0.1,
        takes_over=0.05,
        ending=chance.choices(["end", "clock", "leaves"], [86, 8, 6])[0],
    )


class Caller:
    """`relays` are addresses of which any may be down; each socket goes to one of them, as behind a balancer."""

    def __init__(self, page: Page, relays: list[str], origin: str, chance: random.Random) -> None:
        self._page, self._relays, self._origin, self._chance = page, relays, origin, chance
        self._socket: ClientConnection | None = None
        self.notes = Notes("")
        self._cids = 0
        self._prefix = f"{chance.getrandbits(32):08x}"

    def practise(self, attempt: str, plan: Plan) -> Notes:
        """One attempt, to its end or as far as it goes."""
        self.notes = Notes(attempt)
        deadline = time.monotonic() + LONGEST
        steps = self._steps(plan)
        step = next(steps)
        while self.notes.ended is None and time.monotonic() < deadline:
            try:
                if self._socket is None and not self._open():
                    break
                step()
                step = next(steps, self._listen_to_the_end)
            except (Broken, OSError, HTTPException, WebSocketException, ValueError):
                self._drop()
                time.sleep(self._chance.uniform(0.1, 0.6))
            if self.notes.ended == "gone":
                break
        self._drop()
        return self.notes

    def _steps(self, plan: Plan) -> Iterator[Callable[[], None]]:
        yield self._listen_to_the_opening
        for _ in range(plan.turns):
            if self._chance.random() < plan.vanishes:
                yield self._vanish
            if self._chance.random() < plan.takes_over:
                yield self._take_over
            yield self._speak if plan.mode == "voice" else self._write_a_line()
        if plan.ending == "leaves":
            yield self._go
        if plan.ending == "end":
            yield self._end
        while True:
            yield self._talk_on if plan.ending == "clock" else self._end

    def _open(self) -> bool:
        """False when the attempt is over."""
        ticket = self._page.ticket(self.notes.attempt)
        if ticket is None:
            self.notes.ended = "over"
            return False
        address = f"{self._chance.choice(self._relays)}/relay/calls?ticket={ticket}"
        self._socket = connect(
            address,
            origin=self._origin,  # type: ignore[arg-type]
            open_timeout=8,
            close_timeout=1,
            compression=None,
            logger=_quiet,
        )
        self.notes.sockets += 1
        self._until(lambda message: message["type"] == "hello", within=10)
        return True

    def _drop(self) -> None:
        """As when the network goes: no goodbye."""
        socket, self._socket = self._socket, None
        if socket:
            with _whatever():
                socket.socket.shutdown(SHUT_RDWR)
            socket.close()

    def _until(self, is_it: Callable[[Message], bool], *, within: float = SAID_WITHIN) -> bool:
        """Listens until a message is the one; False when it does not come in time. Raises `Broken`."""
        deadline = time.monotonic() + within
        while self.notes.ended is None:
            assert self._socket
            try:
                data = self._socket.recv(timeout=max(0.0, deadline - time.monotonic()))
            except TimeoutError:
                return False
            if isinstance(data, str):
                message = json.loads(data)
                self._take(message)
                if is_it(message):
                    return True
        return True

    def _take(self, message: Message) -> None:
        match message["type"]:
            case "caption" if message["final"]:
                self._note(message["turn"], message["speaker"], message["text"])
            case "goaway":
                raise Broken
            case "ended" if message["reason"] in {"taken_over", "error", "signed_out"}:
                raise Broken
            case "ended":
                self.notes.ended = message["reason"]

    def _note(self, number: int, speaker: str, text: str) -> None:
        if text:
            self.notes.told[number] = (speaker, text)
        else:
            self.notes.told.pop(number, None)

    def _tell(self, kind: str, cid: str = "", **fields: object) -> str:
        self._cids += 1
        cid = cid or f"{self._prefix}-{self._cids}"
        assert self._socket
        self._socket.send(json.dumps({"type": kind, "cid": cid, **fields}))
        return cid

    def _persona_spoke(self, message: Message) -> bool:
        return bool(message["type"] == "caption" and message["final"] and message["speaker"] == "persona")

    def _listen_to_the_opening(self) -> None:
        if not any(speaker == "persona" for speaker, _ in self.notes.told.values()):
            self._until(self._persona_spoke)

    def _write_a_line(self) -> Callable[[], None]:
        """The same line under the same id, however often it takes."""
        cid = f"{self._prefix}-line-{self._chance.getrandbits(40):x}"
        text = f"On Tuesday you told the client it was done, and it was not ({cid})."

        def write() -> None:
            self._tell("text", cid, text=text)
            if self._until(lambda message: message["type"] == "ack" and message["cid"] == cid):
                if self.notes.ended is None:
                    self.notes.typed[cid] = text
                    self._until(self._persona_spoke, within=QUIET)
            else:
                raise Broken

        return write

    def _speak(self) -> None:
        assert self._socket
        before = len(self._learner_turns())
        for frame in [*[SPEECH] * 30, *[SILENCE] * 20]:
            self._socket.send(frame)
            time.sleep(0.01)
        self._until(lambda _: len(self._learner_turns()) > before, within=QUIET)
        self._until(self._persona_spoke, within=QUIET)

    def _learner_turns(self) -> list[str]:
        return [text for speaker, text in self.notes.told.values() if speaker == "learner"]

    def _vanish(self) -> None:
        self._drop()
        self._open()

    def _take_over(self) -> None:
        """A second tab: the newer one goes on."""
        old = self._socket
        self._open()
        if old:
            with _whatever():
                old.close()

    def _talk_on(self) -> None:
        time.sleep(TALKS_EVERY)
        self._write_a_line()()

    def _go(self) -> None:
        self._drop()
        self.notes.ended = "gone"

    def _end(self) -> None:
        self._tell("end")
        if not self._until(lambda message: message["type"] == "ended", within=8):
            raise Broken

    def _listen_to_the_end(self) -> None:
        self._until(lambda message: message["type"] == "ended")


@contextmanager
def _whatever() -> Iterator[None]:
    try:
        yield
    except (OSError, WebSocketException):
        return
