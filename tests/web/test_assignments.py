"""Frequency, deadline and instructions of an assignment, changed after people were invited."""

from typing import Any

import pytest
from flask import Flask

from roleplay.assignments import assigning
from roleplay.assignments.models import Assignment, Notice, PracticeSession
from roleplay.assignments.scheduling import open_week
from roleplay.scenarios import authoring
from roleplay.scenarios.models import Scenario
from roleplay.scenarios.validity import Step
from roleplay.scenarios.versions import version_in_use
from tenants.db import db
from tests.assigning import give, in_paris, in_use, sessions_of
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.practice import as_member, member_of
from tests.web.reading import read

AS_IT_IS = {"sessions_per_week": "0", "deadline": "keep", "day": "", "instructions": "Take your time."}


@pytest.fixture
def address(app: Flask, cast: Cast) -> str:
    """Lea was given a scenario once, without a deadline."""
    with as_member(app, cast.anna) as anna:
        in_paris(anna)
        scenario = in_use(anna)
        give(scenario, [member_of(cast.lea)], by=anna)
        db.session.commit()
        return f"/o/acme/scenarios/{scenario.id}"


def assignment(app: Flask, cast: Cast) -> tuple[int | None, str | None]:
    with as_member(app, cast.anna):
        kept = db.session.query(Assignment).one()
        return kept.sessions_per_week, kept.instructions


def deadlines(app: Flask, cast: Cast) -> list[str | None]:
    with as_member(app, cast.lea) as lea:
        return [each.deadline_at.isoformat() if each.deadline_at else None for each in sessions_of(lea)]


def test_the_deadline_is_set_moved_and_lifted(anna: Browser, app: Flask, cast: Cast, address: str) -> None:
    page = read(anna.get(f"{address}/assignment"))
    assert "There is none." in page.words and "For 1 session that is still to do" in page.words
    for day, kept in (("2099-05-04", "2099-05-04T21:59:59+00:00"), ("2099-12-24", "2099-12-24T22:59:59+00:00")):
        done = anna.post(f"{address}/assignment", {**AS_IT_IS, "deadline": "move", "day": day})
        assert (done.status_code, done.location) == (303, address)
        assert deadlines(app, cast) == [kept]
    assert "Saved. 1 person is told of the deadline." in read(anna.get(address)).words
    assert "December 24, 2099" in read(anna.get(f"{address}/assignment")).words
    anna.post(f"{address}/assignment", {**AS_IT_IS, "deadline": "lift"})
    assert deadlines(app, cast) == [None]
    with as_member(app, cast.anna):
        kinds = {notice.kind for notice in db.session.query(Notice)}
        assert kinds == {"invitation", "moved", "lifted"}


def test_what_is_left_alone_stays(anna: Browser, app: Flask, cast: Cast, address: str) -> None:
    anna.post(f"{address}/assignment", {**AS_IT_IS, "deadline": "move", "day": "2099-05-04"})
    anna.post(f"{address}/assignment", {**AS_IT_IS, "instructions": "Begin with the price."})
    assert deadlines(app, cast) == ["2099-05-04T21:59:59+00:00"]
    assert assignment(app, cast) == (None, "Begin with the price.")


def test_instructions_show_at_once_in_the_sessions_that_are_open(
    anna: Browser, enter: Enter, app: Flask, cast: Cast, address: str
) -> None:
    with as_member(app, cast.lea) as lea:
        session = f"/o/acme/sessions/{sessions_of(lea)[0].id}"
    anna.post(f"{address}/assignment", {**AS_IT_IS, "instructions": "Begin with the price."})
    assert "Begin with the price." in read(enter(cast.lea).get(session)).words


def test_a_rhythm_begins_beside_what_was_given_once_and_ends_with_its_week(
    anna: Browser, app: Flask, cast: Cast, address: str
) -> None:
    anna.post(f"{address}/assignment", {**AS_IT_IS, "sessions_per_week": "2"})
    assert "2 sessions per week" in read(anna.get(address)).words
    with as_member(app, cast.anna):
        assert open_week() >= 1
        db.session.commit()
    with as_member(app, cast.lea) as lea:
        weeks = [session.week for session in sessions_of(lea)]
        assert weeks.count(None) == 1 and len(weeks) >= 2
    anna.post(f"{address}/assignment", AS_IT_IS)
    with as_member(app, cast.anna):
        assert open_week() == 0
        assert db.session.query(PracticeSession).count() == len(weeks)


@pytest.mark.parametrize("day", ["", "yesterday", "2001-01-01", "0001-01-01", "2099-02-30", "x" * 10_000])
def test_a_day_that_is_none_or_past_is_said_at_its_field_and_nothing_is_lost(
    anna: Browser, app: Flask, cast: Cast, address: str, day: str
) -> None:
    typed = {"sessions_per_week": "3", "deadline": "move", "day": day, "instructions": "Kept <b>here</b>."}
    answer = anna.post(f"{address}/assignment", typed)
    page = read(answer)
    assert answer.status_code == 422
    assert page.the("input", id="day").attributes["aria-invalid"] == "true"
    assert page.value_of("day") == day and "Kept <b>here</b>." in page.words
    assert "checked" in page.the("input", name="deadline", value="move").attributes
    assert deadlines(app, cast) == [None] and assignment(app, cast) == (None, "Take your time.")


def edit_and_start(app: Flask, cast: Cast, **changes: Any) -> None:
    """As the last step of the dialog does it."""
    with as_member(app, cast.anna) as author:
        scenario = db.session.query(Scenario).one()
        draft = authoring.draft_of(scenario)
        before = version_in_use(scenario)
        authoring.save(scenario, Step.FREQUENCY, changes, revision=draft.revision, by=author)
        authoring.put_in_use(scenario, by=author)
        assigning.follow(scenario, before, members=[member_of(cast.leo)], by=author)
        db.session.commit()


def test_an_edited_frequency_holds_for_those_who_take_part(anna: Browser, app: Flask, cast: Cast, address: str) -> None:
    edit_and_start(app, cast, sessions_per_week=4)
    assert assignment(app, cast)[0] == 4


def test_editing_something_else_leaves_the_frequency_that_was_changed_here(
    anna: Browser, app: Flask, cast: Cast, address: str
) -> None:
    anna.post(f"{address}/assignment", {**AS_IT_IS, "sessions_per_week": "5", "instructions": "Aloud."})
    edit_and_start(app, cast, title="Another title")
    assert assignment(app, cast) == (5, "Aloud.")


def test_there_is_nothing_to_change_before_somebody_was_invited(anna: Browser, app: Flask, cast: Cast) -> None:
    with as_member(app, cast.anna) as author:
        scenario = in_use(author)
        db.session.commit()
        address = f"/o/acme/scenarios/{scenario.id}"
    assert anna.get(f"{address}/assignment").status_code == 404
    assert "Frequency and deadline" not in read(anna.get(address)).words
