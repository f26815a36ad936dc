"""The report as a coach uses it: from the scenarios to the figures, narrowed, and taken away as a file."""

import csv
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Stack
from tests.browser.test_accessibility import WAYS, violations
from tests.browser.test_written_practice import APOLOGY, end, say, start


def practise(page: Page, stack: Stack) -> None:
    start(page, stack, "Jonas Weber")
    say(page, APOLOGY)
    end(page)


def test_a_report_is_exported(stack: Stack, open_page: Callable[..., Page]) -> None:
    practise(open_page(), stack)
    page = open_page(accept_downloads=True)
    stack.enter(page, "Hannah Cole")
    page.goto(f"{stack.url}/o/alder/scenarios")
    page.get_by_role("link", name="Report", exact=True).click()
    expect(page.get_by_role("heading", name="Week by week")).to_be_visible()
    page.get_by_label("Period").select_option("4")
    page.wait_for_url("**/reports?weeks=4")
    page.get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="Plain table (CSV)").click()
    expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible(timeout=30_000)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0][:3] == ["Part", "Name", "Scenario"]
    assert int(next(row for row in rows if row[0] == "Totals")[4]) >= 1
    assert not [row for row in rows if "Jonas Weber" in row and row[4] != "0"], "his practice is private"


@pytest.mark.parametrize("way", WAYS)
def test_axe_finds_nothing_on_the_report(stack: Stack, open_page: Callable[..., Page], way: str) -> None:
    page = open_page(reduced_motion="reduce", **WAYS[way])
    stack.enter(page, "Hannah Cole")
    faults: list[str] = []
    for path in ("reports", "reports?weeks=52", "reports?tag=nothing"):
        page.goto(f"{stack.url}/o/alder/{path}")
        faults += violations(page)
    page.get_by_text("Export", exact=True).click()
    page.get_by_role("button", name="Document (PDF)").click()
    expect(page.get_by_role("heading", name="Your file is ready")).to_be_visible(timeout=30_000)
    faults += violations(page)
    stack.enter(page, "Jonas Weber")
    page.goto(f"{stack.url}/o/alder/reports")
    faults += violations(page)
    assert not faults
