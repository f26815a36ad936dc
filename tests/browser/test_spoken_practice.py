"""One real spoken practice, from sign-in to debrief.

Chromium's microphone is fed from a recording in which a synthesizer that is not the persona's, and one human being,
speak with pauses; once the persona is interrupted.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.audio.speech import BECKETT, beckett, espeak, flite, silence, without_long_pauses, write_wav
from tests.browser.conftest import CHROMIUM, QUIET, Stack

HELLO = "Hello, hello, can you hear me?"
APOLOGY = "I am so sorry. You waited in twice and nobody came, and that is our fault."
QUESTION = "What has this been like for you this week?"
PROMISE = "I will book a delivery for tomorrow at nine, and I will call you myself."
CHECK = "Does that work for you, or is there something else you need from me?"

LEAD_IN = 14.0
"""Seconds from the first use of the microphone to the first sentence: time to pass the sound check."""


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hello for the sound check; then the call. The third sentence comes while the persona still answers the second."""
    path = tmp_path_factory.mktemp("microphone") / "learner.wav"
    hello = espeak(HELLO)
    parts = [
        silence(1),
        hello,
        silence(LEAD_IN - len(hello) / 24_000),
        flite(APOLOGY),
        silence(14),
        flite(QUESTION),
        silence(3.0),
        flite(PROMISE),
        silence(14),
        without_long_pauses(beckett()),
        silence(14),
        flite(CHECK),
        silence(120),
    ]
    write_wav(path, np.concatenate(parts))
    return path


@pytest.fixture
def page(chromium: Playwright, recording: Path) -> Iterator[Page]:
    browser = chromium.chromium.launch(
        executable_path=CHROMIUM,
        args=[
            *QUIET,
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={recording}%noloop",
            "--autoplay-policy=no-user-gesture-required",
        ],
    )
    context = browser.new_context(locale="en-GB", permissions=["microphone"])
    yield context.new_page()
    browser.close()


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z']+", text.lower()))


def captions(page: Page, speaker: str) -> list[str]:
    lines = page.locator(f'[data-part="captions-turns"] [data-speaker="{speaker}"] p')
    return [line.strip() for line in lines.all_text_contents() if line.strip()]


def test_speak_be_answered_interrupt_end_and_read_ones_own_words(stack: Stack, page: Page) -> None:
    choose_the_fridge(stack, page)
    pass_the_sound_check(page)
    learner = page.locator('[data-part="captions-turns"] [data-speaker="learner"]')
    expect(learner.filter(has_text="sorry")).to_have_count(1, timeout=40_000)
    expect(learner.filter(has_text="tomorrow")).to_have_count(1, timeout=45_000)
    expect(learner.filter(has_text="need from me")).to_have_count(1, timeout=90_000)
    page.wait_for_timeout(4_000)

    heard = " ".join(captions(page, "learner"))
    for sentence in (APOLOGY, QUESTION, PROMISE, BECKETT, CHECK):
        said = words(sentence)
        assert len(said & words(heard)) / len(said) > 0.7, f"{sentence!r} in {heard!r}"
    answers = captions(page, "persona")
    assert len(answers) >= 4
    assert len(set(answers)) == len(answers)
    assert float(page.locator("#room").get_attribute("data-peak") or 0) > 0.05, "the persona's voice was heard"

    page.get_by_role("button", name="End", exact=True).click()
    expect(page.get_by_role("button", name="Keep talking")).to_be_focused()
    page.get_by_role("button", name="Yes, end").click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"), timeout=15_000)
    read_the_debrief(page)


def choose_the_fridge(stack: Stack, page: Page) -> None:
    stack.enter(page, "Jonas Weber")
    page.get_by_role("link", name="Catalog", exact=True).click()
    page.get_by_role("link", name="The fridge that never came").click()
    expect(page.get_by_role("heading", name="Your goals")).to_be_visible()
    page.get_by_role("button", name="Practise by voice").click()


def pass_the_sound_check(page: Page) -> None:
    page.get_by_role("button", name="Use my microphone").click()
    expect(page.get_by_text("We hear you well.")).to_be_visible(timeout=12_000)
    page.get_by_role("button", name="Start the conversation").click()
    expect(page.locator("#room")).to_have_attribute("data-phase", "live")


def read_the_debrief(page: Page) -> None:
    """Every quote is in the learner's own turns, and one of the persona's turns was cut short."""
    expect(page.get_by_role("heading", name="Goal by goal")).to_be_visible(timeout=60_000)
    quotes = [text.strip("“”\n ") for text in page.locator("figure.quote blockquote").all_text_contents()]
    assert quotes, "the debrief quotes the learner"
    page.get_by_role("link", name="Transcript").click()
    transcript = page.locator("ol.transcript")
    expect(transcript.locator(".turn-cut")).not_to_have_count(0)
    said_by_me = " ".join(transcript.locator("li:not(.turn-persona) .turn-text").all_text_contents())
    assert "sorry" in said_by_me
    for quote in quotes:
        assert quote in said_by_me


@pytest.fixture(autouse=True)
def keep_evidence(page: Page, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[None]:
    yield
    page.screenshot(path=tmp_path / f"{request.node.name}.png", full_page=True)
