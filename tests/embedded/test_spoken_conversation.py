"""A whole conversation by voice over the wire. Every event is held against the vendor's types by the client."""

import base64

import numpy as np
import pytest

from roleplay.embedded.audio import Downsampler, samples_of
from roleplay.embedded.machinery import Machinery
from tests.audio.speech import beckett, espeak, flite, silence
from tests.embedded.realtime import (
    PUSH_TO_TALK,
    Client,
    Persona,
    client,
    engine_on_a_thread,
    heard_by,
    in_audio,
    words_of,
)

QUESTION = "Can we talk about the delivery of last month?"


def sound_of(call: Client, response: dict[str, object]) -> np.ndarray:
    deltas = (
        event["delta"]
        for event in call.events
        if event["type"] == "response.output_audio.delta" and event["response_id"] == response["id"]
    )
    return samples_of(b"".join(map(base64.b64decode, deltas)))


def test_the_persona_opens_and_its_voice_says_the_opening(call: Client, machinery: Machinery) -> None:
    call.begin()
    call.send("response.create")
    opening = call.reply()
    assert words_of(opening) == "Hello. This is Dana. What can I do for you today?"
    assert opening["metadata"] == {"openness": "40", "patience": "60"}
    heard = machinery.transcribe(Downsampler().feed(sound_of(call, opening))).result()
    assert "what can i do for you today" in heard.text.lower()


def test_a_spoken_turn_is_told_step_by_step_and_answered(call: Client) -> None:
    call.begin(**in_audio())
    call.say(np.concatenate([silence(0.5), flite(QUESTION), silence(1)]))
    answer = call.reply()
    assert "talk about the delivery of last month" in words_of(answer)
    expected = [
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
        "input_audio_buffer.committed",
        "conversation.item.added",
        "conversation.item.done",
        "conversation.item.input_audio_transcription.delta",
        "conversation.item.input_audio_transcription.completed",
        "response.output_item.added",
        "conversation.item.added",
        "response.content_part.added",
        "response.output_audio_transcript.delta",
        "response.output_audio.delta",
        "response.output_audio.done",
        "response.output_audio_transcript.done",
        "response.content_part.done",
        "conversation.item.done",
        "response.output_item.done",
        "response.done",
    ]
    told = iter(call.kinds)
    assert all(kind in told for kind in expected), call.kinds
    assert answer["usage"]["input_token_details"]["audio_tokens"] > 20
    assert answer["usage"]["output_token_details"]["audio_tokens"] > 50


def test_the_first_word_is_not_clipped_even_when_speech_begins_with_the_sound(call: Client) -> None:
    call.begin(**in_audio())
    call.say(np.concatenate([silence(0.2), beckett(), silence(1)]))
    assert heard_by(call).lower().startswith("ever tried")


def test_push_to_talk_waits_for_the_client(call: Client) -> None:
    call.begin(**PUSH_TO_TALK)
    call.say(espeak(QUESTION))
    call.send("input_audio_buffer.commit")
    call.send("response.create")
    assert words_of(call.reply()).startswith("You said:")
    assert "input_audio_buffer.speech_started" not in call.kinds


def test_a_noise_is_no_turn_and_nobody_answers_it(call: Client) -> None:
    call.begin(**in_audio())
    noise = np.random.default_rng(1).normal(0, 0.1, 12_000).astype(np.float32)
    call.say(np.concatenate([silence(0.5), noise, silence(1), flite("Good morning."), silence(1)]))
    assert "good morning" in words_of(call.reply()).lower().replace("-", " ")
    assert call.kinds.count("input_audio_buffer.committed") <= 2
    assert call.kinds.count("response.created") == 1


def test_without_create_response_the_client_decides(call: Client) -> None:
    call.begin(**in_audio(create_response=False))
    call.say(np.concatenate([flite(QUESTION), silence(1)]))
    assert "talk about the delivery of last month" in heard_by(call)
    assert "response.created" not in call.kinds
    call.send("response.create")
    assert words_of(call.reply()).startswith("You said:")


def test_two_turns_that_come_faster_than_an_answer_are_answered_together(call: Client) -> None:
    call.begin(**in_audio())
    call.say(np.concatenate([flite("Good evening."), silence(0.7), flite("How are you today?"), silence(1)]))
    answer = words_of(call.reply()).lower()
    assert "evening" in answer
    assert "how are you today" in answer


class TestInterrupting:
    @pytest.fixture
    def talking(self, machinery: Machinery) -> object:
        """A call in which the persona is in the middle of its opening."""
        with engine_on_a_thread(machinery, Persona, lead_ms=500) as port, client(port) as call:
            call.until("session.created")
            call.begin(**in_audio())
            call.send("response.create")
            call.until("response.output_audio.delta")
            yield call

    def test_speech_cancels_the_response_and_the_persona_knows_what_was_heard(self, talking: Client) -> None:
        talking.say(np.concatenate([flite("Sorry, one question about the price."), silence(1)]))
        cut = talking.reply()
        assert cut["status"] == "cancelled"
        assert cut["status_details"]["reason"] == "turn_detected"
        assert cut["output"][0]["status"] == "incomplete"
        answer = talking.reply()
        assert "Cut after '" in words_of(answer)
        assert "question about the price" in words_of(answer)

    def test_the_client_says_precisely_how_much_was_played(self, talking: Client) -> None:
        item = next(event["item_id"] for event in talking.events if event["type"] == "response.output_audio.delta")
        talking.send("response.cancel")
        cancelled = talking.reply()
        assert cancelled["status_details"] == {"type": "cancelled", "reason": "client_cancelled", "error": None}
        talking.send("conversation.item.truncate", item_id=item, content_index=0, audio_end_ms=300)
        assert talking.until("conversation.item.truncated")["audio_end_ms"] == 300
        talking.send("conversation.item.retrieve", item_id=item)
        retrieved = talking.until("conversation.item.retrieved")["item"]
        assert len(retrieved["content"][0]["transcript"]) < len("Hello. This is Dana.")

    def test_after_a_listeners_noise_the_persona_takes_up_what_it_was_saying(self, talking: Client) -> None:
        talking.say(np.concatenate([flite("Yeah."), silence(1)]))
        assert talking.reply()["status"] == "cancelled"
        assert words_of(talking.reply()).endswith("What can I do for you today?")

    def test_without_interrupt_response_the_persona_finishes(self, talking: Client) -> None:
        talking.send("session.update", session={"type": "realtime", **in_audio(interrupt_response=False)})
        talking.say(np.concatenate([flite("One question about the price."), silence(1)]))
        assert talking.reply()["status"] == "completed"
        assert "about the price" in words_of(talking.reply())


def test_silence_makes_the_persona_speak(call: Client) -> None:
    call.begin(**in_audio(idle_timeout_ms=3_000))
    call.send("response.create")
    call.reply()
    while "input_audio_buffer.timeout_triggered" not in call.kinds:
        call.say(silence(0.5), frame=48_000)
        call.send("input_audio_buffer.commit", event_id="are we there?")
        call.receive()
    assert words_of(call.reply()) == "Are you still there?"
    (triggered,) = (event for event in call.events if event["type"] == "input_audio_buffer.timeout_triggered")
    assert triggered["audio_end_ms"] - triggered["audio_start_ms"] == pytest.approx(3_000, abs=32)
    (committed,) = (event for event in call.events if event["type"] == "input_audio_buffer.committed")
    assert committed["item_id"] == triggered["item_id"]
