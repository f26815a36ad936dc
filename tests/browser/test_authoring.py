"""Writing a scenario in six steps and testing it in writing; what is typed survives every way of leaving."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_accessibility import WAYS, violations

TITLE = "The price of a plant tour"


def begin(page: Page, stack: Stack) -> None:
    stack.enter(page, "Priya Raman")
    page.get_by_role("link", name="Roleplay Scenarios").click()
    page.get_by_role("button", name="New scenario").first.click()
    page.wait_for_url("**/edit/details")


def press(page: Page, name: str) -> None:
    """A button that keeps the step and comes back to it."""
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).last.click()


def write_details(page: Page, title: str) -> None:
    page.get_by_label("Name", exact=True).fill(title)
    page.get_by_label("In one sentence").fill("Hold your price with a director who has a cheaper quote.")
    page.get_by_label("Scenario type").select_option("sales")
    page.get_by_label("The learner's role").fill("You sell sensors to factories.")
    page.get_by_label("Context").fill("Her engineers tested the sensors for two months.")
    page.get_by_label("What is at stake").fill("Every later contract starts from today's price.")
    page.get_by_label("Objective").fill("She takes your offer to the committee.")
    for number, text in enumerate(
        ("Ask what lies behind the price.", "Put your price next to what a standstill costs.")
    ):
        press(page, "Add a goal")
        page.locator(f"#goals-{number}-text").fill(text)
    press(page, "Move Goal 2 up")
    expect(page.locator("#goals-0-text")).to_have_value("Put your price next to what a standstill costs.")
    press(page, "Add something that opens them up")
    page.locator("#opens-0-text").fill("Asks what a standstill costs")


def test_a_scenario_in_six_steps_tested_in_writing(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1440, "height": 900})
    begin(page, stack)
    write_details(page, TITLE)
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Persona mapping")
    page.get_by_label("Ecosystem").select_option("customers")
    page.get_by_label("Vertical").select_option("manufacturing")
    press(page, "Show people")
    press(page, "Take Helga Brandt")
    expect(page.get_by_label("Name of the persona")).to_have_value("Helga Brandt")
    press(page, "Continue")
    expect(page.get_by_role("radio", name="Analytical")).to_be_checked()
    press(page, "Back")
    expect(page.get_by_label("Name of the persona")).to_have_value("Helga Brandt")
    press(page, "Personality")
    page.get_by_role("radio", name="In my own words").first.check()
    page.locator("#trait_own").fill("Dry and fair")
    press(page, "Continue")
    page.get_by_role("radio", name="Negotiation").check()
    press(page, "Continue")
    page.get_by_label("Sessions per week").select_option("2")
    press(page, "Continue")
    page.get_by_role("checkbox", name="Jonas Weber").check()
    press(page, "Start")
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_role("row", name=re.compile("Jonas Weber"))).to_contain_text("To do")
    page.get_by_role("button", name="Test session by text").click()
    page.wait_for_url("**/room")
    answers = page.locator('[data-part="captions-turns"] [data-speaker="persona"]:not([data-partial])')
    expect(answers).to_have_count(1, timeout=15_000)
    expect(answers.first).to_contain_text("You are not the cheapest")
    page.get_by_role("textbox", name="Write to Helga Brandt").fill("What would a standstill cost you in a day?")
    page.get_by_role("button", name="Send").click()
    expect(answers).to_have_count(2, timeout=15_000)
    page.get_by_role("button", name="End", exact=True).click()
    page.get_by_role("button", name="Yes, end").click()
    page.wait_for_url(re.compile(r"/attempts/[0-9a-f-]+$"), timeout=15_000)


def test_leaving_by_a_link_or_closing_the_tab_keeps_what_was_typed(
    stack: Stack, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    begin(page, stack)
    address = page.url
    page.get_by_label("Name", exact=True).fill("Left by a link")
    page.get_by_role("link", name="Catalog").click()
    page.wait_for_url("**/catalog")
    page.goto(address)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Left by a link")
    page.get_by_label("Name", exact=True).fill("Kept while writing")
    expect(page.get_by_text("Kept", exact=True)).to_be_visible(timeout=10_000)
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_label("Name", exact=True)).to_have_value("Kept while writing")


def test_tags_are_edited_in_a_dialog_over_the_table(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page()
    stack.enter(page, "Priya Raman")
    page.goto(f"{stack.url}/o/alder/scenarios?q=fridge")
    page.get_by_role("link", name=re.compile("Add Tag")).click()
    dialog = page.get_by_role("dialog", name="Edit tags")
    expect(dialog).to_be_visible()
    dialog.get_by_label("New tags").fill("Service desk")
    dialog.get_by_role("button", name="Update").click()
    page.wait_for_url("**/scenarios?q=fridge")
    expect(page.get_by_role("row", name=re.compile("The fridge"))).to_contain_text("Service desk")
    page.get_by_role("link", name="Service desk", exact=True).click()
    page.wait_for_url(re.compile("tag=Service"))
    expect(page.locator(".table-status")).to_contain_text("1 scenario")


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_on_the_pages_of_an_author(stack: Stack, open_page: Callable[..., Page], way: str) -> None:
    page = open_page(reduced_motion="reduce", **WAYS[way])
    stack.enter(page, "Tom Lindqvist")
    faults: list[str] = []
    for path in ("", "/imports", "/copies", "?q=expensive"):
        page.goto(f"{stack.url}/o/alder/scenarios{path}")
        faults += violations(page)
    page.get_by_role("link", name="Twenty percent too expensive", exact=True).click()
    scenario = page.url
    for part in ("", "?part=persona", "?part=personality", "?part=evaluation", "?part=frequency"):
        page.goto(scenario + part)
        faults += violations(page)
    page.get_by_role("button", name="Duplicate").click()
    page.wait_for_url("**/edit/details")
    for step in ("details", "persona", "personality", "evaluation", "frequency", "participants"):
        page.goto(page.url.rsplit("/", 1)[0] + "/" + step)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), step
        faults += violations(page)
    page.goto(scenario + "/tags")
    assert not faults + violations(page)
