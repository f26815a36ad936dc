"""axe finds nothing on any page, in light and dark, on a desk and on a phone; and no page is wider than its screen."""

import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import product

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from roleplay.scenarios.validity import Step
from roleplay.web.help_centre import PAGES as HELP
from tests.browser.conftest import Stack
from tests.browser.test_written_practice import APOLOGY, end, say, start
from tests.tenancy.test_routes import address, routes
from tests.web.test_every_page import NO_PAGES

WAYS = {
    "light, desk": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "dark, desk": {"color_scheme": "dark", "viewport": {"width": 1440, "height": 900}},
    "light, phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
    "dark, phone": {"color_scheme": "dark", "viewport": {"width": 360, "height": 740}},
}
ORGANIZATION = "cap-parole"
SEVERAL = {"step": list(Step), "page": list(HELP)}
"""Arguments of which every value is a page of its own."""
STATUS = {"/sign-in/link/unknown": 410, "/nothing-here": 404}
VARIANTS = (
    "/nothing-here",
    "/o/{slug}/catalog?q=nothing-like-it",
    "/o/{slug}/sessions?q=nothing-like-it",
    "/o/{slug}/scenarios?q=nothing-like-it",
    *(f"/o/{{slug}}/scenarios/{{scenario_id}}?part={part}" for part in Step),
    "/o/{slug}/contacts/{contact_id}?part=roleplay",
)
EMPTY_HANDED = ("", "catalog", "sessions", "contacts", "scenarios", "reports", "preferences")
"""For a learner to whom nothing was given yet; some of it is not theirs."""


def violations(page: Page) -> list[str]:
    """Without axe's own copies of the stylesheets, which the content security policy rightly refuses."""
    found = Axe().run(page, options={"resultTypes": ["violations"], "preload": False}).response["violations"]
    return [f"{page.url}: {each['id']} ({each['nodes'][0]['html'][:120]})" for each in found]


def faults(page: Page) -> list[str]:
    fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    return violations(page) + ([] if fits else [f"{page.url}: wider than the screen"])


@pytest.fixture(scope="module")
def ids(stack: Stack, browser: Browser) -> Iterator[dict[str, str]]:
    """One of everything that a page can be about, made as a person makes it."""
    context = browser.new_context()
    yield _furnish(context.new_page(), stack)
    context.close()


def _furnish(page: Page, stack: Stack) -> dict[str, str]:
    stack.enter(page, "Malik Benali")
    home = f"{stack.url}/o/{ORGANIZATION}"
    found: dict[str, str] = {}

    def note(name: str, pattern: str) -> None:
        page.wait_for_url(re.compile(pattern))
        match = re.search(pattern, page.url)
        assert match
        found[name] = match[1]

    page.goto(f"{home}/scenarios?q=frigo")
    page.locator("tbody a.stretched").first.click()
    page.locator('form[action$="/copies"] button').click()
    note("scenario_id", r"/scenarios/([0-9a-f-]+)/edit/details$")
    page.goto(page.url.replace("details", "participants"))
    found["member_id"] = str(page.locator('input[name="members"]').first.get_attribute("value"))
    page.locator('input[name="members"]').first.check()
    page.locator('button[value="start"]').click()
    page.wait_for_url(re.compile(r"/scenarios/[0-9a-f-]+$"))
    scenario = page.url
    page.locator('form[action$="/publication"] button').dispatch_event("click")
    expect(page.locator("toast-message")).to_be_visible()
    page.goto(f"{scenario}/tags")
    page.locator("#field-new").fill("Accueil")
    page.locator("form.dialog-body button").click()
    page.goto(f"{home}/contacts/new")
    page.locator("#name").fill("Inès Prado")
    page.locator("form.form button").first.click()
    note("contact_id", r"/contacts/([0-9a-f-]+)$")
    page.locator('form[action$="/sessions"] button').click()
    note("draft_id", r"/sessions/new/([0-9a-f-]+)/details$")
    page.goto(scenario)
    page.locator('button[name="mode"][value="text"]').click()
    note("attempt_id", r"/attempts/([0-9a-f-]+)/room$")
    expect(page.locator('[data-part="captions-turns"] [data-speaker="persona"]')).to_have_count(1, timeout=15_000)
    page.locator('[data-part="stop"]').click()
    page.locator('dialog[open] button[value="end"]').click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"))
    page.goto(f"{home}/sessions")
    page.locator("tbody a.stretched").first.click()
    note("session_id", r"/sessions/([0-9a-f-]+)$")
    page.goto(f"{home}/reports")
    page.locator('form[action$="/exports"] button').first.dispatch_event("click")
    note("export_id", r"/exports/([0-9a-f-]+)$")
    return found


def pages_of(app: Flask, ids: dict[str, str]) -> list[str]:
    """Every page of the URL map. A route with an argument that nothing was made for fails here."""
    found = []
    for name, rule in routes(app):
        is_file = "." in rule.rule.rpartition("/")[2]
        if not name.startswith("GET") or name in NO_PAGES or is_file:
            continue
        assert rule.arguments <= {"organization_slug", "secret", *ids, *SEVERAL}, f"{name}: make what it is about"
        varied = [key for key in SEVERAL if key in rule.arguments]
        for values in product(*(SEVERAL[key] for key in varied)):
            told = dict(zip(varied, values, strict=True))
            with suppress(ValueError):  # a new session has fewer steps than a scenario
                found.append(address(app, rule, **{**ids, "organization_slug": ORGANIZATION, **told}))
    return found


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_on_any_page(
    stack: Stack, app: Flask, ids: dict[str, str], open_page: Callable[..., Page], way: str
) -> None:
    page = open_page(reduced_motion="reduce", bypass_csp=True, **WAYS[way])  # axe measures by inline styles
    stack.enter(page, "Malik Benali")
    found: list[str] = []
    for path in (*pages_of(app, ids), *(each.format(slug=ORGANIZATION, **ids) for each in VARIANTS)):
        answer = page.goto(stack.url + path)
        assert answer and answer.status == STATUS.get(path, 200), path
        found += faults(page)
    page.goto(f"{stack.url}/dev/sign-in")
    stack.enter(page, "Aisha Khan")
    for path in EMPTY_HANDED:
        page.goto(f"{stack.url}/o/growqr/{path}")
        found += faults(page)
    assert not found


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_in_a_conversation_and_its_debrief(
    stack: Stack, open_page: Callable[..., Page], way: str
) -> None:
    page = open_page(reduced_motion="reduce", bypass_csp=True, **WAYS[way])
    start(page, stack, "Tom Lindqvist")
    say(page, APOLOGY)
    found = faults(page)
    page.get_by_role("button", name="End", exact=True).click()
    found += faults(page)
    page.get_by_role("button", name="Keep talking").click()
    end(page)
    found += faults(page)
    page.get_by_role("link", name="Transcript").click()
    expect(page.locator("ol.transcript")).to_be_visible()
    found += faults(page)
    page.goto(f"{stack.url}/o/alder/catalog?q=fridge")
    page.get_by_role("link", name="The fridge that never came").click()
    page.get_by_role("button", name="Practise by voice").click()
    expect(page.get_by_role("button", name="Use my microphone")).to_be_visible()
    found += faults(page)
    page.goto(f"{stack.url}/o/alder/")
    page.get_by_role("button", name="End it and see the debrief").click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"))
    expect(page.get_by_role("heading", name="Not scored")).to_be_visible(timeout=60_000)
    assert not found + faults(page)
