"""The relay that everybody writes first: aiohttp on both sides, each message read as JSON and passed on as it came.

It has no features: no transcript, no cap, no ticket, no metering. Usage: aiohttp_relay.py <port> <upstream address>
"""

import asyncio
import json
import sys

from aiohttp import ClientSession, ClientWebSocketResponse, TCPConnector, WSMsgType, web


async def relay(request: web.Request) -> web.WebSocketResponse:
    browser = web.WebSocketResponse(compress=False, heartbeat=20)
    await browser.prepare(request)
    async with request.app["session"].ws_connect(sys.argv[2], compress=0, heartbeat=20) as engine:
        both = {asyncio.ensure_future(pass_on(browser, engine)), asyncio.ensure_future(pass_on(engine, browser))}
        _, left = await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        for task in left:
            task.cancel()
    return browser


async def pass_on(
    source: web.WebSocketResponse | ClientWebSocketResponse, sink: web.WebSocketResponse | ClientWebSocketResponse
) -> None:
    async for message in source:
        if message.type is not WSMsgType.TEXT:
            return
        event = json.loads(message.data)
        if event["type"] != "rate_limits.updated":
            await sink.send_str(message.data)


async def session(app: web.Application):
    async with ClientSession(connector=TCPConnector(limit=0)) as app["session"]:
        yield


app = web.Application()
app.cleanup_ctx.append(session)
app.router.add_get("/{path:.*}", relay)
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), backlog=2048, print=None, access_log=None)
