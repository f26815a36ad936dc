"""People and their tags: on one person, on many at once, and a team that a scenario can be given to."""

import pytest
from flask import Flask

from roleplay.assignments.models import Participant
from tenants.db import db
from tenants.member_tags import list_teams, tags_on
from tests.assigning import in_use
from tests.browsers import Browser, Enter
from tests.cast import Cast, Person
from tests.practice import as_member
from tests.web.reading import Page, read

PEOPLE = "/o/acme/people"


def tags(app: Flask, person: Person) -> list[str]:
    assert person.member_id
    with as_member(app, person):
        return tags_on([person.member_id])[person.member_id]


def shown(page: Page) -> list[str]:
    """Who is in the table, in its order."""
    return [box.attributes["aria-label"] for box in page.all("input") if box.attributes.get("name") == "members"]


def test_everybody_is_listed_by_name_and_found_by_name_or_mail(anna: Browser) -> None:
    assert shown(read(anna.get(PEOPLE))) == ["Adam", "Anna", "Carl", "Lea", "Leo", "Olivia"]
    assert shown(read(anna.get(PEOPLE, query_string={"q": "LEO@ exam"}))) == ["Leo"]
    assert "Nobody matches" in read(anna.get(PEOPLE, query_string={"q": "zzz"})).words


def test_a_team_is_made_by_tagging_whoever_is_ticked(anna: Browser, app: Flask, cast: Cast) -> None:
    both = [str(cast.lea.member_id), str(cast.leo.member_id)]
    done = anna.post(f"{PEOPLE}/tags", {"members": both, "name": " Sales  north ", "do": "add", "q": "le"})
    assert (done.status_code, done.location) == (303, f"{PEOPLE}?q=le")
    assert "2 people tagged." in read(anna.get(PEOPLE)).words
    assert tags(app, cast.lea) == tags(app, cast.leo) == ["Sales north"]
    page = read(anna.get(PEOPLE, query_string={"tag": "sales NORTH"}))
    assert shown(page) == ["Lea", "Leo"] and "Sales north · 2" in page.words
    anna.post(f"{PEOPLE}/tags", {"members": both[:1], "name": "SALES NORTH", "do": "remove"})
    assert (tags(app, cast.lea), tags(app, cast.leo)) == ([], ["Sales north"])


def front_desk(app: Flask, cast: Cast) -> str:
    with as_member(app, cast.anna):
        return str(next(team.tag_id for team in list_teams() if team.name == "Front desk"))


def test_who_carries_the_tag_is_invited_with_the_team(anna: Browser, app: Flask, cast: Cast) -> None:
    anna.post(f"{PEOPLE}/{cast.leo.member_id}/tags", {"new": "Front desk, New hires"})
    with as_member(app, cast.anna) as author:
        scenario = in_use(author)
        db.session.commit()
        address = f"/o/acme/scenarios/{scenario.id}/participants"
    assert "Front desk 1 person" in read(anna.get(address)).words
    anna.post(address, {"teams": front_desk(app, cast)})
    with as_member(app, cast.anna):
        assert [one.member_id for one in db.session.query(Participant)] == [cast.leo.member_id]


def test_edit_tags_gives_exactly_what_is_picked_and_typed(anna: Browser, app: Flask, cast: Cast) -> None:
    address = f"{PEOPLE}/{cast.lea.member_id}/tags"
    anna.post(address, {"new": "North, South"})
    page = read(anna.get(address))
    assert "checked" in page.the("input", name="tag", value="North").attributes
    assert anna.post(address, {"tag": "South", "new": "West"}).location == PEOPLE
    assert tags(app, cast.lea) == ["South", "West"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"members": "", "name": "Team"}, "Tick at least one person."),
        ({"members": "nonsense", "name": "Team"}, "Tick at least one person."),
        ({"name": ""}, "Enter a tag."),
        ({"name": "\u200b \t"}, "Enter a tag."),
        ({"name": "x" * 10_000}, "A tag has at most 60 characters."),
    ],
)
def test_a_refused_tag_keeps_who_is_ticked_and_what_was_typed(
    anna: Browser, cast: Cast, typed: dict[str, str], words: str
) -> None:
    lea = str(cast.lea.member_id)
    answer = anna.post(f"{PEOPLE}/tags", {"members": lea, "do": "add", **typed})
    page = read(answer)
    assert answer.status_code == 422 and words in page.words
    if "members" not in typed:
        assert "checked" in page.the("input", name="members", value=lea).attributes
    assert page.the("input", id="field-name").attributes["value"] == typed["name"]


@pytest.mark.parametrize("new", ["x" * 10_000, ",".join(f"tag {n}" for n in range(21))])
def test_too_long_or_too_many_tags_are_given_back(anna: Browser, app: Flask, cast: Cast, new: str) -> None:
    answer = anna.post(f"{PEOPLE}/{cast.lea.member_id}/tags", {"new": new})
    assert answer.status_code == 422 and read(answer).value_of("new") == new
    assert tags(app, cast.lea) == []


def test_only_those_who_give_practice_say_who_is_in_a_team(enter: Enter, cast: Cast) -> None:
    for person in (cast.lea, cast.carl):
        browser = enter(person)
        assert browser.get(PEOPLE).status_code == 403
        assert browser.get(f"{PEOPLE}/{cast.leo.member_id}/tags").status_code == 404
        assert PEOPLE not in {link.attributes.get("href") for link in read(browser.get("/o/acme/")).all("a")}


def test_another_organizations_people_are_nobody_here(anna: Browser, enter: Enter, app: Flask, cast: Cast) -> None:
    assert anna.post(f"{PEOPLE}/{cast.ben.member_id}/tags", {"new": "Mine"}).status_code == 404
    assert anna.post(f"{PEOPLE}/tags", {"members": str(cast.ben.member_id), "name": "Mine"}).status_code == 422
    assert tags(app, cast.ben) == []
