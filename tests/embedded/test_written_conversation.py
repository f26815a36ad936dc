"""The protocol where no ear is needed: writing, items, notes of the time, and everything a client can get wrong."""

import pytest

from tests.audio.speech import silence
from tests.embedded.realtime import PUSH_TO_TALK, WRITTEN, Client, words_of


def test_a_conversation_in_writing(call: Client) -> None:
    assert call.begin(**WRITTEN)["output_modalities"] == ["text"]
    call.send("response.create")
    assert words_of(call.reply()) == "Hello. This is Dana. What can I do for you today?"
    call.write("I want to talk about money.")
    call.send("response.create")
    assert words_of(call.reply()) == "You said: I want to talk about money. I see. That is a long story."
    assert "response.output_text.delta" in call.kinds
    assert "response.output_audio.delta" not in call.kinds


def test_one_response_may_be_in_writing_while_the_session_speaks(call: Client) -> None:
    call.begin(**PUSH_TO_TALK)
    call.send("response.create", response={"output_modalities": ["text"], "metadata": {"asked": "once"}})
    response = call.reply()
    assert response["output"][0]["content"][0]["type"] == "output_text"
    assert response["metadata"]["asked"] == "once"


def test_a_response_that_uses_up_its_tokens_is_incomplete(call: Client) -> None:
    call.begin(**PUSH_TO_TALK)
    call.send("response.create", response={"max_output_tokens": 30})
    response = call.reply()
    assert response["status"] == "incomplete"
    assert response["status_details"]["reason"] == "max_output_tokens"


def test_in_french_voice_is_refused_once_and_writing_works(call: Client) -> None:
    assert call.begin(language="fr")["output_modalities"] == ["text"]
    call.say(silence(0.2))
    assert call.error()["code"] == "unsupported_language"
    call.write("Bonjour.")
    call.send("response.create")
    assert words_of(call.reply()).startswith("You said: Bonjour.")
    assert call.kinds.count("error") == 1


def test_a_call_that_goes_on_is_not_greeted_again(call: Client) -> None:
    call.begin(history=[("persona", "Hello."), ("learner", "Good morning.")], **WRITTEN)
    call.send("response.create")
    assert words_of(call.reply()).startswith("We had 1 turns. You said: Good morning.")


def test_words_that_found_no_answer_are_told_and_answered_with_the_next(call: Client) -> None:
    call.begin(**WRITTEN)
    call.write("The line is engaged.")
    call.send("response.create")
    error = call.error()
    assert (error["type"], error["code"]) == ("server_error", "dialogue_timeout")
    assert call.reply()["status"] == "failed"
    call.write("Can you hear me?")
    call.send("response.create")
    assert words_of(call.reply()).startswith("You said: The line is engaged. Can you hear me?")


def test_a_note_of_the_time_is_acted_on_without_being_asked(call: Client) -> None:
    call.begin(**WRITTEN)
    call.note("[[time: 120 seconds left]]")
    call.note("[[time: 30 seconds left]]")
    assert words_of(call.reply()) == "I have to go now."
    call.note("[[time: over]]")
    farewell = call.reply()
    assert farewell["metadata"]["ends_call"] == "true"


def test_other_system_messages_are_kept_and_mean_nothing(call: Client) -> None:
    call.begin(**WRITTEN)
    call.note("Be kind. [[time: over]] perhaps.")
    call.write("Hello.")
    call.send("response.create")
    assert words_of(call.reply()).startswith("You said: Hello.")


def test_items_come_back_as_they_are_and_go_when_deleted(call: Client) -> None:
    call.begin(**WRITTEN)
    call.write("Remember this.")
    item = call.until("conversation.item.added")["item"]
    call.send("conversation.item.retrieve", item_id=item["id"])
    assert call.until("conversation.item.retrieved")["item"] == item
    call.send("conversation.item.delete", item_id=item["id"])
    assert call.until("conversation.item.deleted")["item_id"] == item["id"]
    call.send("conversation.item.retrieve", item_id=item["id"])
    assert call.error()["code"] == "item_retrieve_invalid_item_id"


def test_words_put_into_the_personas_mouth_answer_what_went_before(call: Client) -> None:
    call.begin(**WRITTEN)
    call.write("Old question.")
    said = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "Old answer."}]}
    call.send("conversation.item.create", item=said)
    call.write("New question.")
    call.send("response.create")
    assert words_of(call.reply()).startswith("You said: New question.")


def test_a_mind_that_breaks_fails_the_response_and_not_the_call(call: Client) -> None:
    call.begin(**WRITTEN)
    call.write("Please break.")
    call.send("response.create")
    failed = call.reply()
    assert failed["status"] == "failed"
    assert failed["status_details"]["error"]["code"] == "dialogue_failed"
    call.write("Hello again.")
    call.send("response.create")
    assert "Hello again." in words_of(call.reply())


def test_a_response_without_a_scenario_fails_with_the_reason(call: Client) -> None:
    call.send("response.create")
    assert call.reply()["status_details"]["error"]["code"] == "scenario_missing"


def test_only_one_response_at_a_time(call: Client) -> None:
    call.begin(**PUSH_TO_TALK)
    call.send("response.create")
    call.until("response.created")
    call.send("response.create")
    assert call.error()["code"] == "conversation_already_has_active_response"


def test_truncating_past_the_sound_is_refused_in_the_vendors_words(call: Client) -> None:
    call.begin(**PUSH_TO_TALK)
    call.send("response.create")
    (item,) = call.reply()["output"]
    call.send("conversation.item.truncate", item_id=item["id"], content_index=0, audio_end_ms=600_000)
    error = call.error()
    assert error["code"] == "invalid_value"
    assert "is already shorter than 600000ms" in error["message"]


@pytest.mark.parametrize(
    ("kind", "fields", "code", "param"),
    [
        ("response.cancel", {}, "response_cancel_not_active", None),
        ("input_audio_buffer.commit", {}, "input_audio_buffer_commit_empty", None),
        ("input_audio_buffer.append", {"audio": "%"}, "invalid_value", "audio"),
        ("input_audio_buffer.append", {}, "missing_required_parameter", "audio"),
        ("conversation.item.truncate", {"item_id": "x", "audio_end_ms": 1}, "item_truncate_invalid_item_id", "item_id"),
        ("conversation.item.delete", {"item_id": "x"}, "item_delete_invalid_item_id", "item_id"),
        ("conversation.item.create", {"item": {"type": "function_call", "content": []}}, "invalid_value", "item"),
        ("session.update", {"session": {"type": "nonsense"}}, "invalid_value", "session.type"),
        ("session.update", {"session": 3}, "invalid_type", "session"),
        ("response.create", {"response": {"max_output_tokens": 0}}, "invalid_value", None),
        ("make.coffee", {}, "invalid_value", "type"),
    ],
)
def test_a_mistake_is_told_with_its_code_and_the_event_it_was_in(
    call: Client, kind: str, fields: dict[str, object], code: str, param: str | None
) -> None:
    call.send(kind, event_id="mine", **fields)
    error = call.error()
    assert (error["code"], error["event_id"]) == (code, "mine")
    assert param is None or error["param"] == param


@pytest.mark.parametrize("nonsense", ["{", "[]", "7", "{}"])
def test_what_is_no_event_is_an_error_and_the_call_goes_on(call: Client, nonsense: str) -> None:
    call.socket.send(nonsense)
    assert call.error()["type"] == "invalid_request_error"
    call.send("input_audio_buffer.clear")
    call.until("input_audio_buffer.cleared")
