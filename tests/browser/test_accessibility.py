"""axe finds nothing on any page that exists, in light and dark, on a desk and on a phone."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_written_practice import APOLOGY, end, say, start

WAYS = {
    "light, desk": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "dark, desk": {"color_scheme": "dark", "viewport": {"width": 1440, "height": 900}},
    "light, phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
    "dark, phone": {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
}
PUBLIC = ("/sign-in", "/sign-in/link/unknown", "/help", "/nothing-here", "/dev/sign-in", "/dev/mail", "/dev/components")
HELP = ("first-conversation", "microphone", "debrief", "understanding-ai", "privacy")


def violations(page: Page) -> list[str]:
    """Without axe's own copies of the stylesheets, which the content security policy rightly refuses."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [f"{page.url}: {each['id']} ({each['nodes'][0]['html'][:120]})" for each in found]


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing(stack: Stack, open_page: Callable[..., Page], way: str) -> None:
    page = open_page(reduced_motion="reduce", bypass_csp=True, **WAYS[way])  # axe measures by inline styles
    faults: list[str] = []
    for path in (*PUBLIC, *(f"/help/{name}" for name in HELP)):
        page.goto(stack.url + path)
        faults += violations(page)
    start(page, stack, "Tom Lindqvist")
    say(page, APOLOGY)
    faults += violations(page)
    page.get_by_role("button", name="End", exact=True).click()
    faults += violations(page)
    page.get_by_role("button", name="Keep talking").click()
    end(page)
    faults += violations(page)
    page.get_by_role("link", name="Transcript").click()
    expect(page.locator("ol.transcript")).to_be_visible()
    faults += violations(page)
    for path in ("", "catalog", "catalog?q=fridge", "catalog?q=nothing-like-it", "sessions", "preferences"):
        page.goto(f"{stack.url}/o/alder/{path}")
        faults += violations(page)
    page.goto(f"{stack.url}/o/alder/sessions")
    page.get_by_role("link", name="The fridge that never came").click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]+$"))
    faults += violations(page)
    page.get_by_role("link", name="Read the brief again").click()
    page.wait_for_url(re.compile(r"/catalog/[0-9a-f-]+$"))
    faults += violations(page)
    page.get_by_role("button", name="Practise by voice").click()
    expect(page.get_by_role("button", name="Use my microphone")).to_be_visible()
    faults += violations(page)
    page.goto(f"{stack.url}/account")
    faults += violations(page)
    page.goto(f"{stack.url}/o/alder/")
    page.get_by_role("button", name="End it and see the debrief").click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"))
    expect(page.get_by_role("heading", name="Not scored")).to_be_visible(timeout=60_000)
    faults += violations(page)
    assert not faults
