"""The room's page against a fake relay: what goes over the wire, and what a person sees of it."""

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.room.conftest import WHISTLE_HZ
from tests.browser.room.fake_relay import RATE, FakeRelay


def start_talking(page: Page, relay: FakeRelay) -> None:
    page.goto("/voice")
    page.get_by_role("button", name="Use my microphone").click()
    expect(page.get_by_text("We hear you well.")).to_be_visible()
    page.get_by_role("button", name="Start the conversation").click()
    expect(page.locator("#room")).to_have_attribute("data-state", "listening")
    relay.wait_until(lambda: relay.frames)


def test_the_microphone_goes_out_in_40_ms_frames_at_its_own_pitch(page: Page, relay: FakeRelay) -> None:
    start_talking(page, relay)
    relay.wait_until(lambda: len(relay.frames) > 75)
    assert {len(frame) for frame in relay.frames} == {1920}
    samples = np.frombuffer(b"".join(relay.frames[25:75]), "<i2")
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    assert spectrum.argmax() * RATE / len(samples) == pytest.approx(WHISTLE_HZ, abs=1)


def test_an_item_that_is_played_to_its_end_is_reported_in_full(page: Page, relay: FakeRelay) -> None:
    start_talking(page, relay)
    relay.speak("item_1", 440, 0.6)
    relay.wait_until(lambda: relay.heard("played"))
    assert relay.heard("played")[-1]["item"] == "item_1"
    assert relay.heard("played")[-1]["ms"] == 600
    assert float(page.locator("#room").get_attribute("data-peak") or 0) > 0.3


def test_a_flush_silences_the_persona_and_tells_how_much_was_heard(page: Page, relay: FakeRelay) -> None:
    start_talking(page, relay)
    relay.speak("item_1", 440, 5)
    expect(page.locator("#room")).to_have_attribute("data-state", "speaking")
    already = len(relay.frames)
    relay.wait_until(lambda: len(relay.frames) >= already + 20)
    relay.say("flush", item="item_1")
    relay.wait_until(lambda: relay.heard("played"))
    assert 500 < relay.heard("played")[-1]["ms"] < 2500
    expect(page.locator("#room")).to_have_attribute("data-state", "listening")


def test_a_closed_microphone_sends_silence(page: Page, relay: FakeRelay) -> None:
    start_talking(page, relay)
    page.get_by_role("button", name="Mute").click()
    relay.wait_until(lambda: relay.heard("mute"))
    already = len(relay.frames)
    relay.wait_until(lambda: len(relay.frames) > already + 10)
    assert not any(relay.frames[-1])


def test_a_lost_connection_comes_back_by_itself_and_resumes(page: Page, relay: FakeRelay) -> None:
    start_talking(page, relay)
    relay.drop()
    expect(page.get_by_role("alert").get_by_text("Connection lost")).to_be_visible()
    relay.wait_until(lambda: len(relay.arrivals) == 2)
    assert relay.arrivals[1]["resume"] == "1"
    expect(page.get_by_role("alert").get_by_text("Connection lost")).to_have_count(0)
    expect(page.locator("#room")).to_have_attribute("data-state", "listening")


def test_ending_is_asked_about_and_keep_talking_is_the_easy_answer(page: Page, relay: FakeRelay) -> None:
    start_talking(page, relay)
    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_role("button", name="Keep talking")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="End", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Yes, end").click()
    relay.wait_until(lambda: relay.heard("end"))
    relay.say("ended", reason="learner")
    expect(page.get_by_role("heading", name="The conversation is over")).to_be_focused()
    page.get_by_role("link", name="Go to the debrief").click()
    page.wait_for_url("**/debrief")


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("NotAllowedError", "does not let this page use the microphone"),
        ("NotFoundError", "No microphone was found"),
        ("NotReadableError", "Another program holds the microphone"),
        ("OverconstrainedError", "no longer there"),
    ],
)
def test_each_microphone_error_has_its_sentence_and_a_way_out(
    page: Page, relay: FakeRelay, error: str, sentence: str
) -> None:
    refusal = f"Object.assign(new Error('no'), {{ name: '{error}' }})"
    page.add_init_script(f"navigator.mediaDevices.getUserMedia = async () => {{ throw {refusal}; }}")
    page.goto("/voice")
    page.get_by_role("button", name="Use my microphone").click()
    expect(page.get_by_role("alert").get_by_text(sentence)).to_be_visible()
    page.get_by_role("button", name="Practise by text instead").click()
    relay.wait_until(lambda: relay.arrivals)


def test_a_written_conversation_needs_only_the_keyboard(page: Page, relay: FakeRelay) -> None:
    page.goto("/text")
    relay.wait_until(lambda: relay.arrivals)
    page.get_by_label("Write to").focus()
    page.keyboard.type("I am sorry that you waited.")
    page.keyboard.press("Enter")
    relay.wait_until(lambda: relay.heard("text"))
    relay.say("caption", turn=1, speaker="learner", text="I am sorry that you waited.", final=True)
    relay.say("caption", turn=2, speaker="persona", text="Third time, that is.", final=True)
    expect(page.get_by_role("log").get_by_role("listitem")).to_have_text(
        ["YouI am sorry that you waited.", "Graham PellThird time, that is."]
    )
    assert Axe().run(page).response["violations"] == []


def test_the_live_room_fits_a_small_phone(page: Page, relay: FakeRelay) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    start_talking(page, relay)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for control in page.get_by_role("group", name="Call controls").get_by_role("button").all():
        box = control.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44
    assert Axe().run(page).response["violations"] == []


def test_a_line_that_was_typed_before_the_answer_was_told_stands_behind_it(page: Page, relay: FakeRelay) -> None:
    page.goto("/text")
    expect(page.locator("#room")).to_have_attribute("data-state", "listening")
    relay.say("caption", turn=1, speaker="persona", text="You wanted to see me?", final=True)
    page.get_by_role("textbox").fill("I am sorry.")
    page.keyboard.press("Enter")
    relay.wait_until(lambda: relay.heard("text"))
    relay.say("caption", turn=3, speaker="persona", text="And now?", final=True)
    relay.say("caption", turn=2, speaker="persona", text="Well?", final=True)
    relay.say("caption", turn=4, speaker="learner", text="I am sorry.", final=True)
    lines = page.locator('[data-part="captions-turns"] li p')
    expect(lines).to_have_text(["You wanted to see me?", "Well?", "And now?", "I am sorry."])
