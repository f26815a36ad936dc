"""Writing a scenario in six steps and testing it in writing; what is typed survives every way of leaving a step."""

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_accessibility import faults

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
        expect(page.locator(f"#goals-{number}-text")).to_be_focused()
        page.keyboard.type(text)
    press(page, "Move Goal 2 up")
    expect(page.get_by_role("button", name="Move Goal 1 down")).to_be_focused()
    expect(page.locator("#goals-0-text")).to_have_value("Put your price next to what a standstill costs.")
    press(page, "Add something that opens them up")
    expect(page.locator("#opens-0-text")).to_be_focused()
    page.keyboard.type("Asks what a standstill costs")


def test_a_scenario_in_six_steps_tested_in_writing(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 1440, "height": 900})
    begin(page, stack)
    write_details(page, TITLE)
    press(page, "Continue")
    expect(page.get_by_role("heading", level=1)).to_have_text("Persona mapping")
    page = left_and_come_back(page, stack)
    page.get_by_label("Ecosystem").select_option("customers")
    expect(page.get_by_text("People who buy from you, use what you make, or may one day.")).to_be_visible()
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


def left_and_come_back(page: Page, stack: Stack) -> Page:
    """Mid-way in the second step: back by the browser, on again, and the tab is closed with a word half typed."""
    page.get_by_label("Job").fill("Head of buy")
    page.go_back()
    expect(page.get_by_label("Name", exact=True)).to_have_value(TITLE)
    page.go_forward()
    expect(page.get_by_label("Job")).to_have_value("Head of buy")
    page.get_by_label("Job").fill("Head of buying")
    step = page.url
    page.close(run_before_unload=False)
    again = page.context.new_page()
    again.goto(f"{stack.url}/o/alder/scenarios?status=draft&by=me")
    again.get_by_role("link", name=TITLE, exact=True).click()
    again.get_by_role("link", name="Edit", exact=True).click()
    press(again, "Persona mapping")
    assert again.url == step
    expect(again.get_by_label("Job")).to_have_value("Head of buying")
    return again


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


def lapse(context: BrowserContext) -> Callable[[], None]:
    """Ends the sign-in behind the page's back; the answer takes it up again."""
    (cookie,) = [one for one in context.cookies() if one.get("name") == "sign-in"]
    context.clear_cookies(name="sign-in")
    return lambda: context.add_cookies([cookie])  # type: ignore[list-item]


def test_a_lapsed_sign_in_loses_nothing(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page()
    begin(page, stack)
    address, name, status = page.url, page.get_by_label("Name", exact=True), page.locator("[data-kept-status]")
    name.fill("Pressed after the sign-in had lapsed")
    sign_in_again = lapse(page.context)
    page.get_by_role("button", name="Continue").last.click()
    page.wait_for_url("**/sign-in?next=**")
    sign_in_again()
    page.goto(address)
    expect(page.get_by_text("What you typed here before is back, and kept.")).to_be_visible()
    expect(name).to_have_value("Pressed after the sign-in had lapsed")

    sign_in_again = lapse(page.context)
    name.fill("Typed after the sign-in had lapsed")
    expect(status).to_contain_text("You are signed out.", timeout=10_000)
    sign_in_again()
    page.reload()
    expect(name).to_have_value("Typed after the sign-in had lapsed")


def test_a_lost_connection_and_a_refusal_lose_nothing(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page()
    begin(page, stack)
    address, name, status = page.url, page.get_by_label("Name", exact=True), page.locator("[data-kept-status]")
    page.context.set_offline(True)
    name.fill("Typed without a connection")
    expect(status).to_contain_text("no connection", timeout=10_000)
    page.close()
    page.context.set_offline(False)
    again = page.context.new_page()
    again.goto(address)
    expect(again.get_by_label("Name", exact=True)).to_have_value("Typed without a connection")

    again.get_by_label("Name", exact=True).fill("x" * 10_000)
    expect(again.locator("[data-kept-status]")).to_contain_text("needs another look", timeout=10_000)
    again.goto(f"{stack.url}/o/alder/catalog")
    again.goto(address)
    expect(again.get_by_text("Use at most 600 characters.").first).to_be_visible()
    expect(again.get_by_label("Name", exact=True)).to_have_value("x" * 10_000)
    again.get_by_label("Name", exact=True).fill("Short again")
    again.locator("form[data-signs-out] button").dispatch_event("click")
    again.wait_for_url("**/sign-in**")
    assert not again.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('kept:'))")
    stack.enter(again, "Priya Raman")
    again.goto(address)
    expect(again.get_by_label("Name", exact=True)).to_have_value("Short again")


def test_a_second_author_sees_what_differs_and_chooses(stack: Stack, open_page: Callable[..., Page]) -> None:
    priya, tom = open_page(), open_page()
    begin(priya, stack)
    address = priya.url
    stack.enter(tom, "Tom Lindqvist")
    tom.goto(address)
    priya.get_by_label("Name", exact=True).fill("Priya's title")
    press(priya, "Continue")
    tom.get_by_label("Name", exact=True).fill("Tom's title")
    expect(tom.locator("[data-kept-status]")).to_contain_text("somebody else saved this step", timeout=10_000)
    press(tom, "Continue")
    told = tom.get_by_role("alert")
    expect(told).to_contain_text("Priya Raman saved this step while you were writing")
    expect(told).to_contain_text(re.compile(r"Name\s+Theirs\s*Priya's title\s+Yours\s*Tom's title"))
    assert not faults(tom)
    tom.goto(f"{stack.url}/o/alder/catalog")
    priya.goto(address)
    expect(priya.get_by_label("Name", exact=True)).to_have_value("Priya's title")
    tom.goto(address)
    expect(tom.get_by_label("Name", exact=True)).to_have_value("Tom's title")
    press(tom, "Save mine over theirs")
    expect(tom.get_by_label("Name", exact=True)).to_have_value("Tom's title")
    expect(tom.get_by_role("alert")).to_have_count(0)


def test_a_copy_is_edited_tried_and_put_in_use(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page(viewport={"width": 390, "height": 844})
    stack.enter(page, "Priya Raman")
    page.goto(f"{stack.url}/o/alder/scenarios?q=expensive")
    page.get_by_role("link", name="Twenty percent too expensive", exact=True).click()
    page.get_by_role("button", name="Duplicate").click()
    page.wait_for_url("**/edit/details")
    page.get_by_label("Name", exact=True).fill("Our own price talk")
    page.get_by_label("Objective").fill("")
    press(page, "Save and close")
    page.get_by_role("button", name="Test session", exact=True).click()
    expect(page.get_by_text("Scenario is not valid for test session", exact=True)).to_be_visible()
    page.get_by_role("link", name="Objective: not filled in yet").click()
    expect(page.get_by_label("Objective")).to_be_focused()
    page.keyboard.type("She takes it to the committee.")
    press(page, "Personality")
    page.get_by_role("link", name="Listen: Warm voice").click()
    listen = page.get_by_role("link", name="Listen: Warm voice")
    expect(listen).to_have_attribute("aria-current", "true")
    expect(listen).not_to_have_attribute("aria-current", "true", timeout=9_000)
    press(page, "Participants")
    press(page, "Start")
    expect(page.get_by_role("heading", level=1)).to_have_text("Our own price talk")
    expect(page.get_by_text("In use", exact=True)).to_be_visible()
    page.get_by_role("link", name="Edit", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Our own price talk, harder")
    press(page, "Save and close")
    expect(page.get_by_text("Changed since it was put in use")).to_be_visible()
    press(page, "Use the changes")
    expect(page.get_by_text("Changed since it was put in use")).to_have_count(0)
    page.get_by_label("More").click()
    page.get_by_role("button", name="Delete", exact=True).first.click()
    expect(page.get_by_role("heading", name="Delete scenario?")).to_be_visible()
    page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/scenarios")
    expect(page.get_by_role("link", name=re.compile("Our own price talk"))).to_have_count(0)
