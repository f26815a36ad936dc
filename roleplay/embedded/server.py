"""The embedded voice engine: a server on loopback that speaks the OpenAI Realtime protocol.

    ws://127.0.0.1:<port>/v1/realtime?model=…   with `Authorization: Bearer <anything>`
    http://127.0.0.1:<port>/healthz             200 once the models are warm

A page in a browser can neither send that header nor hide its Origin, so no web site can reach the engine.
"""

import asyncio
import http
import json
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

from websockets.asyncio.server import ServerConnection
from websockets.asyncio.server import serve as listen
from websockets.http11 import Request, Response

from roleplay.embedded.connection import DialogueFactory, House, converse
from roleplay.embedded.faults import Faults
from roleplay.embedded.machinery import CALLS, Machinery
from roleplay.embedded.wire import ProtocolError, Wire

LEAD_MS = 2_000
"""How far the persona's sound runs ahead of its playback: enough for any jitter, little to throw away."""

_LARGEST_MESSAGE = 15 * 2**20
_TRY_AGAIN_LATER = 1013


def serve(
    host: str, port: int, *, dialogues: DialogueFactory, ready: Callable[[], None] | None = None, faults: bool = False
) -> None:
    """Serve until SIGTERM or SIGINT; then every client is told with close code 1001."""
    asyncio.run(_serve(host, port, dialogues, ready, faults))


@asynccontextmanager
async def engine(
    host: str,
    port: int,
    *,
    machinery: Machinery,
    dialogues: DialogueFactory,
    faults: bool = False,
    lead_ms: int = LEAD_MS,
) -> AsyncIterator[int]:
    """A running engine; yields the port, which is a free one where 0 was asked for."""
    door = _Door(House(machinery, dialogues, lead_ms), faults)
    async with listen(
        door.receive,
        host,
        port,
        process_request=door.look_at,
        origins=[None],
        compression=None,
        max_size=_LARGEST_MESSAGE,
        close_timeout=2,
    ) as server:
        yield next(iter(server.sockets)).getsockname()[1]


async def _serve(
    host: str, port: int, dialogues: DialogueFactory, ready: Callable[[], None] | None, faults: bool
) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    machinery = Machinery()
    async with engine(host, port, machinery=machinery, dialogues=dialogues, faults=faults):
        if ready:
            ready()
        await stop.wait()
    machinery.close()


class _Door:
    """Who comes in, and who is told that the house is full."""

    def __init__(self, house: House, faults: bool) -> None:
        self._house = house
        self._faults = faults
        self._calls = 0

    def look_at(self, socket: ServerConnection, request: Request) -> Response | None:
        match urlsplit(request.path).path:
            case "/healthz":
                return socket.respond(http.HTTPStatus.OK, json.dumps({"calls": self._calls, "capacity": CALLS}) + "\n")
            case "/v1/realtime" if request.headers.get("Authorization", "").startswith("Bearer "):
                return None
            case "/v1/realtime":
                return socket.respond(http.HTTPStatus.UNAUTHORIZED, "A bearer token is missing.\n")
            case _:
                return socket.respond(http.HTTPStatus.NOT_FOUND, "There is nothing here.\n")

    async def receive(self, socket: ServerConnection) -> None:
        path = socket.request.path if socket.request else ""
        faults = Faults.of(path) if self._faults else Faults()
        if self._calls >= CALLS:
            await self._turn_away(socket)
            return
        self._calls += 1
        model = parse_qs(urlsplit(path).query).get("model", ["roleplay"])[0]
        try:
            await converse(socket, model, self._house, faults)
        finally:
            self._calls -= 1

    @staticmethod
    async def _turn_away(socket: ServerConnection) -> None:
        busy = f"The practice engine is on {CALLS} calls already. Try again when one of them has ended."
        await Wire(socket, Faults()).error(ProtocolError("engine_busy", busy, kind="server_error"))
        await socket.close(_TRY_AGAIN_LATER, "engine_busy")
