"""Nothing that was said is lost: a browser that comes back, a second tab, an engine that goes away."""

import json

import pytest

from roleplay.attempts import lifecycle
from roleplay.attempts.models import AttemptStatus, EndReason
from tests.relay.conftest import Practice


def test_a_browser_that_comes_back_soon_finds_the_same_line(practice: Practice) -> None:
    browser, line = practice.begin()
    line.hear("You were late.")
    browser.wait_for("caption", turn=2, final=True)
    browser.vanish()
    detection = line.wait_for("session.update")["session"]["audio"]["input"]["turn_detection"]
    assert detection is None, "nobody is heard while nobody is there"
    again = practice.open()
    assert line.wait_for("session.update")["session"]["audio"]["input"]["turn_detection"]["type"] == "server_vad"
    again.wait_for("caption", turn=2, final=True)
    assert again.of_kind("hello")[0]["epoch"] == 2
    assert again.captions() == browser.captions()
    line.answer("By two weeks, yes.")
    again.wait_for("caption", turn=3, final=True)
    again.leave()


def test_numbers_go_on_after_a_return(practice: Practice) -> None:
    browser, _ = practice.begin()
    last = browser.messages[-1]["seq"]
    browser.vanish()
    again = practice.open()
    assert again.of_kind("hello")[0]["seq"] > last
    again.leave()


def test_a_browser_that_comes_back_late_continues_on_a_new_line(practice: Practice) -> None:
    browser, line = practice.begin()
    line.hear("You were late.")
    line.answer("By two weeks, yes.")
    browser.wait_for("caption", turn=3, final=True)
    browser.vanish()
    line.wait_until_closed()
    again = practice.open()
    new = practice.engine.line()
    past = [new.wait_for("conversation.item.create")["item"] for _ in range(4)]
    assert [(item["role"], item["content"][0]["type"]) for item in past] == [
        ("assistant", "output_text"),
        ("user", "input_text"),
        ("assistant", "output_text"),
        ("system", "input_text"),
    ]
    assert past[1]["content"][0]["text"] == "You were late."
    assert "do not greet again" in past[3]["content"][0]["text"]
    again.wait_for("state", state="listening")
    assert not new.of_kind("response.create"), "the persona waits for the learner"
    new.hear("So what now?")
    again.wait_for("caption", turn=4, text="So what now?", final=True)
    assert [number for number, *_ in practice.told()] == [1, 2, 3, 4]
    again.leave()


def test_an_engine_that_plays_scenarios_gets_the_history_with_it(practice: Practice) -> None:
    practice.engine.plays_scenario = True
    browser, line = practice.begin()
    line.drop()
    variables = practice.engine.line().of_kind("session.update")[0]["session"]["prompt"]["variables"]
    assert json.loads(variables["history"]) == [{"speaker": "persona", "text": "You wanted to see me?"}]
    browser.leave()


def test_a_line_that_breaks_is_replaced_and_what_was_left_unanswered_is_answered(practice: Practice) -> None:
    browser, line = practice.begin()
    line.hear("You were late.")
    browser.wait_for("caption", turn=2, final=True)
    line.drop(1001)
    browser.wait_for("state", state="reconnecting")
    new = practice.engine.line()
    new.wait_for("response.create")
    new.answer("By two weeks, yes.")
    browser.wait_for("caption", turn=3, text="By two weeks, yes.", final=True)
    browser.leave()


def test_words_in_the_air_when_the_line_breaks_are_stored_as_not_transcribed(practice: Practice) -> None:
    browser, line = practice.begin()
    line.stop_speech(line.start_speech())
    browser.wait_for("state", state="thinking")
    line.drop()
    practice.engine.line()
    assert practice.told()[1:] == [(2, "learner", "", "not_transcribed")]
    browser.leave()


def test_an_engine_that_stays_away_leaves_the_attempt_open(practice: Practice) -> None:
    browser, line = practice.begin()
    practice.engine.refuse = True
    line.drop()
    browser.wait_for("state", state="reconnecting")
    line.closed = True
    practice.change(lambda attempt: None)
    ended = browser.wait_for("ended")
    assert ended["reason"] == "error"
    assert practice.attempt().status == AttemptStatus.LIVE
    practice.engine.refuse = False
    again = practice.open()
    practice.engine.line()
    assert again.captions() == {1: ("persona", "You wanted to see me?")}
    again.leave()


@pytest.mark.parametrize("code", ["insufficient_quota", "invalid_api_key"])
def test_no_second_line_is_tried_when_none_can_help(practice: Practice, code: str) -> None:
    browser, line = practice.begin()
    line.send("error", error={"type": "invalid_request_error", "code": code, "message": "No."})
    assert browser.wait_for("ended")["reason"] == "error"
    assert practice.attempt().status == AttemptStatus.LIVE


@pytest.mark.parametrize("code", ["response_cancel_not_active", "some_new_complaint"])
def test_an_error_that_the_call_survives_ends_nothing(practice: Practice, code: str) -> None:
    browser, line = practice.begin()
    line.send("error", error={"type": "invalid_request_error", "code": code, "message": "Hm."})
    line.hear("You were late.")
    browser.wait_for("caption", turn=2, final=True)
    browser.leave()


def test_an_answer_that_did_not_come_is_told(practice: Practice) -> None:
    browser, line = practice.begin()
    line.send("error", error={"type": "server_error", "code": "dialogue_timeout", "message": "No words."})
    assert "did not come" in browser.wait_for("warn", code="no_answer")["message"]
    browser.leave()


def test_a_second_tab_takes_over(practice: Practice) -> None:
    first, line = practice.begin()
    second = practice.open()
    assert first.wait_for("ended")["reason"] == "taken_over"
    assert first.wait_until_closed() == 4001
    line.hear("You were late.")
    second.wait_for("caption", turn=2, final=True)
    second.leave()


def test_a_call_that_another_process_took_writes_no_more(practice: Practice) -> None:
    browser, line = practice.begin()
    practice.change(lambda attempt: lifecycle.take(attempt.id))
    line.hear("You were late.")
    assert browser.wait_for("ended")["reason"] == "taken_over"
    assert len(practice.turns()) == 1
    line.wait_until_closed()


def test_a_call_whose_attempt_was_ended_elsewhere_stops(practice: Practice) -> None:
    browser, line = practice.begin()
    practice.change(lambda attempt: lifecycle.complete(attempt, reason=EndReason.LEARNER))
    assert browser.wait_for("ended")["reason"] == "learner"
    line.wait_until_closed()


def test_an_attempt_that_is_over_is_not_opened_again(practice: Practice) -> None:
    ticket = practice.ticket()
    practice.change(lambda attempt: lifecycle.complete(attempt, reason=EndReason.LEARNER))
    from tests.relay.browser import TestBrowser  # noqa: PLC0415

    browser = TestBrowser(practice.url(ticket))
    assert browser.wait_for("ended")["reason"] == "learner"


def test_events_that_come_twice_count_once(practice: Practice) -> None:
    browser, line = practice.begin()
    item = line.start_speech()
    line.stop_speech(item)
    for _ in range(2):
        line.transcribe(item, "You were late.")
    response, reply = line.begin_answer()
    line.add_item(reply, "assistant")
    line.speak(response, reply, "Yes.", 100)
    for _ in range(2):
        line.end_answer(response, reply, "Yes.")
    browser.wait_for("caption", turn=3, final=True)
    assert [text for _, _, text, _ in practice.told()] == ["You wanted to see me?", "You were late.", "Yes."]
    browser.leave()


def test_a_call_queues_for_an_engine_that_is_full(practice: Practice) -> None:
    practice.engine.busy = 5
    browser = practice.open()
    began = practice.attempt()
    assert browser.wait_for("warn")["code"] == "engine_busy"
    practice.engine.line().answer("You wanted to see me?")
    browser.wait_for("caption", turn=1, final=True)
    assert len(browser.of_kind("warn")) == 1
    connected = practice.attempt()
    assert connected.started_at > began.started_at
    assert connected.ends_at - connected.started_at == began.ends_at - began.started_at
    browser.leave()
