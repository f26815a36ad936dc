"""The room's page by itself, in Chromium, with a whistling microphone and a fake relay: no database, no engine."""

import math
import struct
import wave
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
import yaml
from flask import Flask, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import make_server

import roleplay
from roleplay.scenarios.content import ScenarioContent
from tests.browser.conftest import CHROMIUM, QUIET
from tests.browser.room.fake_relay import FakeRelay

PACKAGE = Path(roleplay.__file__).parent
SCENARIO = PACKAGE / "scenarios/library/angry-customer.en.yaml"
WHISTLE_HZ = 1000
# The browser's own treatment of speech would take a steady whistle for noise.
UNTREATED = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = () =>
  open({ audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false } });
"""


@pytest.fixture(scope="package")
def whistling_browser(chromium: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    recording = tmp_path_factory.mktemp("microphone") / "whistle.wav"
    with wave.open(str(recording), "wb") as file:
        file.setparams((1, 2, 48_000, 0, "NONE", ""))
        samples = (round(16_000 * math.sin(2 * math.pi * WHISTLE_HZ * index / 48_000)) for index in range(48_000))
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    microphone = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
    browser = chromium.chromium.launch(
        executable_path=CHROMIUM, args=[*QUIET, *microphone, f"--use-file-for-fake-audio-capture={recording}"]
    )
    yield browser
    browser.close()


@pytest.fixture
def relay() -> Iterator[FakeRelay]:
    fake = FakeRelay()
    yield fake
    fake.close()


@pytest.fixture
def site(relay: FakeRelay) -> Iterator[str]:
    server = make_server("localhost", 0, _room_alone(relay), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(whistling_browser: Browser, site: str) -> Iterator[Page]:
    context = whistling_browser.new_context(base_url=site, permissions=["microphone"])
    context.set_default_timeout(10_000)
    tab = context.new_page()
    tab.add_init_script(UNTREATED)
    yield tab
    context.close()


def _room_alone(relay: FakeRelay) -> Flask:
    app = Flask("room", template_folder=str(PACKAGE.parent / "templates"), static_folder=str(PACKAGE / "static"))
    app.secret_key = "room"
    Babel(app)
    app.jinja_env.globals.update(csp_nonce=lambda: "nonce", csrf_token=lambda: "token")
    content = ScenarioContent.model_validate(yaml.safe_load(SCENARIO.read_text()))

    @app.get("/<mode>")
    def room(mode: str) -> ResponseReturnValue:
        return render_template(
            "attempts/room.html",
            attempt=SimpleNamespace(id="a", mode=mode, number=1),
            content=content,
            preferences=SimpleNamespace(captions=True, patience_ms=500),
            engine_label="Fake engine",
            limit_minutes=10,
            untimed=False,
            can_extend=True,
            **{f"{name}_url": f"/{name}" for name in ("ticket", "completion", "debrief", "session", "preferences")},
        )

    @app.post("/ticket")
    def ticket() -> ResponseReturnValue:
        return jsonify(ticket="one", socket_url=relay.url)

    @app.post("/preferences")
    def preferences() -> ResponseReturnValue:
        return "", 204

    return app
