"""The debrief of an attempt, whatever became of it."""

from uuid import UUID, uuid4

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from roleplay.assignments.models import PracticeSession
from roleplay.assignments.practising import practise
from roleplay.attempts.models import Attempt, AttemptStatus, TurnStatus
from roleplay.evaluations import evaluator
from roleplay.evaluations.models import Evaluation, Reason
from tenants.db import db
from tenants.outbox import OutboxEntry
from tests.browsers import Browser, Enter
from tests.cast import Cast
from tests.judging import CREDIT, SAID, ScriptedEvaluator, end_attempt
from tests.practice import as_member, load, start_attempt
from tests.web.reading import read

FRAGMENT = {"HX-Request": "true"}


@pytest.fixture
def lea(enter: Enter, cast: Cast) -> Browser:
    return enter(cast.lea)


@pytest.fixture
def ended(app: Flask, cast: Cast) -> UUID:
    return end_attempt(app, cast.lea, SAID, "What will <b>you</b> change?")


@pytest.fixture
def evaluated(app: Flask, cast: Cast, ended: UUID) -> UUID:
    with as_member(app, cast.lea):
        evaluator.evaluate_attempt(ended, using=ScriptedEvaluator())
    return ended


@pytest.fixture
def failed(app: Flask, cast: Cast, ended: UUID) -> UUID:
    with as_member(app, cast.lea):
        evaluator.fail(ended, reason=Reason.PROVIDER_FAILED)
        db.session.commit()
    return ended


def at(attempt_id: UUID, rest: str = "") -> str:
    return f"/o/acme/attempts/{attempt_id}{rest}"


def asks_again(response: TestResponse) -> bool:
    return "hx-get" in read(response).the("div", id="evaluation").attributes


def put(app: Flask, cast: Cast, attempt_id: UUID, status: AttemptStatus) -> None:
    with as_member(app, cast.lea):
        db.session.query(Attempt).filter_by(id=attempt_id).update({"status": status})
        db.session.commit()


def assign(app: Flask, cast: Cast, attempt_id: UUID) -> None:
    """Makes it an attempt at practice that somebody assigned."""
    with as_member(app, cast.lea) as member:
        attempt = load(attempt_id)
        session = practise(attempt.version, by=member)
        db.session.query(PracticeSession).update({"is_private": False})
        attempt.practice_session_id = session.id
        db.session.commit()


@pytest.mark.parametrize("status", [AttemptStatus.ENDED, AttemptStatus.EVALUATING])
def test_while_it_is_evaluated_the_page_says_so_and_asks_again_by_itself(
    lea: Browser, app: Flask, cast: Cast, ended: UUID, status: AttemptStatus
) -> None:
    put(app, cast, ended, status)
    response = lea.get(at(ended))
    page = read(response)
    region = page.the("div", id="evaluation").attributes
    assert "Generating results…" in response.text
    assert region["hx-get"] == at(ended, "/evaluation") and region["hx-swap"] == "outerHTML"
    (without_script,) = page.all("noscript")
    assert page.inside(without_script, "a")[0].attributes["href"] == at(ended)


def test_the_question_is_answered_with_the_part_that_fills_in_until_it_is_there(
    lea: Browser, app: Flask, cast: Cast, ended: UUID
) -> None:
    waiting = lea.get(at(ended, "/evaluation"), headers=FRAGMENT)
    assert read(waiting).elements[0].attributes["id"] == "evaluation" and asks_again(waiting)
    with as_member(app, cast.lea):
        evaluator.evaluate_attempt(ended, using=ScriptedEvaluator())
    there = lea.get(at(ended, "/evaluation"), headers=FRAGMENT)
    assert not asks_again(there)
    assert not read(there).all("html", "main")
    assert "You named what happened." in there.text


def test_an_evaluated_attempt_shows_score_goals_quotes_and_what_to_do(lea: Browser, evaluated: UUID) -> None:
    response = lea.get(at(evaluated))
    page = read(response)
    assert "Score: 100 of 100" in response.text
    for text in ("Met", "A fact, not a label.", *CREDIT.worked, *CREDIT.missing, *CREDIT.suggestions, "Scripted judge"):
        assert text in page.words, text
    assert str(CREDIT.next_step) in page.words
    assert "“On Tuesday you told the client”" in page.words
    assert "You wanted to”" not in page.words  # the persona said that; it proves nothing
    assert page.the("a", href=at(evaluated, "/transcript#turn-2"))
    assert not asks_again(response)


def test_the_transcript_is_numbered_and_holds_what_was_said_as_text(lea: Browser, evaluated: UUID) -> None:
    response = lea.get(at(evaluated, "/transcript"))
    page = read(response)
    assert [item.attributes["id"] for item in page.all("li") if "turn" in item.attributes.get("class", "").split()] == [
        "turn-1",
        "turn-2",
        "turn-3",
    ]
    assert "What will <b>you</b> change?" in page.words
    assert not page.all("b")


def test_a_turn_that_could_not_be_written_down_says_so(lea: Browser, app: Flask, cast: Cast) -> None:
    attempt_id = end_attempt(app, cast.lea, "", status=TurnStatus.NOT_TRANSCRIBED)
    assert "could not be written down" in read(lea.get(at(attempt_id, "/transcript"))).words


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ((), "Nothing was said in this conversation"),
        (("Yes.",), "too little to judge fairly"),
    ],
)
def test_what_cannot_be_scored_is_not_scored_and_says_why(
    lea: Browser, app: Flask, cast: Cast, said: tuple[str, ...], reason: str
) -> None:
    attempt_id = end_attempt(app, cast.lea, *said)
    with as_member(app, cast.lea):
        evaluator.evaluate_attempt(attempt_id, using=ScriptedEvaluator())
    response = lea.get(at(attempt_id))
    assert "Not scored" in read(response).words and reason in read(response).words
    assert "of 100" not in response.text and not asks_again(response)


def test_a_failed_evaluation_can_be_made_again(lea: Browser, app: Flask, cast: Cast, failed: UUID) -> None:
    page = read(lea.get(at(failed)))
    assert "The evaluation could not be made" in page.words
    retry = page.the("form", action=at(failed, "/evaluations"))
    assert retry.attributes["hx-target"] == "#evaluation"
    response = lea.post(at(failed, "/evaluations"))
    assert (response.status_code, response.location) == (303, at(failed))
    assert asks_again(lea.get(at(failed)))
    with as_member(app, cast.lea):
        jobs = [entry.job for entry in db.session.query(OutboxEntry)]
        assert jobs.count("evaluate_attempt") == 2  # one by the end of the conversation, one by the button


def test_for_htmx_the_retry_answers_with_the_waiting_part(lea: Browser, failed: UUID) -> None:
    response = lea.post(at(failed, "/evaluations"), headers=FRAGMENT)
    assert response.status_code == 200
    assert asks_again(response)
    assert not read(response).all("html")


def test_an_evaluation_that_did_not_fail_is_not_made_again(
    lea: Browser, app: Flask, cast: Cast, evaluated: UUID
) -> None:
    assert lea.post(at(evaluated, "/evaluations")).status_code == 409
    with as_member(app, cast.lea):
        assert db.session.query(Evaluation).one().score == 100


def test_a_live_attempt_leads_its_learner_back_to_the_room(lea: Browser, app: Flask, cast: Cast) -> None:
    live = start_attempt(app, cast.lea)
    response = lea.get(at(live))
    assert (response.status_code, response.location) == (302, at(live, "/room"))


def test_a_coach_is_told_that_a_live_attempt_goes_on(enter: Enter, app: Flask, cast: Cast) -> None:
    live = start_attempt(app, cast.lea)
    assign(app, cast, live)
    response = enter(cast.carl).get(at(live))
    assert "still going on" in read(response).words
    assert "Generating" not in response.text
    assert asks_again(response)


def test_an_attempt_that_is_over_has_no_room(lea: Browser, ended: UUID) -> None:
    response = lea.get(at(ended, "/room"))
    assert (response.status_code, response.location) == (302, at(ended))


@pytest.mark.parametrize("who", ["leo", "carl", "anna", "adam", "olivia"])
def test_private_practice_is_read_by_its_learner_alone(enter: Enter, cast: Cast, evaluated: UUID, who: str) -> None:
    browser = enter(getattr(cast, who))
    for rest in ("", "/transcript", "/evaluation", "/room"):
        refused, unknown = browser.get(at(evaluated, rest)), browser.get(at(uuid4(), rest))
        assert refused.status_code == unknown.status_code == 404
        assert read(refused).words == read(unknown).words


@pytest.mark.parametrize(("who", "status"), [("carl", 200), ("anna", 200), ("adam", 200), ("leo", 404)])
def test_assigned_practice_is_read_by_those_who_follow_it(
    enter: Enter, app: Flask, cast: Cast, evaluated: UUID, who: str, status: int
) -> None:
    assign(app, cast, evaluated)
    browser = enter(getattr(cast, who))
    for rest in ("", "/transcript", "/evaluation"):
        assert browser.get(at(evaluated, rest)).status_code == status
    if status == 200:
        page = read(browser.get(at(evaluated)))
        assert "Start new" not in page.words
        ways_back = {a.attributes["href"] for a in page.all("a") if "/sessions/" in a.attributes["href"]}
        assert [browser.get(way).status_code for way in ways_back] == [200]


def test_a_sign_in_that_ended_while_the_page_waits_leads_to_the_form(lea: Browser, ended: UUID) -> None:
    lea.post("/sign-out")
    headers = {**FRAGMENT, "Referer": f"http://localhost{at(ended)}"}
    response = lea.get(at(ended, "/evaluation"), headers=headers)
    assert (response.status_code, response.text) == (204, "")
    assert response.headers["HX-Redirect"] == f"/sign-in?next={at(ended)}"


def test_a_refusal_does_not_land_inside_the_page_that_asked(lea: Browser) -> None:
    response = lea.get(at(uuid4(), "/evaluation"), headers=FRAGMENT)
    assert response.status_code == 404
    assert (response.headers["HX-Retarget"], response.headers["HX-Reselect"]) == ("#main", "#main > *")
