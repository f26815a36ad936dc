"""Faults a test may ask of the engine, so that whoever talks to it is proved against a bad day.

A server started with `faults=True` reads them from the query: `x_fault=close_1001:2,duplicate`. The number is seconds.

    close_1001, close_1011   end the connection after that long
    session_expired          after that long tell that the longest session is over, and close with 1001
    error                    send a `server_error` after that long, and go on
    quota                    after that long tell that the account is used up, which no retry cures, and go on
    rate_limit               for that long let every answer fail, as a provider does that is asked too much
    stall                    after that long send nothing more, while still reading
    half_open                after that long neither read nor write nor answer a ping; the TCP connection stays
    late_transcription       tell each transcription that much later than it was ready
    failed_transcription     tell each transcription as failed
    duplicate                send every event twice
    reordered                send every event after the one that follows it, pieces of the same thing excepted
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection

_TRANSCRIPTION = "conversation.item.input_audio_transcription"
_TIMED = ("close_1001", "close_1011", "session_expired", "error", "quota", "half_open")
_TOLD = {"session_expired": "session_expired", "error": "server_error", "quota": "insufficient_quota"}
_SWAPPED_WITHIN = 0.05
"""Seconds that an event is held back for the next one."""
Event = dict[str, Any]


class Faults:
    def __init__(self, asked: dict[str, float] | None = None) -> None:
        self._asked = asked or {}
        self._stalls_at = self._now() + self._asked["stall"] if "stall" in self._asked else None
        self._limited_until = self._now() + self._asked["rate_limit"] if "rate_limit" in self._asked else None
        self._held: Event | None = None
        self.copies = 2 if "duplicate" in self._asked else 1

    @classmethod
    def of(cls, path: str) -> "Faults":
        """What the query of this request path asks for."""
        asked = ",".join(parse_qs(urlsplit(path).query).get("x_fault", [])).split(",")
        named = (fault.partition(":") for fault in asked if fault)
        return cls({name: float(seconds or 0) for name, _, seconds in named})

    @property
    def stalled(self) -> bool:
        return self._stalls_at is not None and self._now() >= self._stalls_at

    @property
    def limited(self) -> bool:
        return self._limited_until is not None and self._now() < self._limited_until

    async def distort(self, event: Event) -> Event:
        """The event as the fault makes it, when the fault lets it go."""
        if event["type"] == f"{_TRANSCRIPTION}.completed":
            await asyncio.sleep(self._asked.get("late_transcription", 0))
            if "failed_transcription" in self._asked:
                failed = {"type": f"{_TRANSCRIPTION}.failed", "error": {"type": "server_error", "code": "fault"}}
                return {name: event[name] for name in ("event_id", "item_id", "content_index")} | failed
        return event

    async def pass_on(self, event: Event, send: Callable[[Event], Awaitable[None]]) -> None:
        """Sends the event, or keeps it until the next one has overtaken it."""
        held, self._held = self._held, None
        if held is not None and held["type"] == event["type"]:
            await send(held)
            held = None
        if held is None and "reordered" in self._asked:
            self._held = event
            asyncio.get_running_loop().call_later(_SWAPPED_WITHIN, self._let_go, event, send)
            return
        await send(event)
        if held is not None:
            await send(held)

    def _let_go(self, event: Event, send: Callable[[Event], Awaitable[None]]) -> None:
        if self._held is event:
            self._held = None
            self._last = asyncio.ensure_future(send(event))

    async def strike(self, socket: ServerConnection, tell_error: Callable[[str], Awaitable[None]]) -> None:
        """Let every timed fault happen in its time."""
        async with asyncio.TaskGroup() as strikes:
            for fault in _TIMED:
                if fault in self._asked:
                    strikes.create_task(self._strike(fault, socket, tell_error))

    async def _strike(self, fault: str, socket: ServerConnection, tell_error: Callable[[str], Awaitable[None]]) -> None:
        await asyncio.sleep(self._asked[fault])
        if fault in _TOLD:
            await tell_error(_TOLD[fault])
        match fault:
            case "error" | "quota":
                pass
            case "session_expired":
                await socket.close(1001, "fault")
            case "half_open":
                socket.transport.pause_reading()
                self._stalls_at = self._now()
            case _:
                await socket.close(int(fault.removeprefix("close_")), "fault")

    @staticmethod
    def _now() -> float:
        return asyncio.get_running_loop().time()
