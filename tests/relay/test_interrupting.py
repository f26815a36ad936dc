"""Barge-in: playback stops at once, and the transcript and the engine keep what was heard."""

import time

import pytest

from tests.relay.browser import TestBrowser
from tests.relay.conftest import Practice
from tests.relay.upstream import EngineLine

REPLY = "One two three four five six seven eight nine ten"


def start_reply(practice: Practice, *, done: bool) -> tuple[TestBrowser, EngineLine, str]:
    """The persona is in the middle of ten words that take five seconds."""
    browser, line = practice.begin()
    response, item = line.begin_answer()
    line.speak(response, item, REPLY, 5000)
    if done:
        line.end_answer(response, item, REPLY)
        browser.wait_for("caption", turn=2, final=True)
    browser.wait_for_sound(item, 5000)
    return browser, line, item


def response_of(item: str) -> str:
    """The fake engine numbers an answer just before its item."""
    _, line, number = item.split("_")
    return f"resp_{line}_{int(number) - 1}"


def interrupt(browser: TestBrowser, line: EngineLine, item: str, played_ms: int) -> str:
    learner = line.start_speech()
    assert browser.wait_for("flush")["item"] == item
    browser.send("played", item=item, ms=played_ms)
    return learner


def test_the_browser_is_told_to_stop_and_the_engine_what_was_heard(practice: Practice) -> None:
    browser, line, item = start_reply(practice, done=True)
    interrupt(browser, line, item, 1550)
    truncate = line.wait_for("conversation.item.truncate")
    assert (truncate["item_id"], truncate["content_index"], truncate["audio_end_ms"]) == (item, 0, 1550)
    browser.leave()


@pytest.mark.parametrize("done", [True, False], ids=["all generated", "still generating"])
def test_the_stored_turn_is_what_was_heard(practice: Practice, done: bool) -> None:
    browser, line, item = start_reply(practice, done=done)
    learner = interrupt(browser, line, item, 2500)
    line.wait_for("conversation.item.truncate" if done else "input_audio_buffer.append") if done else None
    if not done:
        line.end_answer(response_of(item), item, REPLY, status="cancelled")
    line.stop_speech(learner)
    line.transcribe(learner, "Wait, may I?")
    browser.wait_for("caption", turn=3, final=True)
    assert practice.told()[1:] == [
        (2, "persona", "One two three four five", "interrupted"),
        (3, "learner", "Wait, may I?", "heard"),
    ]
    assert browser.captions()[2] == ("persona", "One two three four five")
    browser.leave()


def test_a_browser_that_counts_more_than_it_got_does_not_cut_behind_the_end(practice: Practice) -> None:
    browser, line, item = start_reply(practice, done=False)
    interrupt(browser, line, item, 9999)
    line.end_answer(response_of(item), item, REPLY, status="cancelled")
    assert line.wait_for("conversation.item.truncate")["audio_end_ms"] == 5000
    browser.leave()


def test_a_persona_of_which_nothing_was_heard_has_said_nothing(practice: Practice) -> None:
    browser, line, item = start_reply(practice, done=True)
    learner = interrupt(browser, line, item, 0)
    assert line.wait_for("conversation.item.delete")["item_id"] == item
    line.stop_speech(learner)
    line.transcribe(learner, "One moment.")
    browser.wait_for("caption", turn=2, speaker="learner", final=True)
    assert practice.told()[1:] == [(2, "learner", "One moment.", "heard")]
    assert not line.of_kind("conversation.item.truncate")
    browser.leave()


def test_a_browser_that_does_not_answer_is_not_waited_for(practice: Practice) -> None:
    browser, line, item = start_reply(practice, done=True)
    time.sleep(0.6)
    line.start_speech()
    browser.wait_for("flush")
    cut = line.wait_for("conversation.item.truncate")
    assert cut["item_id"] == item
    assert 0 < cut["audio_end_ms"] < 2000
    browser.leave()


def test_sound_that_still_comes_for_a_flushed_item_is_not_played(practice: Practice) -> None:
    browser, line, item = start_reply(practice, done=False)
    interrupt(browser, line, item, 1000)
    line.speak(response_of(item), item, " eleven", 300)
    line.end_answer(response_of(item), item, REPLY, status="cancelled")
    after = line.answer("As I was saying.", 100)
    browser.wait_for_sound(after, 100)
    assert len(browser.sound[item]) == 5000 * 48
    browser.leave()


def test_nothing_is_flushed_when_the_persona_was_heard_to_its_end(practice: Practice) -> None:
    browser, line = practice.begin()
    line.hear("You were late.")
    browser.wait_for("caption", turn=2, final=True)
    assert not browser.of_kind("flush")
    browser.leave()


def test_pressing_to_talk_takes_the_floor(practice: Practice) -> None:
    browser, line, item = start_reply(practice, done=False)
    browser.send("talk", down=True)
    assert browser.wait_for("flush")["item"] == item
    browser.send("played", item=item, ms=1000)
    line.wait_for("response.cancel")
    line.end_answer(response_of(item), item, REPLY, status="cancelled")
    browser.wait_for("caption", turn=2, final=True)
    assert practice.told()[1] == (2, "persona", "One two", "interrupted")
    browser.leave()
