"""The help centre."""

import pytest

from roleplay.web.help_centre import PAGES
from tests.browsers import Browser
from tests.web.reading import read


def test_the_index_leads_to_every_page(anonymous: Browser) -> None:
    links = {link.attributes["href"] for link in read(anonymous.get("/help")).all("a")}
    assert {f"/help/{page}" for page in PAGES} <= links


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_words_and_the_way_back(anonymous: Browser, page: str) -> None:
    response = anonymous.get(f"/help/{page}")
    assert response.status_code == 200
    assert len(read(response).words.split()) > 80
    assert read(response).the("nav", aria_label="You are here")


@pytest.mark.parametrize("page", ["unknown", "index", "_article", "../errors/error", "%2e%2e%2fsign_in%2fshow"])
def test_no_other_template_is_a_help_page(anonymous: Browser, page: str) -> None:
    assert anonymous.get(f"/help/{page}").status_code == 404
