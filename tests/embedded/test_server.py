import os
import signal
import subprocess
import sys
from urllib.request import urlopen

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from tests.embedded.realtime import client

ENGINE = """
import sys
from roleplay.embedded.server import serve
from tests.embedded.realtime import Persona
serve("127.0.0.1", int(sys.argv[1]), dialogues=Persona, ready=lambda: print("ready", flush=True))
"""


def test_health_is_told_on_the_same_port(port: int) -> None:
    with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
        assert answer.status == 200
        assert b'"capacity": 2' in answer.read()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/v1/realtime", {}, 401),
        ("/v1/realtime", {"Authorization": "Bearer x", "Origin": "https://evil.example"}, 403),
        ("/elsewhere", {"Authorization": "Bearer x"}, 404),
    ],
)
def test_no_web_page_gets_in(port: int, path: str, headers: dict[str, str], status: int) -> None:
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://127.0.0.1:{port}{path}", additional_headers=headers):
        pass
    assert refused.value.response.status_code == status


def test_a_third_call_is_told_to_try_again_later_and_gets_in_when_one_has_ended(port: int) -> None:
    with client(port) as first:
        first.until("session.created")
        with client(port) as second:
            second.until("session.created")
            with client(port) as third:
                assert third.error()["code"] == "engine_busy"
                with pytest.raises(ConnectionClosed) as closed:
                    third.receive()
                assert closed.value.rcvd
                assert closed.value.rcvd.code == 1013
        second.socket.close()
        with client(port) as fourth:
            fourth.until("session.created")


def test_a_terminated_engine_says_goodbye(tmp_path: object) -> None:
    port = 18_733
    process = subprocess.Popen(
        [sys.executable, "-c", ENGINE, str(port)], stdout=subprocess.PIPE, text=True, env={**os.environ}
    )
    try:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        with client(port) as call:
            call.until("session.created")
            process.send_signal(signal.SIGTERM)
            with pytest.raises(ConnectionClosed) as closed:
                call.receive()
            assert closed.value.rcvd
            assert closed.value.rcvd.code == 1001
        assert process.wait(10) == 0
    finally:
        process.kill()
        process.communicate()
