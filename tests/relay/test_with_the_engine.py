"""The whole way with the project's own voice engine: a human voice in, the persona's voice out, turns stored."""

import time
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
import pytest
from flask import Flask

from roleplay.attempts.models import Mode
from roleplay.embedded.machinery import Machinery
from roleplay.settings import Settings
from tests.audio.speech import beckett, pcm, silence, without_long_pauses
from tests.cast import Cast
from tests.embedded.realtime import Persona, engine_on_a_thread
from tests.practice import start_attempt
from tests.relay.browser import TestBrowser
from tests.relay.conftest import Practice, RelayProcess, start_relay, stop_relay

FRAME = 1920


@pytest.fixture(scope="module")
def voiced_relay(settings: Settings) -> Iterator[RelayProcess]:
    machinery = Machinery()
    with engine_on_a_thread(machinery, Persona) as port:
        relay = start_relay(settings, SimpleNamespace(url=f"ws://127.0.0.1:{port}/v1/realtime"))
        yield relay
        stop_relay(relay)
    machinery.close()


def practice_of(app: Flask, cast: Cast, relay: RelayProcess, mode: Mode) -> Practice:
    return Practice(app, relay, SimpleNamespace(), cast.lea, start_attempt(app, cast.lea, mode=mode))


def say(browser: TestBrowser, sound: bytes, *, until: str) -> None:
    """Speaks in frames of 40 ms at the pace of speech, and goes on in silence until a message of this kind comes."""
    due = time.monotonic()
    had = len(browser.of_kind(until))
    frames = [sound[at : at + FRAME] for at in range(0, len(sound) - FRAME, FRAME)]
    for frame in [*frames, *[bytes(FRAME)] * 250]:
        browser.send_raw(frame)
        due += 0.04
        time.sleep(max(0.0, due - time.monotonic()))
        if len(browser.of_kind(until)) > had:
            return


def words(practice: Practice) -> list[tuple[str, str]]:
    return [(speaker, text) for _, speaker, text, _ in practice.told()]


def test_a_human_voice_is_heard_understood_and_answered_aloud(
    app: Flask, cast: Cast, voiced_relay: RelayProcess
) -> None:
    practice = practice_of(app, cast, voiced_relay, Mode.VOICE)
    browser = practice.open()
    opening = browser.wait_for("audio")["item"]
    browser.wait_for("caption", turn=1, final=True)
    browser.wait_for("state", state="listening")
    say(browser, pcm(np.concatenate([without_long_pauses(beckett()), silence(0.2)])), until="audio")
    browser.wait_for("caption", turn=2, speaker="learner", final=True)
    answer = browser.wait_for("audio")["item"]
    browser.wait_for_sound(answer, 500)
    browser.send("end")
    browser.wait_for("ended")
    for item in (opening, answer):
        heard = np.frombuffer(browser.sound[item], "<i2").astype(np.float32) / 32768
        assert np.sqrt(np.mean(heard**2)) > 0.01, "the persona is not silent"
    told = words(practice)
    assert told[0] == ("persona", "You wanted to see me?")
    assert "ever tried" in told[1][1].lower()
    assert told[1][0] == "learner"
    assert practice.turns()[1].ended_ms > practice.turns()[1].started_ms > 500


def test_the_engine_is_interrupted_and_knows_what_was_heard(app: Flask, cast: Cast, voiced_relay: RelayProcess) -> None:
    practice = practice_of(app, cast, voiced_relay, Mode.VOICE)
    browser = practice.open()
    browser.wait_for("caption", turn=1, final=True)
    browser.wait_for("state", state="listening")
    browser.send("text", text="Tell me everything that ever happened to you.")
    item = browser.wait_for("audio")["item"]
    browser.wait_for_sound(item, 1500)
    say(browser, pcm(beckett()), until="flush")
    browser.send("played", item=item, ms=900)
    browser.wait_for("caption", turn=3, final=True)
    say(browser, pcm(beckett()), until="caption")
    browser.wait_for("caption", turn=4, speaker="learner", final=True)
    third = practice.turns()[2]
    assert third.status == "interrupted"
    assert third.text
    assert "You said: Tell me everything that ever happened to you. I see.".startswith(third.text)
    browser.send("end")
    browser.wait_for("ended")


def test_the_same_by_text(app: Flask, cast: Cast, voiced_relay: RelayProcess) -> None:
    practice = practice_of(app, cast, voiced_relay, Mode.TEXT)
    browser = practice.open()
    browser.wait_for("caption", turn=1, final=True)
    browser.send("text", text="You were two weeks late.")
    browser.wait_for("caption", turn=3, final=True)
    browser.send("text", text="What happened?")
    browser.wait_for("caption", turn=5, final=True)
    browser.send("end")
    browser.wait_for("ended")
    assert not browser.sound
    assert words(practice) == [
        ("persona", "You wanted to see me?"),
        ("learner", "You were two weeks late."),
        ("persona", "You said: You were two weeks late. I see. That is a long story."),
        ("learner", "What happened?"),
        ("persona", "You said: What happened? I see. That is a long story."),
    ]
    assert practice.turns()[2].persona_state == {"openness": 41, "patience": 59}


def test_the_persona_leaves_when_the_time_is_over(app: Flask, cast: Cast, voiced_relay: RelayProcess) -> None:
    practice = practice_of(app, cast, voiced_relay, Mode.TEXT)
    practice.shorten(9)
    browser = practice.open()
    assert browser.wait_for("ended")["reason"] == "time"
    assert words(practice)[-1] == ("persona", "I have to go now.")


def test_a_call_goes_on_where_another_process_left_it(app: Flask, cast: Cast, voiced_relay: RelayProcess) -> None:
    practice = practice_of(app, cast, voiced_relay, Mode.TEXT)
    browser = practice.open()
    browser.wait_for("caption", turn=1, final=True)
    browser.wait_for("ack", cid=browser.send("text", text="Remember this."))
    browser.wait_for("caption", turn=3, final=True)
    browser.vanish()
    voiced_relay.get("/tests/hang-up")
    again = practice.open()
    again.send("text", text="Go on.")
    again.wait_for("caption", turn=5, final=True)
    assert words(practice)[-1] == ("persona", "We had 3 turns. You said: Go on. I see. That is a long story.")
    again.send("end")
    again.wait_for("ended")
