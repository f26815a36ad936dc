"""The run: prepares everything, measures the rows, and sums up."""

import argparse
import json
import socket
import ssl
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import uvloop

from bench.live import upstream
from bench.live.callers import Caller, JsonCaller, RelayCaller
from bench.live.frames import Account
from bench.live.ground import SECRET, Ground, certificate, settings_of
from bench.live.processes import OTHER_CORE, busy_share, go_first, running, settle_on, wait_for_port
from bench.live.rivals import aiohttp_relay, nginx
from bench.live.rows import WARM, Make, Row, measure, table
from bench.live.stalling import stall
from roleplay.settings import Settings


def main() -> int:
    asked = _arguments()
    busy = busy_share()
    with tempfile.TemporaryDirectory(prefix="roleplay-bench-", ignore_cleanup_errors=True) as folder:
        var = Path(folder) / "var"
        var.mkdir()
        Path(folder).chmod(0o755)
        settle_on(OTHER_CORE)
        with settings_of(var) as settings:
            first = asked.realtime and go_first()
            result = uvloop.run(Run(asked, var, settings).all_rows())
    result |= {"busy_before": round(busy, 2), "realtime": first}
    print(f"\nThe machine was {busy:.0%} busy with other things before the run.", file=sys.stderr)
    print(f"Real-time priority was {'on' if first else 'off'}.", file=sys.stderr)
    if asked.json:
        print(json.dumps(result))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/relay", description="What a live call costs.")
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--plain", action="store_true", help="no TLS to the engine")
    parser.add_argument(
        "--realtime",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="before all else on the machine, if the system lets us (root): delays mean more",
    )
    parser.add_argument("--json", action="store_true", help="the last line is one object")
    parser.add_argument("--rows", default="direct,nginx,relay,stalled,aiohttp", help="only these rows")
    parser.add_argument("--pump", default="compiled", choices=["compiled", "hub", "threads"])
    return parser.parse_args()


ROUNDS = 3
"""In which nginx and the relay take turns: a machine that others share is faster in one minute than in the next."""


class Run:
    def __init__(self, asked: argparse.Namespace, var: Path, settings: Settings) -> None:
        self._asked, self._var, self._settings = asked, var, settings
        self._certificate, self._key = certificate(var)
        self._environment = {"SSL_CERT_FILE": str(self._certificate)}
        self._engine = ""
        self._ground = Ground(settings)
        self.rows: dict[str, Row] = {}

    async def all_rows(self) -> dict[str, object]:
        await self._serve_engine()
        wanted = self._asked.rows.split(",")
        if "direct" in wanted:
            await self._direct()
        for _ in range(ROUNDS):
            if "nginx" in wanted:
                async with nginx(self._var, port := _free_port(), self._engine) as pid:
                    await self._proxied("nginx", port, pid, rounds=ROUNDS)
            if "relay" in wanted:
                async with self._relay() as (port, pid):
                    await self._relayed(port, pid)
        stalled = None
        if "stalled" in wanted:
            async with self._relay() as (port, pid):
                stalled = await stall(lambda number, account: self._caller(port, number, account), self._fresh, pid)
        if "aiohttp" in wanted:
            async with aiohttp_relay(self._var, port := _free_port(), self._engine, self._environment) as pid:
                await self._proxied("aiohttp", port, pid)
        print(table(list(self.rows.values())), file=sys.stderr)
        return self._sum_up(stalled)

    async def _serve_engine(self) -> None:
        context = None
        if not self._asked.plain:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.num_tickets = 0
            context.load_cert_chain(self._certificate, self._key)
        self._engine = f"ws{'s' if context else ''}://localhost:{await upstream.serve(context)}/v1/realtime"

    async def _row(self, name: str, make: Make, pid: int | None, *, rounds: int = 1) -> None:
        """One round of so many."""
        print(f"{name} …", file=sys.stderr, flush=True)
        row = self.rows.setdefault(name, Row(name, self._asked.calls))
        await measure(row, make, self._asked.seconds / rounds, pid)

    async def _direct(self) -> None:
        """The callers' own way to the engine: by TLS if the others go by TLS."""
        trust = None if self._asked.plain else ssl.create_default_context(cafile=self._certificate)
        await self._row("direct", lambda number, account: JsonCaller(number, account).dial(self._engine, trust), None)

    async def _proxied(self, name: str, port: int, pid: int, *, rounds: int = 1) -> None:
        url = f"ws://127.0.0.1:{port}/v1/realtime"
        await self._row(name, lambda number, account: JsonCaller(number, account).dial(url), pid, rounds=rounds)

    def _fresh(self, calls: int) -> None:
        self._ground.attempts(calls)

    async def _caller(self, port: int, number: int, account: Account) -> Caller:
        url = f"ws://127.0.0.1:{port}/relay/calls?ticket={self._ground.ticket(number)}"
        return await RelayCaller(number, account).dial(url)

    async def _relayed(self, port: int, pid: int) -> None:
        self._fresh(self._asked.calls + WARM)
        await self._row("relay", lambda number, account: self._caller(port, number, account), pid, rounds=ROUNDS)
        print(f"stored: {self._ground.stored()}", file=sys.stderr)

    @asynccontextmanager
    async def _relay(self) -> AsyncIterator[tuple[int, int]]:
        settings, port = self._settings, _free_port()
        environment = self._environment | {
            "SECRET_KEY": SECRET,
            "PUBLIC_URL": settings.public_url,
            "DATABASE_URL": settings.database_url,
            "DATABASE_OPS_URL": settings.database_ops_url,
            "REDIS_URL": settings.redis_url,
            "ENGINE_URL": self._engine,
            "RELAY_PORT": str(port),
            "RELAY_PUMP": self._asked.pump,
        }
        log = self._var / "relay.log"
        async with running([sys.executable, "-m", "roleplay", "relay"], log, environment=environment) as pid:
            await wait_for_port(port, pid, log)
            yield port, pid
        if "Traceback" in (text := log.read_text()):
            print(text[-3000:], file=sys.stderr)

    def _sum_up(self, stalled: dict[str, float] | None) -> dict[str, object]:
        rows = self.rows
        result: dict[str, object] = {"rows": [row.as_json() for row in rows.values()], "tls": not self._asked.plain}
        if stalled:
            result["stalled"] = stalled
        if relay := rows.get("relay"):
            result["calls"] = relay.calls
            result |= {name: getattr(relay.account, name) for name in ("lost", "altered", "reordered")}
            result["kb_per_call"] = round(relay.kb_per_call, 1)
            if direct := rows.get("direct"):
                added = [ours - none for ours, none in zip(relay.delays_ms, direct.delays_ms, strict=True)]
                result["added_p50_ms"], result["added_p99_ms"] = round(added[0], 3), round(added[1], 3)
            for rival in ("nginx", "aiohttp"):
                if rival in rows:
                    result[f"cpu_ratio_{rival}"] = round(relay.cpu_per_minute / rows[rival].cpu_per_minute, 3)
        return result


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
