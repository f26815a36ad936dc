"""Whoever may look at scenarios and not write them opens what is there, and is told why there is no more."""

from uuid import UUID

import pytest
from flask import Flask

from tenants.db import db
from tenants.permissions import Seat
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read
from tests.web.writing import TABLE


@pytest.mark.parametrize(("who", "status"), [("carl", 200), ("lea", 403)])
def test_who_may_not_write_gets_a_clear_sentence(enter: Enter, cast: Cast, who: str, status: int) -> None:
    browser = enter(getattr(cast, who))
    response = browser.get(TABLE)
    assert response.status_code == status
    assert "the role of an author" in read(response).words
    refused = browser.post(TABLE)
    assert refused.status_code == 403
    assert "Scenarios are written by authors" in read(refused).words
    assert ("Roleplay Scenarios" in read(browser.get("/o/acme/")).words) == (status == 200)


def test_a_coach_reads_a_scenario_and_finds_no_button_to_change_it(enter: Enter, cast: Cast, scenario_id: UUID) -> None:
    carl = enter(cast.carl)
    page = read(carl.get(f"{TABLE}/{scenario_id}"))
    assert "You can look at this scenario" in page.words
    assert not [form for form in page.all("form") if str(scenario_id) in form.attributes["action"]]
    assert carl.post(f"{TABLE}/{scenario_id}/deletion").status_code == 403
    assert carl.get(f"{TABLE}/{scenario_id}/edit/details").status_code == 403
    assert enter(cast.lea).get(f"{TABLE}/{scenario_id}").status_code == 404


def test_an_author_with_a_read_only_seat_opens_what_is_there_and_is_told_that_it_is_the_seat(
    anna: Browser, app: Flask, cast: Cast, scenario_id: UUID
) -> None:
    with as_member(app, cast.anna) as author:
        author.seat = Seat.READ_ONLY
        db.session.commit()
    looked_at = [anna.get(TABLE), anna.get(f"{TABLE}/{scenario_id}")]
    refused = [
        anna.post(TABLE),
        anna.get(f"{TABLE}/copies"),
        anna.get(f"{TABLE}/{scenario_id}/edit/details"),
        anna.post(f"{TABLE}/{scenario_id}/copies"),
    ]
    assert [response.status_code for response in (*looked_at, *refused)] == [200, 200, 403, 403, 403, 403]
    for response in (*looked_at, *refused):
        words = read(response).words
        assert "Your seat is read-only: you can open and practise what is there" in words
        assert "the role of an author" not in words
