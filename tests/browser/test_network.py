"""A learner's bad luck, in a real Chromium: network, tabs, microphone, relay. Each time the attempt is intact."""

import os
import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, QUIET, Stack
from tests.browser.test_written_practice import APOLOGY, PROMISE, QUESTION, say, start

BOX = "Write to Graham Pell"
TURNS = '[data-part="captions-turns"] li:not([data-partial])'
SPEAKER_AND_WORDS = "lines => lines.map(line => [line.dataset.speaker, line.lastChild.textContent])"
KEEP_THE_MICROPHONE = """
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => (globalThis.microphone = await open(wanted));
"""
UNPLUG = """() => {
  const [track] = globalThis.microphone.getAudioTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """The console may complain of sockets that fail here; the scripts may not."""
    errors: list[str] = []
    context = browser.new_context(locale="en-GB")
    opened = context.new_page()
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield willing(opened)
    context.close()
    assert not errors


def begin(page: Page, stack: Stack, person: str) -> None:
    """A written call in which the persona has spoken, and the learner has said one thing and was answered."""
    start(page, stack, person)
    expect(page.locator(TURNS)).to_have_count(1)
    say(page, APOLOGY)


def willing(page: Page) -> Page:
    """Leaves the page when the browser asks whether it should."""
    page.on("dialog", lambda dialog: dialog.accept())
    return page


def spoken(page: Page) -> list[tuple[str, str]]:
    """The running transcript as the room shows it."""
    lines = page.locator(TURNS).evaluate_all(SPEAKER_AND_WORDS)
    return [(speaker, text) for speaker, text in lines if text]


def expect_live(page: Page) -> None:
    expect(page.locator("#room")).to_have_attribute("data-status", "live", timeout=30_000)


def leave(page: Page) -> list[tuple[str, str]]:
    """Ends the conversation and reads its transcript from the debrief."""
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="Yes, end").click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"), timeout=20_000)
    page.goto(page.url + "/transcript")
    kept = page.locator("ol.transcript li")
    expect(kept.first).to_be_visible()
    return [
        ("persona" if "turn-persona" in (turn.get_attribute("class") or "") else "learner", words.strip())
        for turn in kept.all()
        for words in turn.locator(".turn-text").all_text_contents()
    ]


def expect_intact(page: Page, *, said: list[str]) -> None:
    """The transcript is what the room showed; each line stands in it once, in order, and was answered."""
    shown = spoken(page)
    kept = leave(page)
    assert kept == shown
    assert [text for speaker, text in kept if speaker == "learner"] == said
    assert [speaker for speaker, _ in kept] == ["persona", *["learner", "persona"] * len(said)]


def test_the_network_goes_away_in_the_middle_of_a_sentence(stack: Stack, page: Page) -> None:
    begin(page, stack, "Hannah Cole")
    box = page.get_by_role("textbox", name=BOX)
    box.press_sequentially(QUESTION[:20])
    page.context.set_offline(True)
    stack.wire.cut()
    expect(page.get_by_text("Connection lost – reconnecting")).to_be_visible(timeout=30_000)
    box.press_sequentially(QUESTION[20:])
    page.get_by_role("button", name="Send").click()
    time.sleep(1)
    stack.wire.mend()
    page.context.set_offline(False)
    expect(page.get_by_text("Connection lost – reconnecting")).to_be_hidden(timeout=30_000)
    expect(page.locator(TURNS)).to_have_count(5, timeout=15_000)
    say(page, PROMISE)
    expect_intact(page, said=[APOLOGY, QUESTION, PROMISE])


def test_the_page_is_loaded_again(stack: Stack, page: Page) -> None:
    begin(page, stack, "Priya Raman")
    before = spoken(page)
    page.reload()
    expect(page.locator(TURNS)).to_have_count(3, timeout=15_000)
    assert spoken(page) == before
    say(page, QUESTION)
    expect_intact(page, said=[APOLOGY, QUESTION])


def test_the_back_button_and_back_again(stack: Stack, page: Page) -> None:
    begin(page, stack, "Jonas Weber")
    page.go_back()
    page.wait_for_url(re.compile(r"/catalog/"))
    page.go_forward()
    expect(page.locator(TURNS)).to_have_count(3, timeout=15_000)
    say(page, QUESTION)
    expect_intact(page, said=[APOLOGY, QUESTION])


def test_a_second_tab_takes_over_and_the_first_says_so(stack: Stack, page: Page) -> None:
    begin(page, stack, "Aisha Khan")
    second = willing(page.context.new_page())
    second.goto(page.url)
    expect(page.get_by_role("heading", name="The conversation goes on in another window")).to_be_visible()
    expect(second.locator(TURNS)).to_have_count(3, timeout=15_000)
    say(second, QUESTION)
    page.get_by_role("button", name="Continue", exact=False).first.click()
    expect(second.get_by_role("heading", name="The conversation goes on in another window")).to_be_visible()
    expect(page.locator(TURNS)).to_have_count(5, timeout=15_000)
    expect_intact(page, said=[APOLOGY, QUESTION])


def test_the_tab_falls_asleep(stack: Stack, page: Page) -> None:
    begin(page, stack, "Ravi Menon")
    tab: CDPSession = page.context.new_cdp_session(page)
    tab.send("Page.setWebLifecycleState", {"state": "frozen"})
    stack.wire.cut()
    time.sleep(3)
    stack.wire.mend()
    tab.send("Page.setWebLifecycleState", {"state": "active"})
    expect_live(page)
    expect(page.locator(TURNS)).to_have_count(3)
    say(page, QUESTION)
    expect_intact(page, said=[APOLOGY, QUESTION])


def test_the_relay_is_killed_in_the_middle_of_a_call(stack: Stack, page: Page) -> None:
    begin(page, stack, "Hannah Cole")
    kill_relay(stack)
    page.get_by_role("textbox", name=BOX).fill(QUESTION)
    page.get_by_role("button", name="Send").click()
    expect(page.locator(TURNS)).to_have_count(5, timeout=40_000)
    expect_live(page)
    say(page, PROMISE)
    expect_intact(page, said=[APOLOGY, QUESTION, PROMISE])


@pytest.fixture(scope="module")
def talkative(chromium: Playwright) -> Iterator[Browser]:
    """A browser with a microphone that beeps."""
    microphone = ("--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required")
    browser = chromium.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *microphone])
    yield browser
    browser.close()


@pytest.fixture
def speaker(talkative: Browser, stack: Stack) -> Iterator[Page]:
    """Has passed the sound check and is in a spoken call."""
    context = talkative.new_context(locale="en-GB", permissions=["microphone"])
    page = willing(context.new_page())
    page.add_init_script(KEEP_THE_MICROPHONE)
    stack.enter(page, "Priya Raman")
    page.goto(page.url.rstrip("/") + "/catalog?q=fridge")
    page.get_by_role("link", name="The fridge that never came").click()
    page.get_by_role("button", name="Practise by voice").click()
    page.get_by_role("button", name="Use my microphone").click()
    page.get_by_role("button", name="Start the conversation").click(timeout=30_000)
    expect(page.locator("#room")).to_have_attribute("data-state", "listening", timeout=30_000)
    yield page
    context.close()


def expect_to_go_on_in_writing(page: Page, before: list[tuple[str, str]]) -> None:
    """What was said stays; a written line is answered, and heard to its end."""
    say(page, APOLOGY)
    expect(page.locator("#room")).to_have_attribute("data-state", "listening", timeout=30_000)
    shown = spoken(page)
    assert shown[: len(before)] == before
    assert [speaker for speaker, _ in shown] == ["persona", "learner", "persona"]
    assert leave(page) == shown


def test_the_microphone_is_unplugged(speaker: Page) -> None:
    before = spoken(speaker)
    speaker.evaluate(UNPLUG)
    expect(speaker.get_by_text("Your microphone was unplugged.")).to_be_visible()
    speaker.get_by_role("button", name="Continue by text").click()
    expect_to_go_on_in_writing(speaker, before)


def test_the_permission_is_taken_back(speaker: Page) -> None:
    before = spoken(speaker)
    speaker.context.clear_permissions()
    speaker.evaluate(UNPLUG)
    expect(speaker.get_by_text("Your microphone was unplugged.")).to_be_visible()
    speaker.get_by_role("button", name="Use another microphone").click()
    expect(speaker.get_by_text("does not let this page use the microphone")).to_be_visible()
    speaker.get_by_role("button", name="Continue by text").click()
    expect_to_go_on_in_writing(speaker, before)


@pytest.fixture(autouse=True)
def whole_wire(stack: Stack) -> Iterator[None]:
    yield
    stack.wire.mend()


def relay_of(stack: Stack) -> list[int]:
    """The processes of this product's relay, known by the port they listen on."""
    port = str(stack.relay_port)
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"127.0.0.1:{port}".encode() in command:
            found.append(int(folder.name))
    return found


def kill_relay(stack: Stack) -> None:
    killed = relay_of(stack)
    assert killed
    for pid in killed:
        os.kill(pid, signal.SIGKILL)
