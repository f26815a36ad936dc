"""A catalog with more scenarios than a page shows."""

from flask import Flask

from tenants.db import db
from tests.browsers import Enter
from tests.cast import Cast
from tests.practice import THE_SCENARIO, as_member, publish_the_scenario
from tests.web.reading import read


def test_the_catalog_is_paged_and_keeps_what_is_searched(app: Flask, cast: Cast, enter: Enter) -> None:
    with as_member(app, cast.lea):
        for number in range(30):
            publish_the_scenario(THE_SCENARIO.model_copy(update={"title": f"Talk {number:02}"}))
        db.session.commit()
    lea = enter(cast.lea)
    first, last = (read(lea.get(f"/o/acme/catalog?q=talk&page={page}")) for page in (1, 2))
    assert (len(first.all("article")), len(last.all("article"))) == (24, 6)
    assert "30 scenarios" in last.words and "Talk 29" in last.words and "Talk 00" in first.words
    assert any("q=talk&page=2" in link.attributes.get("href", "") for link in first.all("a"))
    for wild in ("0", "-3", "99999999999999999999", "x"):
        assert lea.get(f"/o/acme/catalog?page={wild}").status_code == 200
