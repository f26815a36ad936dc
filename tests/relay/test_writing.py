"""The same conversation by text: an equal path, and the way on when the engine cannot speak the language."""

from roleplay.attempts import lifecycle
from roleplay.attempts.models import Mode
from tests.relay.conftest import Practice
from tests.relay.upstream import EngineLine


def write_answer(line: EngineLine, text: str) -> None:
    response, item = line.begin_answer()
    part = {"response_id": response, "item_id": item, "output_index": 0, "content_index": 0}
    line.send("response.output_text.delta", **part, delta=text)
    line.send("response.output_text.done", **part, text=text)
    done = {"id": response, "status": "completed", "output": [{"id": item, "type": "message"}], "usage": None}
    line.send("response.done", response=done)


def test_a_conversation_in_writing(writing: Practice) -> None:
    browser = writing.open()
    line = writing.engine.line()
    assert line.of_kind("session.update")[0]["session"]["output_modalities"] == ["text"]
    line.wait_for("response.create")
    write_answer(line, "You wanted to see me?")
    browser.wait_for("caption", turn=1, final=True)
    cid = browser.send("text", text="You were late.")
    item = line.wait_for("conversation.item.create")["item"]
    assert item["content"] == [{"type": "input_text", "text": "You were late."}]
    line.wait_for("response.create")
    browser.wait_for("ack", cid=cid)
    write_answer(line, "By two weeks, yes.")
    browser.wait_for("caption", turn=3, final=True)
    assert [text for _, _, text, _ in writing.told()] == [
        "You wanted to see me?",
        "You were late.",
        "By two weeks, yes.",
    ]
    browser.leave()


def test_a_typed_turn_is_stored_when_it_is_acknowledged(practice: Practice) -> None:
    browser, _ = practice.begin()
    browser.wait_for("ack", cid=browser.send("text", text="You were late."))
    assert practice.told()[1] == (2, "learner", "You were late.", "heard")
    browser.leave()


def test_a_typed_turn_sent_again_after_a_reconnection_is_one_turn(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.wait_for("ack", cid=browser.send("text", cid="mine-1", text="You were late."))
    browser.vanish()
    again = practice.open()
    again.wait_for("ack", cid=again.send("text", cid="mine-1", text="You were late."))
    assert len(practice.turns()) == 2
    assert len(line.of_kind("conversation.item.create")) == 1
    again.leave()


def test_what_is_typed_before_the_line_is_open_is_not_lost(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.vanish()
    line.wait_until_closed()
    again = practice.open()
    cid = again.send("text", text="Are you there?")
    new = practice.engine.line()
    new.wait_for("response.create")
    again.wait_for("ack", cid=cid)
    texts = [message["item"]["content"][0]["text"] for message in new.of_kind("conversation.item.create")]
    assert texts.count("Are you there?") == 1
    again.leave()


def test_typing_while_the_persona_answers_waits_for_the_cancelled_answer(practice: Practice) -> None:
    browser, line = practice.begin()
    response, item = line.begin_answer()
    line.speak(response, item, "Well, you see", 200)
    browser.wait_for_sound(item, 200)
    browser.send("text", text="Stop. Listen.")
    browser.send("played", item=item, ms=0)
    line.wait_for("response.cancel")
    line.end_answer(response, item, "Well, you see", status="cancelled")
    line.wait_for("response.create")
    assert len(line.of_kind("response.create")) == 2
    browser.leave()


def test_an_engine_that_cannot_speak_the_language_goes_on_in_writing(practice: Practice) -> None:
    practice.engine.modality = "text"
    browser = practice.open()
    line = practice.engine.line()
    assert browser.wait_for("warn")["code"] == "text_only"
    line.wait_for("response.create")
    write_answer(line, "You wanted to see me?")
    browser.wait_for("caption", turn=1, final=True)
    browser.leave()


def test_a_spoken_conversation_goes_on_by_text(practice: Practice) -> None:
    browser, line = practice.begin()
    browser.vanish()
    practice.engine.modality = "text"
    practice.change(lambda attempt: lifecycle.continue_in(attempt, Mode.TEXT))
    again = practice.open()
    line.wait_until_closed()
    new = practice.engine.line()
    assert new.of_kind("session.update")[0]["session"]["output_modalities"] == ["text"]
    again.send("text", text="You were late.")
    new.wait_for("response.create")
    write_answer(new, "By two weeks, yes.")
    again.wait_for("caption", turn=3, final=True)
    assert again.of_kind("hello")[0]["mode"] == "text"
    again.leave()
