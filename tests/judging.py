"""A judge that answers as it is told, and conversations for it to judge."""

from collections.abc import Callable
from uuid import UUID

from flask import Flask

from roleplay.attempts import lifecycle
from roleplay.attempts.models import EndReason, TurnStatus
from roleplay.attempts.transcript import record_turn
from roleplay.ports import EvaluationDraft, EvaluationRequest, GoalJudgement, Quote, Speaker, Verdict
from tenants.db import db
from tests.cast import Person
from tests.practice import as_member, load, start_attempt

Answer = Callable[[EvaluationRequest], EvaluationDraft]
SAID = "On Tuesday you told the client it was done, and it was not."
CREDIT = EvaluationDraft(
    summary="You named what happened.",
    goals=(
        GoalJudgement(
            goal_id="own-it",
            verdict=Verdict.MET,
            evidence=(Quote(turn=2, quote="on tuesday you told the client"), Quote(turn=1, quote="You wanted to")),
            feedback="A fact, not a label.",
        ),
    ),
    worked=("A fact.",),
    missing=("A question.",),
    suggestions=("Ask how he sees it.",),
    next_step="Do it again, and ask.",
)


class ScriptedEvaluator:
    label = "Scripted judge"

    def __init__(self, answer: Answer = lambda _request: CREDIT) -> None:
        self.requests: list[EvaluationRequest] = []
        self.answer = answer

    def evaluate(self, request: EvaluationRequest) -> EvaluationDraft:
        self.requests.append(request)
        return self.answer(request)


def end_attempt(app: Flask, person: Person, *said: str, status: TurnStatus = TurnStatus.HEARD) -> UUID:
    """An attempt that is over, in which the persona opened and the learner said this, turn by turn."""
    attempt_id = start_attempt(app, person)
    with as_member(app, person) as member:
        attempt = load(attempt_id)
        lines = [(Speaker.PERSONA, "You wanted to see me?", TurnStatus.HEARD)]
        lines += [(Speaker.LEARNER, text, status) for text in said]
        for number, (speaker, text, heard) in enumerate(lines):
            start = number * 3000
            record_turn(
                attempt,
                item_id=f"item-{number}",
                speaker=speaker,
                text=text,
                status=heard,
                started_ms=start,
                ended_ms=start + 2000,
            )
        lifecycle.complete(attempt, reason=EndReason.LEARNER, by=member)
        db.session.commit()
    return attempt_id
