"""The client's end of one connection: events out, protocol errors, ids."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from websockets.asyncio.server import ServerConnection

from roleplay.embedded.faults import Faults

Event = dict[str, Any]


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(10)}"


class ProtocolError(Exception):
    """The client asked for something that cannot be done; the session goes on."""

    def __init__(self, code: str, message: str, param: str | None = None, kind: str = "invalid_request_error") -> None:
        super().__init__(code)
        self.body = {"type": kind, "code": code, "message": message, "param": param}


class Wire:
    def __init__(self, socket: ServerConnection, faults: Faults) -> None:
        self._socket = socket
        self._faults = faults

    async def send(self, kind: str, **fields: object) -> None:
        event = await self._faults.distort({"type": kind, "event_id": new_id("event"), **fields})
        if self._faults.stalled:
            await self._socket.wait_closed()
        await self._faults.pass_on(event, self._send)

    async def _send(self, event: Event) -> None:
        message = json.dumps(event, separators=(",", ":"))
        for _ in range(self._faults.copies):
            await self._socket.send(message)

    def admit_answer(self) -> None:
        if self._faults.limited:
            raise ProtocolError("rate_limit_exceeded", "Too much was asked for.", kind="rate_limit_error")

    async def strike_faults(self) -> None:
        await self._faults.strike(self._socket, self._tell_fault)

    async def _tell_fault(self, code: str) -> None:
        await self.error(ProtocolError(code, "This error was asked for.", kind=code))

    async def error(self, error: ProtocolError, event_id: object = None) -> None:
        await self.send("error", error={**error.body, "event_id": event_id if isinstance(event_id, str) else None})


def required(event: Mapping[str, Any], name: str, kind: type = str) -> Any:
    """A field of a client event. Raises ProtocolError when it is not there or is not what it must be."""
    if name not in event:
        raise ProtocolError("missing_required_parameter", f"Missing required parameter: '{name}'.", name)
    if not isinstance(event[name], kind):
        raise ProtocolError("invalid_type", f"Invalid type for '{name}'.", name)
    return event[name]
