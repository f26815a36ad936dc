"""`make run`: starts the embedded parts and every process, waits until all are ready, prints one URL, stops it all."""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from roleplay.settings import Settings

READY_WITHIN = 60.0
LEAST_DISK = 300 * 1024 * 1024
MOST_RESTARTS = 5
STOP_WITHIN = 5.0
"""Seconds, besides those that a relay's browsers have to move."""


class CannotRun(Exception):
    """Said to the person at the terminal as it is, in one sentence."""


@dataclass
class Part:
    """One process of the product. `ready` is an address that answers 200 once it can work; None asks nothing."""

    name: str
    ready: str | None
    process: subprocess.Popen[bytes]
    log: Path
    restarts: int = 0


def run_everything(settings: Settings) -> int:
    """Runs until Ctrl-C or SIGTERM; returns the exit code."""
    stopping = _on_signals()
    with ExitStack() as embedded:
        try:
            _check_machine(settings)
            environment = _prepare(settings, embedded)
            parts = [_start(name, ready, environment, settings.var) for name, ready in _plan(settings)]
            embedded.callback(_stop, parts, settings.relay_drain_seconds + STOP_WITHIN)
            _wait_until_ready(parts, stopping)
        except CannotRun as refusal:
            print(f"Roleplay cannot start: {refusal}", file=sys.stderr)
            return 1
        _say_ready(settings)
        _watch(parts, environment, settings.var, stopping)
    return 0


def _on_signals() -> Callable[[], bool]:
    asked: list[int] = []
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda number, _frame: asked.append(number))
    return lambda: bool(asked)


def _check_machine(settings: Settings) -> None:
    settings.var.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.var).free
    if free < LEAST_DISK:
        raise CannotRun(f"the disk under {settings.var} is full ({free // 2**20} MB left; 300 MB are needed).")
    ports = {"PORT": settings.port, "RELAY_PORT": settings.relay_port, "ENGINE_PORT": settings.engine_port}
    for name, port in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((settings.host, port))
            except OSError as error:
                raise CannotRun(f"port {port} is in use; stop what uses it, or set {name} to another.") from error


def _prepare(settings: Settings, embedded: ExitStack) -> dict[str, str]:
    """Starts the embedded services that no address replaces; returns the environment of every part."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "DEMO": str(_is_demo(settings)).lower()}
    environment["SECRET_KEY"] = settings.secret_key.get_secret_value() or _kept_secret(settings.var)
    public = f"http://localhost:{settings.port}"
    environment.setdefault("PUBLIC_URL", settings.public_url if settings.port == 8000 else public)
    environment.setdefault("RELAY_URL", settings.relay_url or f"ws://localhost:{settings.relay_port}")
    environment["ALLOWED_ORIGINS"] = json.dumps([*settings.allowed_origins, f"http://127.0.0.1:{settings.port}"])
    environment.setdefault("ENGINE_URL", f"ws://127.0.0.1:{settings.engine_port}/v1/realtime")
    environment.update(_database(settings))
    if not settings.redis_url:
        environment["REDIS_URL"] = embedded.enter_context(_valkey(settings.var / "valkey"))
    for command in ("migrate", "seed") if _is_demo(settings) else ("migrate",):
        _run_once(command, environment)
    return environment


def _is_demo(settings: Settings) -> bool:
    """Trying it out is what `make run` is for; `DEMO=false` says otherwise."""
    return settings.demo or "demo" not in settings.model_fields_set


def _kept_secret(var: Path) -> str:
    path = var / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text()


def _database(settings: Settings) -> dict[str, str]:
    if settings.database_url:
        if not (settings.database_owner_url and settings.database_ops_url):
            raise CannotRun("DATABASE_URL needs DATABASE_OWNER_URL and DATABASE_OPS_URL beside it (see .env.example).")
        return {}
    from roleplay.embedded.postgres import start_postgres  # noqa: PLC0415

    addresses = start_postgres(settings.var / "postgres")
    return {
        "DATABASE_URL": addresses.application,
        "DATABASE_OWNER_URL": addresses.owner,
        "DATABASE_OPS_URL": addresses.operations,
    }


@contextmanager
def _valkey(directory: Path) -> Iterator[str]:
    from roleplay.embedded.valkey import start_valkey  # noqa: PLC0415

    server, url = start_valkey(directory)
    try:
        yield url
    finally:
        server.stop()


def _run_once(command: str, environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "roleplay", command], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CannotRun(f"`roleplay {command}` failed: {last}")


def _plan(settings: Settings) -> Iterator[tuple[str, str | None]]:
    yield "web", f"http://{settings.host}:{settings.port}/readyz"
    yield "relay", f"http://{settings.host}:{settings.relay_port}/readyz"
    yield "worker", None
    yield "scheduler", None
    if settings.uses_practice_engine:
        yield "engine", f"http://{settings.host}:{settings.engine_port}/healthz"


def _start(name: str, ready: str | None, environment: dict[str, str], var: Path) -> Part:
    log = var / "log" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    with log.open("ab") as out:
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "roleplay", name],
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Part(name, ready, process, log)


def _wait_until_ready(parts: list[Part], stopping: Callable[[], bool]) -> None:
    deadline = time.monotonic() + READY_WITHIN
    waiting = {part.name: part for part in parts if part.ready}
    while waiting and not stopping():
        for part in parts:
            if part.process.poll() is not None:
                raise CannotRun(f"the {part.name} ended at once: {_last_line(part.log)} (all of it: {part.log})")
        for part in list(waiting.values()):
            if _answers(part.ready or ""):
                del waiting[part.name]
        if time.monotonic() > deadline:
            raise CannotRun(f"the {', '.join(waiting)} did not get ready in {READY_WITHIN:.0f} s; see var/log.")
        time.sleep(0.1)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:  # noqa: S310 - our own loopback addresses
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines()
    return lines[-1] if lines else "it said nothing"


def _say_ready(settings: Settings) -> None:
    start = "/dev/sign-in" if _is_demo(settings) else ""
    address = settings.public_url if settings.port == 8000 else f"http://localhost:{settings.port}"
    print(f"Roleplay is ready: {address}{start}   (Ctrl-C stops it)", flush=True)


def _watch(parts: list[Part], environment: dict[str, str], var: Path, stopping: Callable[[], bool]) -> None:
    """Starts again what ends by itself, a few times, as a supervisor in production would."""
    while not stopping():
        for index, part in enumerate(parts):
            if part.process.poll() is None:
                continue
            if part.restarts >= MOST_RESTARTS:
                print(f"The {part.name} keeps ending; see {part.log}", file=sys.stderr)
                return
            parts[index] = _start(part.name, part.ready, environment, var)
            parts[index].restarts = part.restarts + 1
        time.sleep(0.3)


def _stop(parts: list[Part], within: float) -> None:
    for part in parts:
        if part.process.poll() is None:
            part.process.terminate()
    deadline = time.monotonic() + within
    for part in parts:
        try:
            part.process.wait(timeout=max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            part.process.kill()
            part.process.wait()
