"""The bad days that the engine can be asked for."""

import time
from collections.abc import Iterator

import numpy as np
import pytest
from websockets.exceptions import ConnectionClosed

from roleplay.embedded.machinery import Machinery
from tests.audio.speech import flite, silence
from tests.embedded.realtime import WRITTEN, Client, Persona, client, engine_on_a_thread, in_audio


@pytest.fixture(scope="module")
def faulty_port(machinery: Machinery) -> Iterator[int]:
    with engine_on_a_thread(machinery, Persona, faults=True) as port:
        yield port


def say_good_morning(call: Client) -> None:
    call.begin(**in_audio())
    call.say(np.concatenate([flite("Good morning."), silence(1)]))


@pytest.mark.parametrize("code", [1001, 1011])
def test_the_connection_closes(faulty_port: int, code: int) -> None:
    with client(faulty_port, f"x_fault=close_{code}:0.1") as call:
        call.until("session.created")
        with pytest.raises(ConnectionClosed) as closed:
            call.receive(5)
        assert closed.value.rcvd
        assert closed.value.rcvd.code == code


def test_an_error_is_told_and_the_call_goes_on(faulty_port: int) -> None:
    with client(faulty_port, "x_fault=error:0.1") as call:
        assert call.error()["type"] == "server_error"
        call.begin(**WRITTEN)


@pytest.mark.parametrize("fault", ["stall", "half_open"])
def test_nothing_comes_any_more(machinery: Machinery, fault: str) -> None:
    with (
        engine_on_a_thread(machinery, Persona, faults=True) as port,
        client(port, f"x_fault={fault}:0.05") as call,
    ):
        call.until("session.created")
        deadline = time.monotonic() + 0.2
        while time.monotonic() < deadline:
            call.socket.ping().wait(0.05)
        call.send("input_audio_buffer.clear")
        with pytest.raises(TimeoutError):
            call.receive(0.5)
        assert call.socket.ping().wait(0.3) is (fault == "stall")


def test_every_event_comes_twice(faulty_port: int) -> None:
    with client(faulty_port, "x_fault=duplicate") as call:
        assert call.receive()["event_id"] == call.receive()["event_id"]


def test_the_words_come_after_the_answer(faulty_port: int) -> None:
    with client(faulty_port, "x_fault=late_transcription:1") as call:
        say_good_morning(call)
        call.until("response.created")
        assert "conversation.item.input_audio_transcription.completed" not in call.kinds
        call.until("conversation.item.input_audio_transcription.completed")


def test_the_words_fail(faulty_port: int) -> None:
    with client(faulty_port, "x_fault=failed_transcription") as call:
        say_good_morning(call)
        call.until("conversation.item.input_audio_transcription.failed")


def test_nobody_can_ask_for_faults_of_an_engine_that_was_not_started_for_it(port: int) -> None:
    with client(port, "x_fault=duplicate") as call:
        assert call.receive()["event_id"] != call.begin()["id"]
        assert call.kinds.count("session.created") == 1


def test_an_answer_fails_while_too_much_is_asked(faulty_port: int) -> None:
    with client(faulty_port, "x_fault=rate_limit:0.4") as call:
        call.begin(**WRITTEN)
        call.send("response.create")
        response = call.reply()
        assert response["status"] == "failed"
        assert response["status_details"]["error"]["code"] == "rate_limit_exceeded"
        time.sleep(0.4)
        call.send("response.create")
        assert call.reply()["status"] == "completed"


@pytest.mark.parametrize(("fault", "code"), [("quota", "insufficient_quota"), ("session_expired", "session_expired")])
def test_the_end_is_told(faulty_port: int, fault: str, code: str) -> None:
    with client(faulty_port, f"x_fault={fault}:0.1") as call:
        assert call.error()["code"] == code


def test_events_overtake_each_other(faulty_port: int) -> None:
    with client(faulty_port, "x_fault=reordered") as call:
        call.begin(**WRITTEN)
        call.send("response.create")
        call.until("response.created")
        assert call.kinds[-2:] == ["rate_limits.updated", "response.created"]
        call.reply()
