"""What a test of reports starts from: assigned and private practice with scores that are known."""

from datetime import datetime, timedelta
from uuid import UUID

from flask import Flask

from roleplay.assignments.assigning import assign
from roleplay.assignments.models import PracticeSession
from roleplay.attempts.models import Attempt, AttemptStatus, Mode
from roleplay.evaluations.models import Evaluation, EvaluationStatus, GoalResult
from roleplay.ports import Verdict
from roleplay.reports.figures import period_of
from roleplay.reports.usage import Usage, usage_of
from roleplay.scenarios.models import Scenario, ScenarioVersion
from roleplay.scenarios.tags import retag
from tenants.clock import now
from tenants.db import db
from tests.cast import Cast, Person
from tests.practice import as_member, member_of, publish_the_scenario

MINUTES = 6
TITLE = "The missed deadline"


def give(app: Flask, cast: Cast, *people: Person, tags: tuple[str, ...] = ()) -> UUID:
    """A scenario in the catalog, given to these people; the id of its version."""
    with as_member(app, cast.anna) as anna:
        version = publish_the_scenario()
        scenario = db.session.get_one(Scenario, (version.organization_id, version.scenario_id))
        retag(scenario, tags, by=anna)
        assign(
            scenario, members=[member_of(each) for each in people], sessions_per_week=None, instructions=None, by=anna
        )
        db.session.commit()
        return version.id


def practise(
    app: Flask, person: Person, version_id: UUID, *, score: int, private: bool = False, at: datetime | None = None
) -> None:
    """One conversation of six minutes with its evaluation."""
    with as_member(app, person) as member:
        version = db.session.get_one(ScenarioVersion, (member.organization_id, version_id))
        sessions = db.session.query(PracticeSession).filter_by(member_id=member.id, is_private=private)
        session = sessions.filter_by(scenario_version_id=version_id).one_or_none()
        if session is None:
            session = PracticeSession(
                member_id=member.id,
                created_by_id=member.id,
                scenario_version_id=version.id,
                name=TITLE,
                is_private=private,
            )
            db.session.add(session)
            db.session.flush()
        evaluate(_talk(session, at or now() - timedelta(minutes=MINUTES)), score)
        db.session.commit()


def _talk(session: PracticeSession, started: datetime) -> Attempt:
    before = db.session.query(Attempt).filter_by(practice_session_id=session.id).count()
    attempt = Attempt(
        member_id=session.member_id,
        scenario_version_id=session.scenario_version_id,
        practice_session_id=session.id,
        number=before + 1,
        mode=Mode.TEXT,
        status=AttemptStatus.EVALUATED,
        started_at=started,
        ends_at=started + timedelta(minutes=10),
        ended_at=started + timedelta(minutes=MINUTES),
    )
    db.session.add(attempt)
    db.session.flush()
    return attempt


def evaluate(attempt: Attempt, score: int) -> None:
    evaluation = Evaluation(
        attempt_id=attempt.id,
        rubric_digest="0" * 64,
        language="en",
        status=EvaluationStatus.EVALUATED,
        score=score,
        started_at=attempt.started_at,
    )
    db.session.add(evaluation)
    db.session.flush()
    db.session.add(
        GoalResult(
            evaluation_id=evaluation.id,
            position=0,
            goal_id="own-it",
            goal="He says what he will change.",
            weight=1,
            verdict=Verdict.MET,
            score=score,
            feedback="",
        )
    )


def report(app: Flask, cast: Cast, *, weeks: int = 4, tags: tuple[str, ...] = ()) -> Usage:
    with as_member(app, cast.anna):
        return usage_of(period_of(weeks, zone="UTC"), zone="UTC", tags=tags)
