"""Give practice to a team and see the to-do appear for the learner; practise from a contact."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_accessibility import violations

SCENARIO = "The fridge that never came"


def open_scenario(page: Page, stack: Stack) -> str:
    page.goto(f"{stack.url}/o/alder/scenarios?q=fridge")
    page.get_by_role("link", name=SCENARIO, exact=True).click()
    page.wait_for_url(re.compile(r"/scenarios/[0-9a-f-]+$"))
    return page.url


def invite(page: Page) -> None:
    page.get_by_role("link", name="Invite Participants").click()
    expect(page.get_by_role("dialog").get_by_role("heading", name="Invite participants")).to_be_visible()


def test_invite_a_person_then_the_team_and_see_the_to_do_appear(stack: Stack, open_page: Callable[..., Page]) -> None:
    author, learner = open_page(), open_page()
    stack.enter(author, "Priya Raman")
    scenario = open_scenario(author, stack)
    invite(author)
    author.get_by_role("checkbox", name="Jonas Weber").check()
    author.get_by_label("Deadline").fill((date.today() + timedelta(days=9)).isoformat())  # noqa: DTZ011
    author.get_by_label("Keep these people as a team").fill("Front desk")
    author.get_by_role("button", name="Invite", exact=True).click()
    expect(author.get_by_text("1 person invited.")).to_be_visible()
    author.get_by_role("button", name="Remove Jonas Weber").click()
    expect(author.get_by_role("heading", name="Remove participant from scenario?")).to_be_visible()
    author.get_by_role("button", name="Remove", exact=True).click()
    expect(author.get_by_text("Nobody has been invited yet.")).to_be_visible()

    assert author.url == scenario
    invite(author)
    author.get_by_role("checkbox", name=re.compile("Front desk")).check()
    author.get_by_role("button", name="Invite", exact=True).click()
    expect(author.get_by_text("1 person invited.")).to_be_visible()

    stack.enter(learner, "Jonas Weber")
    learner.get_by_role("link", name=SCENARIO).first.click()
    expect(learner.get_by_text("Session history")).to_be_visible()
    expect(learner.get_by_text("To do", exact=True)).to_be_visible()
    assert not violations(learner)
    learner.goto(f"{stack.url}/dev/mail")
    expect(learner.get_by_text("Practise “The fridge that never came” → jonas@alder.example").first).to_be_visible()


def test_practise_from_a_contact(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    stack.enter(page, "Nadia Faure")
    page.goto(f"{stack.url}/o/hotel-rivage/contacts/new")
    page.locator("#name").fill("Ines Prado")
    page.locator("#job").fill("Head of buying")
    page.locator("form.form button").first.click()
    page.wait_for_url(re.compile(r"/contacts/[0-9a-f-]+$"))
    contact = page.url
    page.locator('form[action$="/sessions"] button').click()
    page.wait_for_url(re.compile(r"/details$"))
    page.locator("#title").fill("Before Thursday")
    page.locator("#type").select_option("sales")
    page.locator("#language").select_option("en")
    steps = page.locator("#step .steps li")
    expect(steps).to_have_count(3)
    assert not page.locator('#step [value="go:persona"]').count(), "who they are comes from the contact"
    for step in ("personality", "evaluation"):
        page.locator('.step-bar button[value="next"]').click()
        page.wait_for_url(re.compile(f"/{step}$"))
        assert not violations(page)
    page.locator('button[value="start:text"]').click()
    page.wait_for_url(re.compile(r"/room$"))
    said = page.locator('[data-part="captions-turns"] [data-speaker="persona"]')
    expect(said).to_contain_text("Right, I have a few minutes.", timeout=15_000)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "nothing runs off the screen"
    page.locator('[commandfor="delete-chat"]').first.click()
    page.locator("#delete-chat form button:not([command])").click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]+$"))
    page.goto(f"{contact}?part=roleplay")
    expect(page.get_by_role("link", name="Before Thursday")).to_be_visible()
    assert not violations(page)
