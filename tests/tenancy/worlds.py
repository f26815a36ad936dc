"""A whole world for one organization: a stocked catalog, a practised session, an evaluated attempt and a live one."""

from dataclasses import dataclass
from uuid import UUID

from flask import Flask

from roleplay.assignments.assigning import assign
from roleplay.assignments.practising import practise
from roleplay.attempts import lifecycle, tickets
from roleplay.attempts.models import Attempt, EndReason, Mode, TurnStatus
from roleplay.attempts.transcript import record_turn
from roleplay.evaluations.evaluator import evaluate_attempt
from roleplay.jobs.reporting import export_report
from roleplay.ports import EvaluationDraft, EvaluationRequest, GoalJudgement, Quote, Speaker, Verdict
from roleplay.reports.counting import WEEK, count_weeks
from roleplay.reports.exports import ask_for_export
from roleplay.reports.models import Format, Rhythm
from roleplay.reports.subscribing import subscribe
from roleplay.scenarios import authoring, keeping, rehearsing
from roleplay.scenarios.contacts import add_contact
from roleplay.scenarios.content import ScenarioContent
from roleplay.scenarios.keeping import EvaluationTemplate, KeptPersona
from roleplay.scenarios.library import shelf, stock
from roleplay.scenarios.models import ScenarioVersion
from roleplay.scenarios.shelving import publish_draft
from roleplay.scenarios.tags import retag
from tenants.clock import now
from tenants.db import db
from tenants.member_tags import tag_members
from tenants.members import Member, find_member
from tenants.scope import organization_scope
from tests.cast import Person

SAID = "I am sorry that you waited for nothing, and I will call you myself tomorrow at nine."


@dataclass(frozen=True)
class World:
    """The ids that a route may be given; the names are those of the routes' arguments."""

    scenario_id: UUID
    session_id: UUID
    attempt_id: UUID
    """Ended and evaluated."""
    live_attempt_id: UUID
    contact_id: UUID
    draft_id: UUID
    """A session in the making, of the learner's own."""
    member_id: UUID
    """The learner's, who takes part in the scenario."""
    export_id: UUID
    """Ready, with its file."""
    persona_id: UUID
    template_id: UUID


class Judge:
    """Meets every goal by the one thing that was said."""

    label = "Test judge"

    def evaluate(self, request: EvaluationRequest) -> EvaluationDraft:
        goals = tuple(
            GoalJudgement(
                goal_id=goal.id, verdict=Verdict.MET, evidence=(Quote(turn=2, quote=SAID),), feedback="Well said."
            )
            for goal in request.goals
        )
        return EvaluationDraft(summary="A good call.", goals=goals, worked=("You owned it.",))


def build_world(app: Flask, learner: Person) -> World:
    assert learner.organization_id
    with app.app_context(), organization_scope(learner.organization_id):
        stock()
        member = find_member(learner.identity_id)
        assert member
        version = _write(member)
        session = practise(version, by=member)
        ended = _talk(version, session.id, member)
        db.session.commit()
        evaluate_attempt(ended, using=Judge())
        live = lifecycle.start(version, by=member, practice_session=session, mode=Mode.TEXT)
        tickets.issue(live, to=None)
        db.session.commit()
        contact = add_contact(by=member, name="Ines Prado", job="Buyer", company="Norda", notes="Likes numbers.")
        draft = rehearsing.begin(by=member, language="en", contact=contact)
        tag_members([member], "Sales north", by=member)
        db.session.commit()
        ids = (version.scenario_id, session.id, ended, live.id, contact.id, draft.id, member.id)
        return World(*ids, _export(member), *_keep(version.content, member))


def _export(member: Member) -> UUID:
    """The report as a file, and weeks that are counted, as if the next week had come."""
    export = ask_for_export(Format.CSV, weeks=4, tags=["Service"], by=member)
    subscribe(member, Rhythm.WEEKLY, zone="UTC")
    count_weeks(zone="UTC", at=now() + WEEK)
    db.session.commit()
    export_report(str(export.id))
    return export.id


def _keep(content: ScenarioContent, member: Member) -> tuple[UUID, UUID]:
    """A persona and an evaluation template for other scenarios to take."""
    text = {**content.model_dump(mode="json"), "evaluation_instructions": "Judge the promise, not the tone."}
    keeping.keep(KeptPersona, [keeping.persona_in(text)], by=member)
    keeping.keep(EvaluationTemplate, [keeping.template_in(text)], by=member)
    db.session.commit()
    return keeping.kept(KeptPersona)[0].id, keeping.kept(EvaluationTemplate)[0].id


def _write(member: Member) -> ScenarioVersion:
    """A scenario of the organization's own: drafted, tagged, published and given to the member."""
    content = shelf()["angry-customer.en"].model_copy(update={"instructions": "Do it before Friday."})
    scenario = authoring.begin_from(content.model_dump(mode="json"), by=member)
    retag(scenario, ["Service", "New hires"], by=member)
    version = publish_draft(scenario, by=member)
    assign(scenario, members=[member], sessions_per_week=2, instructions=content.instructions, by=member)
    return version


def _talk(version: ScenarioVersion, session_id: UUID, member: Member) -> UUID:
    attempt = lifecycle.start(version, by=member, practice_session=practise(version, by=member), mode=Mode.VOICE)
    _say(attempt, 1, Speaker.PERSONA, version.content.opening)
    _say(attempt, 2, Speaker.LEARNER, SAID)
    _say(attempt, 3, Speaker.PERSONA, "Fine. Nine it is.")
    lifecycle.complete(attempt, reason=EndReason.LEARNER, by=member)
    assert attempt.practice_session_id == session_id
    return attempt.id


def _say(attempt: Attempt, number: int, speaker: Speaker, text: str) -> None:
    record_turn(
        attempt,
        item_id=f"item-{number}",
        speaker=speaker,
        text=text,
        status=TurnStatus.HEARD,
        started_ms=number * 5000,
        ended_ms=number * 5000 + 4000,
    )
