"""A spoken conversation over the call's socket: sound both ways, captions, and turns that are stored in order."""

import json

from roleplay.attempts.models import AttemptStatus, EndReason, UsageEntry
from tenants.db import db
from tests.practice import as_member
from tests.relay.browser import FRAME
from tests.relay.conftest import Practice


def test_the_browser_is_greeted_with_the_clock_and_the_engine(practice: Practice) -> None:
    browser, _ = practice.begin()
    hello = browser.of_kind("hello")[0]
    assert hello["attempt"] == str(practice.attempt_id)
    assert 295_000 < hello["remaining_ms"] <= 300_000
    assert (hello["epoch"], hello["mode"], hello["engine"]) == (1, "voice", "Practice engine")
    browser.leave()


def test_the_persona_begins_and_its_opening_is_stored(practice: Practice) -> None:
    browser, _ = practice.begin("You wanted to see me?")
    assert browser.captions() == {1: ("persona", "You wanted to see me?")}
    assert practice.told() == [(1, "persona", "You wanted to see me?", "heard")]
    browser.leave()


def test_the_engine_is_given_the_briefing(practice: Practice) -> None:
    browser, line = practice.begin()
    session = line.of_kind("session.update")[0]["session"]
    assert "You are Martin Keller" in session["instructions"]
    assert session["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 500
    browser.leave()


def test_an_engine_that_plays_scenarios_is_given_the_scenario(practice: Practice) -> None:
    practice.engine.plays_scenario = True
    browser, line = practice.begin()
    session = line.of_kind("session.update")[0]["session"]
    assert "instructions" not in session
    assert json.loads(session["prompt"]["variables"]["scenario"])["persona"]["name"] == "Martin Keller"
    browser.leave()


def test_sound_passes_unchanged_in_both_directions(practice: Practice) -> None:
    browser, line = practice.begin()
    frames = [bytes([number]) * 1920 for number in range(1, 30)]
    for frame in frames:
        browser.speak(frame=frame)
    line.wait_until_heard(len(frames) * 1920)
    assert line.heard == b"".join(frames)
    item = line.answer("And?", 300)
    browser.wait_for_sound(item, 300)
    assert browser.sound[item] == b"\x01\x02" * 2400 * 3
    browser.leave()


def test_every_message_has_the_next_number(practice: Practice) -> None:
    browser, line = practice.begin()
    line.hear("You were late.")
    browser.wait_for("caption", turn=2, final=True)
    numbers = [message["seq"] for message in browser.messages]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    browser.leave()


def test_states_follow_who_has_the_floor(practice: Practice) -> None:
    browser, line = practice.begin()
    item = line.start_speech()
    browser.speak()
    line.stop_speech(item)
    browser.wait_for("state", state="thinking")
    line.transcribe(item, "You were late.")
    line.answer("By two weeks, yes.", 200)
    browser.wait_for("state", state="speaking")
    browser.wait_for("state", state="listening")
    assert [m["state"] for m in browser.of_kind("state")][:4] == ["connecting", "thinking", "speaking", "listening"]
    browser.leave()


def test_a_learner_transcribed_after_the_answer_still_comes_before_it(practice: Practice) -> None:
    browser, line = practice.begin()
    item = line.start_speech()
    line.stop_speech(item)
    line.answer("By two weeks, yes.")
    browser.wait_for("caption", speaker="persona", text="By two weeks, yes.", final=False)
    assert len(practice.turns()) == 1
    line.transcribe(item, "You were late.")
    browser.wait_for("caption", turn=3, final=True)
    assert [(number, text) for number, _, text, _ in practice.told()] == [
        (1, "You wanted to see me?"),
        (2, "You were late."),
        (3, "By two weeks, yes."),
    ]
    browser.leave()


def test_speech_that_could_not_be_transcribed_is_stored_as_such(practice: Practice) -> None:
    browser, line = practice.begin()
    item = line.start_speech()
    line.stop_speech(item)
    line.send(
        "conversation.item.input_audio_transcription.failed", item_id=item, error={"code": "audio_unintelligible"}
    )
    assert browser.wait_for("warn")["code"] == "not_heard"
    browser.send("end")
    browser.wait_for("ended")
    assert practice.told()[1:] == [(2, "learner", "", "not_transcribed")]


def test_a_noise_is_no_turn(practice: Practice) -> None:
    browser, line = practice.begin()
    item = line.start_speech()
    line.stop_speech(item, 300)
    line.transcribe(item, "")
    line.hear("Sorry, I coughed.")
    browser.wait_for("caption", turn=2, text="Sorry, I coughed.", final=True)
    browser.leave()


def test_a_silence_that_the_persona_breaks_is_no_turn_of_the_learner(practice: Practice) -> None:
    browser, line = practice.begin()
    line.send("input_audio_buffer.timeout_triggered", item_id="silence_1", audio_start_ms=0, audio_end_ms=15_000)
    line.commit("silence_1")
    line.transcribe("silence_1", "")
    line.answer("Are you still there?")
    browser.wait_for("caption", turn=2, final=True)
    assert [speaker for _, speaker, _, _ in practice.told()] == ["persona", "persona"]
    browser.leave()


def test_the_state_of_the_persona_is_kept_with_its_turn(practice: Practice) -> None:
    browser, line = practice.begin()
    line.answer("Fine.", metadata={"openness": "40", "patience": "75"})
    browser.wait_for("caption", turn=2, final=True)
    assert practice.turns()[1].persona_state == {"openness": 40, "patience": 75}
    browser.leave()


def test_costs_are_entered_exactly(practice: Practice) -> None:
    browser, line = practice.begin()
    line.hear("You were late.")
    browser.wait_for("caption", turn=2, final=True)
    browser.leave()
    with as_member(practice.app, practice.learner):
        entries = {entry.kind: entry for entry in db.session.query(UsageEntry)}
    answer, hearing = entries["answer"], entries["hearing"]
    assert (answer.text_in, answer.audio_in, answer.cached_in) == (40, 60, 32)
    assert (answer.text_out, answer.audio_out, answer.engine) == (10, 40, "Practice engine")
    assert hearing.audio_ms == 1200


def test_a_learner_ends_the_conversation(practice: Practice) -> None:
    browser, _ = practice.begin()
    browser.send("end")
    assert browser.wait_for("ended")["reason"] == "learner"
    assert browser.wait_until_closed() == 1000
    attempt = practice.attempt()
    assert (attempt.status, attempt.end_reason) == (AttemptStatus.ENDED, EndReason.LEARNER)


def test_the_end_waits_for_the_last_words(practice: Practice) -> None:
    browser, line = practice.begin()
    reply = line.answer("Take your time.", 1000)
    browser.wait_for_sound(reply, 1000)
    item = line.start_speech()
    browser.wait_for("flush")
    browser.send("played", item=reply, ms=1000)
    browser.send("end")
    line.wait_for("input_audio_buffer.commit")
    line.commit(item)
    line.transcribe(item, "Then we agree. Goodbye.")
    browser.wait_for("ended")
    assert practice.told()[2:] == [(3, "learner", "Then we agree. Goodbye.", "heard")]


def test_the_persona_ends_the_conversation_once_its_goodbye_was_played(practice: Practice) -> None:
    browser, line = practice.begin()
    line.answer("I have another meeting. Goodbye.", 300, metadata={"ends_call": "true"})
    assert browser.wait_for("ended")["reason"] == "persona"
    assert practice.attempt().end_reason == EndReason.PERSONA
    assert practice.told()[-1][2:] == ("I have another meeting. Goodbye.", "heard")


def test_openai_ends_the_conversation_by_its_tool(practice: Practice) -> None:
    browser, line = practice.begin()
    assert line.of_kind("session.update")[0]["session"]["tools"][0]["name"] == "end_conversation"
    response, item = line.begin_answer()
    line.speak(response, item, "Goodbye.", 100)
    output = [
        {"id": item, "type": "message", "role": "assistant"},
        {"id": "f1", "type": "function_call", "name": "end_conversation"},
    ]
    line.end_answer(response, item, "Goodbye.", output=output)
    assert browser.wait_for("ended")["reason"] == "persona"


def test_a_muted_learner_sends_silence(practice: Practice) -> None:
    browser, line = practice.begin()
    cid = browser.send("mute", on=True)
    browser.wait_for("ack", cid=cid)
    browser.speak(3)
    line.wait_until_heard(3 * len(FRAME))
    assert line.heard == bytes(3 * len(FRAME))
    browser.leave()


def test_the_learners_patience_reaches_the_engine(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.send("tune", patience_ms=900)
    update = line.wait_for("session.update")["session"]
    assert update["audio"]["input"]["turn_detection"]["silence_duration_ms"] == 900
    browser.leave()


def test_push_to_talk_takes_a_turn_from_button_to_button(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.speak(2)
    line.wait_until_heard(2 * len(FRAME))
    browser.send("talk", down=True)
    assert line.wait_for("session.update")["session"]["audio"]["input"]["turn_detection"] is None
    line.wait_for("input_audio_buffer.clear")
    browser.speak(5)
    browser.send("talk", down=False)
    line.wait_for("input_audio_buffer.commit")
    line.wait_for("response.create")
    line.commit("ptt_1")
    line.transcribe("ptt_1", "You were late.")
    browser.wait_for("caption", turn=2, text="You were late.", final=True)
    cid = browser.send("mute", on=False)
    browser.speak(3)
    browser.wait_for("ack", cid=cid)
    assert len(line.heard) == 7 * len(FRAME), "between two presses nobody is heard"
    browser.leave()


def test_a_press_too_short_to_hold_a_word_is_no_turn(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.send("talk", down=True)
    browser.speak(1)
    browser.wait_for("ack", cid=browser.send("talk", down=False))
    assert not line.of_kind("input_audio_buffer.commit")
    browser.leave()
