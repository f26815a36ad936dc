"""The same journey in writing: with a mouse, by the keyboard alone, and on a phone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Stack

APOLOGY = "I'm sorry, Graham. We let you down twice and that is our mistake."
QUESTION = "How has living without a fridge been for you?"
PROMISE = "I will book the delivery for tomorrow at nine and call you myself at eight."


def answered(page: Page) -> Locator:
    """What the persona has said to its end, its first line among it."""
    return page.locator('[data-part="captions-turns"] [data-speaker="persona"]:not([data-partial])')


def say(page: Page, text: str) -> None:
    """Writes a line and waits until the persona has answered it."""
    answers = answered(page)
    before = answers.count()
    page.get_by_role("textbox", name="Write to Graham Pell").fill(text)
    page.get_by_role("button", name="Send").click()
    expect(answers).to_have_count(before + 1, timeout=15_000)


def start(page: Page, stack: Stack, person: str) -> None:
    stack.enter(page, person)
    page.goto(page.url.rstrip("/") + "/catalog?q=fridge")
    page.get_by_role("link", name="The fridge that never came").click()
    page.get_by_role("button", name="Practise by text").click()
    expect(page.locator("#room")).to_have_attribute("data-phase", "live")
    expect(answered(page)).to_have_count(1, timeout=15_000)


def end(page: Page) -> None:
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="Yes, end").click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"), timeout=15_000)
    expect(page.get_by_role("heading", name="Goal by goal")).to_be_visible(timeout=60_000)


@pytest.mark.parametrize(("size", "person"), [((1440, 900), "Hannah Cole"), ((390, 844), "Priya Raman")])
def test_write_be_answered_end_and_read_ones_own_words(
    stack: Stack, open_page: Callable[..., Page], size: tuple[int, int], person: str
) -> None:
    page = open_page(viewport={"width": size[0], "height": size[1]})
    start(page, stack, person)
    for line in (APOLOGY, QUESTION, PROMISE):
        say(page, line)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs off the screen"
    end(page)
    quotes = [text.strip("“”\n ") for text in page.locator("figure.quote blockquote").all_text_contents()]
    assert quotes
    assert all(any(quote in line for line in (APOLOGY, QUESTION, PROMISE)) for quote in quotes)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_whole_journey_by_the_keyboard_alone(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page()
    page.goto(f"{stack.url}/dev/sign-in")
    press_on(page, "Ravi Menon")
    page.wait_for_url("**/o/growqr/**")
    press_on(page, "Catalog")
    page.wait_for_url("**/catalog")
    press_on(page, "The fridge that never came")
    page.wait_for_url(re.compile(r"/catalog/[0-9a-f-]+$"))
    press_on(page, "Practise by text")
    page.wait_for_url("**/room")
    expect(answered(page)).to_have_count(1, timeout=15_000)
    reach(page, "Write to Graham Pell")
    page.keyboard.type(APOLOGY)
    page.keyboard.press("Enter")
    expect(answered(page)).to_have_count(2, timeout=15_000)
    press_on(page, "End")
    expect(page.get_by_role("button", name="Keep talking")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Yes, end")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"), timeout=15_000)
    expect(page.get_by_role("heading", name="Goal by goal")).to_be_visible(timeout=60_000)


def test_a_call_with_nothing_said_is_not_scored_and_says_why(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page()
    start(page, stack, "Aisha Khan")
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="Yes, end").click()
    expect(page.get_by_role("heading", name="Not scored")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("Nothing was said in this conversation")).to_be_visible()
    expect(page.get_by_role("button", name="Start new")).to_be_visible()


_FOCUSED = """() => {
  const on = document.activeElement;
  return (on.getAttribute("aria-label") || on.labels?.[0]?.textContent || on.textContent || "").trim();
}"""


def reach(page: Page, name: str) -> None:
    """Tabs until the element with this name has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if name in page.evaluate(_FOCUSED):
            return
    pytest.fail(f"{name!r} cannot be reached by the keyboard")


def press_on(page: Page, name: str) -> None:
    reach(page, name)
    page.keyboard.press("Enter")
