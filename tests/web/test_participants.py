"""Invite participants by ticking people or a team, and remove them."""

from uuid import UUID

import pytest
from flask import Flask

from roleplay.assignments.models import Participant
from tenants.db import db
from tests.assigning import in_use, sessions_of
from tests.authoring import write
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member
from tests.web.reading import read


@pytest.fixture
def anna(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.anna)


@pytest.fixture
def scenario_url(app: Flask, cast: Cast) -> str:
    with as_member(app, cast.anna) as author:
        scenario = in_use(author)
        db.session.commit()
        return f"/o/acme/scenarios/{scenario.id}"


def taking_part(app: Flask, cast: Cast) -> set[UUID]:
    with as_member(app, cast.anna):
        return {one.member_id for one in db.session.query(Participant).filter_by(removed_at=None)}


def test_whoever_is_ticked_finds_it_on_the_to_do_list(
    anna: Browser, enter: Enter, app: Flask, cast: Cast, scenario_url: str
) -> None:
    page = read(anna.get(f"{scenario_url}/participants"))
    assert page.the("input", name="members", value=str(cast.lea.member_id))
    done = anna.post(f"{scenario_url}/participants", {"members": [str(cast.lea.member_id)], "deadline": "2099-05-04"})
    assert (done.status_code, done.location) == (303, scenario_url)
    words = read(anna.get(scenario_url)).words
    assert "1 person invited." in words and "Lea" in words and "To do" in words
    assert "The missed deadline" in read(enter(cast.lea).get("/o/acme/")).words
    with as_member(app, cast.lea) as lea:
        (session,) = sessions_of(lea)
        assert session.deadline_at and session.deadline_at.isoformat() == "2099-05-04T23:59:59+00:00"
    page = read(anna.get(f"{scenario_url}/participants"))
    assert str(cast.lea.member_id) not in {box.attributes.get("value") for box in page.all("input")}


def test_people_kept_as_a_team_are_invited_together_next_time(
    anna: Browser, app: Flask, cast: Cast, scenario_url: str
) -> None:
    both = [str(cast.lea.member_id), str(cast.leo.member_id)]
    anna.post(f"{scenario_url}/participants", {"members": both, "team": "Sales north"})
    with as_member(app, cast.anna) as author:
        other = in_use(author, title="Another one")
        db.session.commit()
        address = f"/o/acme/scenarios/{other.id}/participants"
    page = read(anna.get(address))
    assert "Sales north 2 people" in page.words
    anna.post(address, {"teams": page.the("input", name="teams").attributes["value"]})
    assert "2 people invited." in read(anna.get(address)).words


def test_finding_more_people_keeps_who_is_ticked(anna: Browser, cast: Cast, scenario_url: str) -> None:
    ticked = {"members": [str(cast.lea.member_id)], "q": "carl", "do": "find", "team": "Sales"}
    page = read(anna.post(f"{scenario_url}/participants", ticked))
    boxes = [box for box in page.all("input") if box.attributes.get("name") == "members"]
    assert [(box.attributes["value"], "checked" in box.attributes) for box in boxes] == [
        (str(cast.lea.member_id), True),
        (str(cast.carl.member_id), False),
    ]
    assert page.value_of("team") == "Sales"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"members": []}, "Tick at least one person or team."),
        ({"members": ["nonsense"]}, "Tick at least one person or team."),
        ({"deadline": "2020-01-01"}, "Choose a day that is still to come."),
        ({"deadline": "soon"}, "Choose a day that is still to come."),
        ({"deadline": "0001-01-01"}, "Choose a day that is still to come."),
        ({"team": "x" * 61}, "A tag has at most 60 characters."),
    ],
)
def test_a_refused_answer_is_said_at_its_field_and_invites_nobody(
    anna: Browser, app: Flask, cast: Cast, scenario_url: str, changes: dict[str, object], words: str
) -> None:
    answer = anna.post(f"{scenario_url}/participants", {"members": [str(cast.lea.member_id)], **changes})
    assert answer.status_code == 422
    assert words in read(answer).words
    assert not taking_part(app, cast)


def test_a_member_of_another_organization_cannot_be_invited(
    anna: Browser, app: Flask, cast: Cast, scenario_url: str
) -> None:
    assert anna.post(f"{scenario_url}/participants", {"members": [str(cast.ben.member_id)]}).status_code == 422
    assert not taking_part(app, cast)


def test_a_draft_takes_no_participants(anna: Browser, app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as author:
        draft = write(author)
        db.session.commit()
        address = f"/o/acme/scenarios/{draft.id}/participants"
    assert "Nobody can be invited" in read(anna.get(address)).words
    assert anna.post(address, {"members": [str(cast.lea.member_id)]}).status_code == 409


def test_removing_asks_first_and_takes_the_untouched_session_away(
    anna: Browser, app: Flask, cast: Cast, scenario_url: str
) -> None:
    anna.post(f"{scenario_url}/participants", {"members": [str(cast.lea.member_id)]})
    removal = f"{scenario_url}/participants/{cast.lea.member_id}/removal"
    page = read(anna.get(scenario_url))
    assert "Remove participant from scenario?" in page.words
    assert page.the("form", action=removal)
    assert anna.post(removal).status_code == 303
    assert not taking_part(app, cast)
    with as_member(app, cast.lea) as lea:
        assert not sessions_of(lea)
    assert anna.post(removal).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("adam", 200), ("carl", 403), ("lea", 404)])
def test_who_may_invite(enter: Enter, cast: Cast, scenario_url: str, who: str, status: int) -> None:
    browser = enter(getattr(cast, who))
    assert browser.get(f"{scenario_url}/participants").status_code == status
    if status == 403:
        assert "Scenarios are written by authors" in read(browser.get(f"{scenario_url}/participants")).words


def test_a_coach_follows_an_assigned_session_and_a_learner_only_the_own(
    anna: Browser, enter: Enter, app: Flask, cast: Cast, scenario_url: str
) -> None:
    anna.post(f"{scenario_url}/participants", {"members": [str(cast.lea.member_id)]})
    with as_member(app, cast.lea) as lea:
        address = f"/o/acme/sessions/{sessions_of(lea)[0].id}"
    carl = enter(cast.carl)
    assert read(carl.get(scenario_url)).the("a", href=address)
    page = read(carl.get(address))
    assert "Scenario attempts of Lea" in page.words and "Start new" not in page.words
    assert carl.post(f"{address}/attempts").status_code == 404
    assert enter(cast.leo).get(address).status_code == 404
