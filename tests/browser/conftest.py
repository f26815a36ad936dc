"""The whole product, started as a person starts it, and a real Chromium that visits it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from tests.browser.wire import Wire

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
READY_WITHIN = 120


@dataclass(frozen=True)
class Stack:
    url: str
    var: Path
    relay_port: int
    wire: Wire

    def enter(self, page: Page, name: str) -> None:
        """Signs in as one of the demo's cast."""
        page.goto(f"{self.url}/dev/sign-in")
        page.get_by_role("button", name=name).click()
        page.wait_for_url("**/o/**")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """`python -m roleplay run` on free ports, with state of its own; stopped by Ctrl-C."""
    with tempfile.TemporaryDirectory(prefix="roleplay-stack-", ignore_cleanup_errors=True) as directory:
        Path(directory).chmod(0o755)
        var, port, relay_port = Path(directory) / "var", free_port(), free_port()
        wire = Wire(relay_port)
        environment = {
            **{
                key: value
                for key, value in os.environ.items()
                if not key.startswith(("OPENAI_", "DATABASE_", "REDIS_"))
            },
            "VAR": str(var),
            "PORT": str(port),
            "RELAY_PORT": str(relay_port),
            "RELAY_URL": f"ws://localhost:{wire.port}",
            "ENGINE_PORT": str(free_port()),
            "DEMO": "true",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "roleplay", "run"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=Path(__file__).parents[2],
        )
        try:
            _wait_until_ready(process)
            yield Stack(f"http://localhost:{port}", var, relay_port, wire)
        finally:
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=40)
            wire.close()


def _wait_until_ready(process: "subprocess.Popen[str]") -> None:
    timer = threading.Timer(READY_WITHIN, process.kill)
    timer.start()
    said = []
    assert process.stdout
    for line in process.stdout:
        said.append(line)
        if line.startswith("Roleplay is ready"):
            timer.cancel()
            return
    pytest.fail("the product did not start: " + "".join(said))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(chromium: Playwright) -> Iterator[Browser]:
    """A browser without a microphone."""
    launched = chromium.chromium.launch(executable_path=CHROMIUM, args=[*QUIET])
    yield launched
    launched.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages that fail the test when the browser reports an error."""
    contexts, complaints = [], []

    def opened(**options: object) -> Page:
        context = browser.new_context(locale="en-GB", **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not [line for line in complaints if "Failed to load resource" not in line]
