"""Tables that narrow while somebody types, chats that are deleted for good, and a roleplay that begins again."""

import json
import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect

from tests.browser.conftest import Stack
from tests.browser.test_accessibility import violations
from tests.browser.test_written_practice import APOLOGY, end, say, start


@pytest.mark.parametrize(
    ("path", "table", "typed", "kept"),
    [
        ("scenarios", "#scenario-table", "fridge", "The fridge that never came"),
        ("people", "#people-table", "edith", "Edith Moreau"),
    ],
)
def test_typing_narrows_a_table_without_a_key_that_sends(
    stack: Stack, open_page: Callable[..., Page], path: str, table: str, typed: str, kept: str
) -> None:
    page = open_page()
    stack.enter(page, "Priya Raman")
    page.goto(f"{stack.url}/o/alder/{path}")
    rows = page.locator(f"{table} tbody tr")
    assert rows.count() > 1
    page.get_by_role("searchbox").first.press_sequentially(typed, delay=20)
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(kept)
    expect(page).to_have_url(re.compile(rf"q={typed}"))
    expect(page.get_by_role("searchbox").first).to_be_focused()
    page.get_by_role("searchbox").first.press_sequentially("zzz")
    expect(page).to_have_url(re.compile(rf"q={typed}zzz"))
    expect(rows).to_have_count(0)
    page.get_by_role("link", name="Clear filters").click()
    expect(rows).not_to_have_count(0)


def test_the_sessions_narrow_while_typing_and_leave_as_a_file(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page()
    start(page, stack, "Tom Lindqvist")
    say(page, APOLOGY)
    end(page)
    page.goto(f"{stack.url}/o/alder/sessions?participant=tom@alder.example")
    rows = page.locator("#session-table tbody tr")
    expect(rows).not_to_have_count(0)
    page.get_by_label("Search the sessions").press_sequentially("no such session", delay=10)
    expect(page.get_by_text("No session matches")).to_be_visible()
    page.get_by_label("Search the sessions").fill("")
    page.get_by_label("Search the sessions").press_sequentially("fridge")
    expect(page).to_have_url(re.compile("q=fridge"))
    expect(rows).not_to_have_count(0)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export this view").click()
    lines = download.value.path().read_text("utf-8-sig").splitlines()
    assert download.value.suggested_filename == "roleplay-training.csv"
    assert len(lines) == 1 + rows.count()
    assert all("The fridge that never came" in line and "Tom Lindqvist" in line for line in lines[1:])


def test_delete_chat_asks_first_and_then_it_is_gone(stack: Stack, open_page: Callable[..., Page]) -> None:
    page = open_page()
    start(page, stack, "Margaret Osei")
    say(page, APOLOGY)
    end(page)
    debrief = page.url
    page.get_by_role("button", name="Delete chat").click()
    dialog = page.get_by_role("alertdialog", name="Delete chat?")
    expect(dialog).to_contain_text("This is permanent.")
    expect(dialog.get_by_role("button", name="Cancel")).to_be_focused()
    assert not violations(page)
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("heading", name="Goal by goal")).to_be_visible()
    page.get_by_role("button", name="Delete chat").click()
    dialog.get_by_role("button", name="Delete", exact=True).click()
    page.wait_for_url(re.compile(r"/sessions/[0-9a-f-]+$"))
    expect(page.get_by_text("The chat is deleted.")).to_be_visible()
    answer = page.goto(debrief)
    assert answer and answer.status == 404


def test_restart_after_an_error_begins_a_new_attempt_and_keeps_the_old_one(
    stack: Stack, open_page: Callable[..., Page]
) -> None:
    page = open_page()
    calls: list[WebSocketRoute] = []

    def overhear(call: WebSocketRoute) -> None:
        call.connect_to_server()
        calls.append(call)

    page.route_web_socket(re.compile("/relay/calls"), overhear)
    start(page, stack, "Hannah Cole")
    say(page, APOLOGY)
    calls[-1].send(json.dumps({"type": "ended", "reason": "error", "seq": 10_000}))
    expect(page.get_by_text("There was an issue with the roleplay.")).to_be_visible()
    page.get_by_role("button", name="Restart roleplay").click()
    expect(page.locator('[data-part="captions-turns"] [data-speaker="persona"]')).to_have_count(1, timeout=15_000)
    say(page, APOLOGY)
    end(page)
    page.get_by_label("You are here").get_by_role("link", name="The fridge that never came").click()
    attempts = page.get_by_role("table").locator("tbody tr")
    expect(attempts).to_contain_text([re.compile(r"Attempt \d"), re.compile(r"Attempt \d")])
    assert attempts.count() >= 2


def wait_for_letter(page: Page, stack: Stack, heading: str) -> None:
    """A worker writes it, and the page shows what there was when it was opened."""
    for _second in range(20):
        page.goto(f"{stack.url}/dev/mail")
        if page.get_by_text(heading).count():
            break
        page.wait_for_timeout(1000)
    expect(page.get_by_text(heading).first).to_be_visible()


def test_a_team_is_tagged_given_a_scenario_and_told_of_another_deadline(
    stack: Stack, open_page: Callable[..., Page]
) -> None:
    author, learner = open_page(), open_page()
    stack.enter(author, "Priya Raman")
    author.goto(f"{stack.url}/o/alder/people")
    for name in ("Edith Moreau", "Jonas Weber"):
        author.get_by_role("checkbox", name=name).check()
    author.get_by_label("Tag", exact=True).fill("Night shift")
    author.get_by_role("button", name="Add tag", exact=True).click()
    expect(author.get_by_text("2 people tagged.")).to_be_visible()
    author.goto(f"{stack.url}/o/alder/scenarios?q=outage&type=support")
    author.get_by_role("link", name="The morning after the outage", exact=True).click()
    author.get_by_role("link", name="Invite Participants").click()
    author.get_by_role("checkbox", name=re.compile("Night shift")).check()
    author.get_by_role("button", name="Invite", exact=True).click()
    expect(author.get_by_text("2 people invited.")).to_be_visible()

    stack.enter(learner, "Edith Moreau")
    learner.get_by_role("link", name="The morning after the outage").first.click()
    expect(learner.get_by_text("To do", exact=True)).to_be_visible()
    expect(learner.get_by_text("Deadline:")).to_be_hidden()
    expect(learner.get_by_role("button", name="Start new")).to_be_enabled()

    author.get_by_role("link", name="Frequency and deadline").click()
    day = author.get_by_label("Day", exact=True)
    expect(day).to_be_hidden()
    author.get_by_role("radio", name="Another day").check()
    deadline = date.today() + timedelta(days=12)  # noqa: DTZ011
    day.fill(deadline.isoformat())
    assert not violations(author)
    author.get_by_role("button", name="Save").click()
    expect(author.get_by_text("Saved. 2 people are told of the deadline.")).to_be_visible()
    learner.reload()
    expect(learner.get_by_text(f"Deadline: {deadline:%A} {deadline.day} {deadline:%B}, 23:59")).to_be_visible()
    wait_for_letter(author, stack, "Another deadline for “The morning after the outage” → edith@alder.example")
