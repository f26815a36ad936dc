"""Every fault that the engine can be asked for, and what becomes of the call and of the learner.

The table in docs/realtime.md, "Bad days of the provider", says the same in words.
"""

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest
from flask import Flask
from websockets.exceptions import ConnectionClosed

from roleplay.attempts.models import AttemptStatus, Mode
from roleplay.embedded import server
from roleplay.embedded.faults import Faults
from roleplay.settings import Settings
from tests.cast import Cast
from tests.chaos.caller import SILENCE
from tests.chaos.lines import ONE, OPENING, TWO, WRITTEN, speak, words, write
from tests.chaos.upstream import PLACES, VOICE_MS, Echo, light
from tests.embedded.realtime import engine_on_a_thread
from tests.practice import start_attempt
from tests.relay.browser import TestBrowser
from tests.relay.conftest import Practice, RelayProcess, start_relay, stop_relay

days: list[str] = []
"""The faults of the next lines, one entry for each; a line without an entry has a good day."""


def _todays(_path: str) -> Faults:
    return Faults.of(f"/?x_fault={days.pop(0) if days else ''}")


@pytest.fixture(scope="module")
def relay(settings: Settings) -> Iterator[RelayProcess]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "CALLS", PLACES)
        patch.setattr(server, "Faults", type("Days", (Faults,), {"of": staticmethod(_todays)}))
        with engine_on_a_thread(light(), Echo, faults=True) as port:
            engine = SimpleNamespace(url=f"ws://127.0.0.1:{port}/v1/realtime")
            process = start_relay(settings, engine, ["-m", "tests.chaos.serving"])  # type: ignore[arg-type]
            yield process
            stop_relay(process)


Begin = Callable[..., tuple[Practice, TestBrowser]]


@pytest.fixture
def begin(app: Flask, cast: Cast, relay: RelayProcess) -> Begin:
    """A call whose first lines have these days."""

    def begun(*faults: str, mode: Mode = Mode.TEXT) -> tuple[Practice, TestBrowser]:
        days[:] = faults
        practice = Practice(app, relay, SimpleNamespace(), cast.lea, start_attempt(app, cast.lea, mode=mode))  # type: ignore[arg-type]
        return practice, practice.open()

    return begun


def end(practice: Practice, browser: TestBrowser) -> None:
    browser.send("end")
    assert browser.wait_for("ended")["reason"] == "learner"
    assert practice.attempt().status != AttemptStatus.LIVE


def listen_out(browser: TestBrowser, turn: int) -> None:
    """Hears what the persona says as this turn to its end, and says so, as a page does."""
    item = browser.wait_for("audio")["item"]
    text = browser.wait_for("caption", turn=turn, speaker="persona", final=True)["text"]
    ms = VOICE_MS * len(re.findall("[.?]", text))
    browser.wait_for_sound(item, ms)
    browser.wait_for("ack", cid=browser.send("played", item=item, ms=ms))


@contextmanager
def open_microphone(browser: TestBrowser) -> Iterator[None]:
    """Silence at the pace of sound, as long as somebody takes it."""
    off = threading.Event()

    def send() -> None:
        with suppress(ConnectionClosed):
            while not off.wait(0.04):
                browser.send_raw(SILENCE)

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield
    finally:
        off.set()
        thread.join()


@pytest.mark.parametrize("fault", ["close_1001", "close_1011", "session_expired"])
def test_a_line_that_is_closed_is_opened_again_with_all_that_was_said(begin: Begin, fault: str) -> None:
    practice, browser = begin(f"{fault}:0.4")
    browser.wait_for("caption", turn=1, final=True)
    write(browser, ONE, 2)
    browser.wait_for("state", state="reconnecting")
    browser.wait_for("state", state="listening")
    write(browser, TWO, 4)
    end(practice, browser)
    assert words(practice) == WRITTEN


@pytest.mark.parametrize("fault", ["stall", "half_open"])
def test_a_line_that_falls_silent_is_left_for_a_new_one(begin: Begin, fault: str) -> None:
    practice, browser = begin(f"{fault}:0.4")
    browser.wait_for("caption", turn=1, final=True)
    time.sleep(0.5)
    cid = browser.send("text", text=ONE)
    browser.wait_for("ack", cid=cid)
    assert browser.wait_for("warn")["message"] == "The answer takes longer than usual."
    browser.wait_for("caption", turn=3, final=True)
    write(browser, TWO, 4)
    end(practice, browser)
    assert words(practice) == WRITTEN


@pytest.mark.parametrize("fault", ["stall", "half_open"])
def test_a_line_that_falls_silent_under_a_voice_does_not_hold_up_the_end(begin: Begin, fault: str) -> None:
    practice, browser = begin(f"{fault}:0.6", mode=Mode.VOICE)
    browser.wait_for("caption", turn=1, final=True)
    with open_microphone(browser):
        time.sleep(1)
        began = time.monotonic()
        browser.send("end")
        assert browser.wait_for("ended")["reason"] == "learner"
    assert time.monotonic() - began < 6
    assert words(practice) == [OPENING]


def test_an_answer_that_fails_is_asked_for_again(begin: Begin) -> None:
    practice, browser = begin("rate_limit:0.7")
    assert browser.wait_for("warn")["message"] == "The answer takes longer than usual."
    browser.wait_for("caption", turn=1, final=True)
    write(browser, ONE, 2)
    end(practice, browser)
    assert words(practice) == WRITTEN[:3]


def test_when_no_answer_comes_the_learner_is_told_and_may_go_on(begin: Begin) -> None:
    practice, browser = begin("rate_limit:2.5")
    assert "did not come" in browser.wait_for("warn", code="no_answer")["message"]
    browser.wait_for("state", state="listening")
    time.sleep(1)
    write(browser, ONE, 1)
    end(practice, browser)
    assert words(practice)[0] == ("learner", ONE)


def test_an_account_that_is_used_up_ends_the_call_and_not_the_attempt(begin: Begin) -> None:
    practice, browser = begin("quota:0.5")
    browser.wait_for("caption", turn=1, final=True)
    assert browser.wait_for("ended")["reason"] == "error"
    assert browser.wait_until_closed() == 4500
    assert practice.attempt().status == AttemptStatus.LIVE
    assert words(practice) == [OPENING]
    again = practice.open()
    write(again, ONE, 2)
    end(practice, again)
    assert words(practice) == WRITTEN[:3]


def test_an_error_of_the_server_ends_nothing(begin: Begin) -> None:
    practice, browser = begin("error:0.1")
    browser.wait_for("caption", turn=1, final=True)
    write(browser, ONE, 2)
    end(practice, browser)
    assert words(practice) == WRITTEN[:3]


def test_words_that_come_late_are_told_as_missing_and_then_put_in_their_place(begin: Begin) -> None:
    practice, browser = begin("late_transcription:2", mode=Mode.VOICE)
    listen_out(browser, 1)
    speak(browser)
    assert "could not be written down" in browser.wait_for("warn", code="not_heard")["message"]
    heard = browser.wait_for("caption", turn=2, speaker="learner", final=True)
    while not heard["text"]:
        heard = browser.wait_for("caption", turn=2, speaker="learner", final=True)
    end(practice, browser)
    told = practice.told()
    assert [speaker for _, speaker, _, _ in told] == ["persona", "learner", "persona"]
    assert told[1][2:] == (heard["text"], "heard")


def test_words_that_were_not_understood_are_kept_as_such(begin: Begin) -> None:
    practice, browser = begin("failed_transcription", mode=Mode.VOICE)
    listen_out(browser, 1)
    speak(browser)
    assert "could not be written down" in browser.wait_for("warn", code="not_heard")["message"]
    browser.wait_for("caption", turn=3, speaker="persona", final=True)
    end(practice, browser)
    assert practice.told()[1][1:] == ("learner", "", "not_transcribed")


@pytest.mark.parametrize("fault", ["duplicate", "reordered"])
def test_events_that_come_twice_or_out_of_order_change_nothing(begin: Begin, fault: str) -> None:
    practice, browser = begin(fault)
    browser.wait_for("caption", turn=1, final=True)
    write(browser, ONE, 2)
    write(browser, TWO, 4)
    end(practice, browser)
    assert words(practice) == WRITTEN


@pytest.mark.parametrize("fault", ["duplicate", "reordered"])
def test_nor_do_they_in_speech(begin: Begin, fault: str) -> None:
    practice, browser = begin(fault, mode=Mode.VOICE)
    listen_out(browser, 1)
    for turn in (2, 4):
        speak(browser)
        listen_out(browser, turn + 1)
    end(practice, browser)
    told = practice.told()
    assert [speaker for _, speaker, _, _ in told] == ["persona", "learner", "persona", "learner", "persona"]
    assert all("milliseconds to say" in text for _, speaker, text, _ in told if speaker == "learner")
    assert [text for _, speaker, text, _ in told[2::2]] == [f"You say: {told[at][2]}" for at in (1, 3)]
