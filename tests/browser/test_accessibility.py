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


_STILL = """() => Promise.allSettled(document.getAnimations()
    .filter((moving) => moving.effect.getComputedTiming().endTime !== Infinity).map((moving) => moving.finished))"""


def violations(page: Page) -> list[str]:
    """Once what fades in is there; without axe's own copies of the stylesheets, which the security policy rightly
    refuses."""
    page.evaluate(_STILL)
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
    scenario = _scenario(page, home)
    kept = _kept(page, home, scenario["scenario_id"])
    return {**scenario, **kept, **_contact(page, home), **_practice(page, home), **_export(page, home)}


def _id_in(page: Page, pattern: str) -> str:
    page.wait_for_url(re.compile(pattern))
    found = re.search(pattern, page.url)
    assert found
    return found[1]


def _scenario(page: Page, home: str) -> dict[str, str]:
    """A copy from the library, with a tag and somebody who takes part, in the catalog."""
    page.goto(f"{home}/scenarios?q=frigo")
    page.locator("tbody a.stretched").first.click()
    page.locator('form[action$="/copies"] button').click()
    scenario_id = _id_in(page, r"/scenarios/([0-9a-f-]+)/edit/details$")
    page.goto(page.url.replace("details", "participants"))
    member = page.locator('input[name="members"]').first
    member_id = str(member.get_attribute("value"))
    member.check()
    page.locator('button[value="start"]').click()
    page.wait_for_url(re.compile(r"/scenarios/[0-9a-f-]+$"))
    page.locator('form[action$="/publication"] button').dispatch_event("click")
    expect(page.locator("toast-message")).to_be_visible()
    page.goto(f"{home}/scenarios/{scenario_id}/tags")
    page.locator("#field-new").fill("Accueil")
    page.locator("form.dialog-body button").click()
    page.wait_for_url(re.compile(r"/scenarios/[0-9a-f-]+$"))
    return {"scenario_id": scenario_id, "member_id": member_id}


def _kept(page: Page, home: str, scenario_id: str) -> dict[str, str]:
    """A persona and an evaluation template that every scenario can take."""
    page.goto(f"{home}/scenarios/{scenario_id}?part=persona")
    page.locator('form[action$="/persona"] button').click()
    page.locator("main a.stretched").first.click()
    persona_id = _id_in(page, r"/personas/([0-9a-f-]{36})$")
    page.goto(f"{home}/scenarios/{scenario_id}/edit/evaluation")
    page.locator("#evaluation_instructions").fill("Soyez strict.")
    page.locator('.step-bar button[value="leave"]').click()
    page.wait_for_url(re.compile(r"/scenarios/[0-9a-f-]+$"))
    page.goto(f"{home}/scenarios/{scenario_id}?part=evaluation")
    page.locator('form[action$="/evaluation-template"] button').click()
    page.locator("main a.stretched").first.click()
    return {"persona_id": persona_id, "template_id": _id_in(page, r"/evaluation-templates/([0-9a-f-]{36})$")}


def _contact(page: Page, home: str) -> dict[str, str]:
    """Somebody to rehearse with, and a session in the making."""
    page.goto(f"{home}/contacts/new")
    page.locator("#name").fill("Inès Prado")
    page.locator("form.form button").first.click()
    contact_id = _id_in(page, r"/contacts/([0-9a-f-]+)$")
    page.locator('form[action$="/sessions"] button').click()
    return {"contact_id": contact_id, "draft_id": _id_in(page, r"/sessions/new/([0-9a-f-]+)/details$")}


def _practice(page: Page, home: str) -> dict[str, str]:
    """A session with an attempt that is over."""
    page.goto(f"{home}/catalog?q=frigo")
    page.locator("#catalog-cards .grid a").first.click()
    page.locator('button[name="mode"][value="text"]').click()
    attempt_id = _id_in(page, r"/attempts/([0-9a-f-]+)/room$")
    expect(page.locator('[data-part="captions-turns"] [data-speaker="persona"]')).to_have_count(1, timeout=15_000)
    page.locator('[data-part="stop"]').click()
    page.locator('dialog[open] button[value="end"]').click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"))
    page.goto(f"{home}/sessions")
    page.locator("tbody a.stretched").first.click()
    return {"attempt_id": attempt_id, "session_id": _id_in(page, r"/sessions/([0-9a-f-]+)$")}


def _export(page: Page, home: str) -> dict[str, str]:
    page.goto(f"{home}/reports")
    page.locator('form[action$="/exports"] button').first.dispatch_event("click")
    return {"export_id": _id_in(page, r"/exports/([0-9a-f-]+)$")}


def pages_of(app: Flask, ids: dict[str, str]) -> list[str]:
    """Every page of the URL map. A route with an argument that nothing was made for fails here."""
    found = []
    for name, rule in routes(app):
        last = rule.rule.rpartition("/")[2]
        is_file = "." in last or last == "file"
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
