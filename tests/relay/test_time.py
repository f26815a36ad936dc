"""The server's clock: notices, the limit that nobody can talk past, pauses, and one extension."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import Engine, text

from roleplay.attempts import lifecycle
from roleplay.attempts.models import AttemptStatus, EndReason
from tenants.clock import now
from tests.relay.conftest import Practice


def test_the_limit_ends_a_call_whose_client_never_stops(practice: Practice) -> None:
    practice.shorten(1.5)
    browser = practice.open()
    began = time.monotonic()
    line = practice.engine.line()
    response, item = line.begin_answer()
    line.speak(response, item, "On and on and on " * 30, 20_000)
    browser.speak(40)
    assert browser.wait_for("ended")["reason"] == "time"
    assert 1.4 <= time.monotonic() - began <= 3.5
    attempt = practice.attempt()
    assert (attempt.status, attempt.end_reason) == (AttemptStatus.ENDED, EndReason.TIME)
    assert practice.told()[0][3] == "interrupted"


@contextmanager
def hanging(owner: Engine, table: str) -> Iterator[None]:
    """Whoever reads or writes it waits, as with a database that takes a statement and does not answer."""
    with owner.connect() as holder:
        holder.execute(text(f"lock table {table} in access exclusive mode"))
        yield
        holder.rollback()


def test_at_the_limit_the_engine_is_left_even_if_the_database_hangs(practice: Practice, owner: Engine) -> None:
    practice.shorten(2.5)
    browser, line = practice.begin()
    with hanging(owner, "turn"):
        line.hear("I will say this while nothing can be written down.")
        browser.speak(40)
        line.wait_until_closed()
        assert not browser.of_kind("ended")
    assert browser.wait_for("ended")["reason"] == "time"
    assert practice.attempt().end_reason == EndReason.TIME
    assert practice.told()[1][1:3] == ("learner", "I will say this while nothing can be written down.")
    assert not practice.engine.was_called


def test_time_that_was_granted_while_the_database_hung_is_used_on_a_new_line(practice: Practice, owner: Engine) -> None:
    practice.shorten(2.5)
    browser, line = practice.begin()
    with hanging(owner, "attempt"):
        asked = browser.send("extend")
        line.wait_until_closed()
    browser.wait_for("ack", cid=asked)
    again = practice.engine.line()
    browser.wait_for("state", state="listening")
    again.hear("Then let us go on.")
    browser.wait_for("caption", turn=2, final=True)
    browser.leave()


def test_the_persona_hears_of_the_last_two_minutes_and_the_last_half(practice: Practice) -> None:
    practice.shorten(31)
    browser, line = practice.begin()
    notes = [line.wait_for("conversation.item.create")["item"]["content"][0]["text"] for _ in range(2)]
    assert notes == [
        "About two minutes are left. Carry on, and have the end in mind.",
        "About thirty seconds are left. Wrap up now, as a busy person would.",
    ]
    browser.wait_for("warn", code="time_30")
    assert [message["code"] for message in browser.of_kind("warn")] == ["time_120", "time_30"]
    line.wait_for("response.create")
    browser.leave()


def test_the_persona_says_goodbye_before_the_limit(practice: Practice) -> None:
    practice.shorten(9)
    browser, line = practice.begin()
    line.wait_for("conversation.item.create")
    goodbye = line.wait_for("conversation.item.create")["item"]["content"][0]["text"]
    assert goodbye.startswith("Time is over.")
    line.wait_for("response.create")
    line.answer("I have to go.", 200, metadata={"ends_call": "true"})
    assert browser.wait_for("ended")["reason"] == "time"


def test_engines_that_play_scenarios_are_told_in_their_own_form(practice: Practice) -> None:
    practice.engine.plays_scenario = True
    practice.shorten(31)
    browser, line = practice.begin()
    texts = [line.wait_for("conversation.item.create")["item"]["content"][0]["text"] for _ in range(2)]
    assert texts == ["[[time: 120 seconds left]]", "[[time: 30 seconds left]]"]
    browser.leave()


def test_an_extension_moves_the_end_once(practice: Practice) -> None:
    practice.shorten(60)
    browser, _ = practice.begin()
    browser.wait_for("ack", cid=browser.send("extend"))
    assert browser.wait_for("timer")["remaining_ms"] > 170_000
    browser.send("extend")
    assert browser.wait_for("warn", code="already_extended")
    browser.leave()


def test_a_pause_stops_the_clock_and_the_hearing(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.send("pause")
    browser.wait_for("state", state="paused")
    assert line.wait_for("session.update")["session"]["audio"]["input"]["turn_detection"] is None
    line.wait_for("input_audio_buffer.clear")
    browser.speak(5)
    paused = practice.attempt()
    assert paused.paused_at is not None
    browser.send("resume")
    assert line.wait_for("session.update")["session"]["audio"]["input"]["turn_detection"] is not None
    browser.wait_for("state", state="listening")
    resumed = practice.attempt()
    assert resumed.paused_at is None
    assert resumed.ends_at > paused.ends_at
    assert line.heard == b""
    browser.leave()


def test_a_paused_call_outlives_its_old_end(practice: Practice) -> None:
    practice.shorten(1.2)
    browser = practice.open()
    browser.wait_for("ack", cid=browser.send("pause"))
    time.sleep(1.4)
    assert practice.attempt().status == AttemptStatus.LIVE
    browser.send("end")
    assert browser.wait_for("ended")["reason"] == "learner"


def test_pauses_end(practice: Practice) -> None:
    allowance = lifecycle.PAUSE_LIMIT / timedelta(milliseconds=1)
    practice.change(lambda attempt: setattr(attempt, "paused_ms", int(allowance) - 500))
    browser, _ = practice.begin()
    browser.send("pause")
    assert browser.wait_for("ended")["reason"] == "pause"


def test_a_pause_that_was_left_and_found_again_ends_as_well(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.wait_for("ack", cid=browser.send("pause"))
    browser.vanish()
    line.wait_until_closed()
    allowance = lifecycle.PAUSE_LIMIT - timedelta(seconds=1)
    practice.change(lambda attempt: setattr(attempt, "paused_at", now() - allowance))
    again = practice.open()
    again.wait_for("state", state="paused")
    assert again.wait_for("ended")["reason"] == "pause"
    assert not practice.engine.was_called


def test_a_line_that_breaks_during_a_pause_is_replaced_after_it(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.wait_for("ack", cid=browser.send("pause"))
    line.drop(1011)
    time.sleep(0.5)
    assert [message["state"] for message in browser.of_kind("state")][-1] == "paused"
    assert not practice.engine.was_called
    browser.send("resume")
    again = practice.engine.line()
    browser.wait_for("state", state="listening")
    again.hear("Where were we?")
    browser.wait_for("caption", turn=2, final=True)
    browser.leave()


def test_a_call_that_returns_after_its_end_is_over_at_once(practice: Practice) -> None:
    browser, _ = practice.begin()
    practice.change(lambda attempt: setattr(attempt, "ends_at", now() - timedelta(seconds=1)))
    browser.vanish()
    again = practice.open()
    assert again.wait_for("ended")["reason"] == "time"
