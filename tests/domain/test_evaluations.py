"""An evaluation: judged outside any transaction, stored once, and told honestly when there is none."""

import threading
from uuid import UUID

import pytest
from flask import Flask

from roleplay.attempts.models import AttemptStatus, TurnStatus
from roleplay.evaluations import evaluator
from roleplay.evaluations.access import access_evaluation, newest_evaluation
from roleplay.evaluations.models import Evaluation, EvaluationStatus, Evidence, GoalResult, Reason
from roleplay.evaluations.scoring import Unscored
from roleplay.ports import EvaluationDraft, EvaluationRequest, Verdict
from tenants.db import db
from tenants.errors import Conflict, NotFound, ProviderFailed
from tenants.outbox import OutboxEntry
from tests.cast import Cast, Person
from tests.judging import CREDIT, SAID, ScriptedEvaluator, end_attempt
from tests.practice import as_member, load, start_attempt


def evaluate(app: Flask, person: Person, attempt_id: UUID, using: ScriptedEvaluator) -> None:
    with as_member(app, person):
        evaluator.evaluate_attempt(attempt_id, using=using)


def evaluation_now(attempt_id: UUID) -> Evaluation:
    evaluation = newest_evaluation(load(attempt_id))
    assert evaluation
    return evaluation


def test_an_ended_attempt_gets_results_with_verified_quotes(app: Flask, cast: Cast) -> None:
    judge = ScriptedEvaluator()
    attempt_id = end_attempt(app, cast.lea, SAID)
    evaluate(app, cast.lea, attempt_id, judge)
    with as_member(app, cast.lea) as lea:
        evaluation = access_evaluation(lea, attempt_id)
        assert (evaluation.status, evaluation.score, evaluation.judge) == ("evaluated", 100, "Scripted judge")
        assert (evaluation.worked, evaluation.next_step) == (["A fact."], "Do it again, and ask.")
        assert load(attempt_id).status == AttemptStatus.EVALUATED
        (goal,) = evaluation.goals
        assert (goal.goal, goal.verdict, goal.score) == (
            "He says in his own words what he will change.",
            Verdict.MET,
            100,
        )
        assert [(item.quote, item.turn.number) for item in goal.evidence] == [("On Tuesday you told the client", 2)]


def test_the_judge_sees_the_frozen_criteria_and_the_words(app: Flask, cast: Cast) -> None:
    judge = ScriptedEvaluator()
    evaluate(app, cast.lea, end_attempt(app, cast.lea, SAID, ""), judge)
    (request,) = judge.requests
    assert [goal.id for goal in request.goals] == ["own-it"]
    assert [(turn.number, turn.text) for turn in request.turns] == [(1, "You wanted to see me?"), (2, SAID)]
    assert request.language == "en"


def test_no_transaction_is_open_while_the_judge_thinks(app: Flask, cast: Cast) -> None:
    seen: list[bool] = []

    def look(_request: EvaluationRequest) -> EvaluationDraft:
        seen.append(db.session().in_transaction())
        return CREDIT

    evaluate(app, cast.lea, end_attempt(app, cast.lea, SAID), ScriptedEvaluator(look))
    assert seen == [False]


def test_running_it_twice_changes_nothing(app: Flask, cast: Cast) -> None:
    judge = ScriptedEvaluator()
    attempt_id = end_attempt(app, cast.lea, SAID)
    evaluate(app, cast.lea, attempt_id, judge)
    evaluate(app, cast.lea, attempt_id, judge)
    assert len(judge.requests) == 1
    with as_member(app, cast.lea):
        assert [db.session.query(kind).count() for kind in (Evaluation, GoalResult, Evidence)] == [1, 1, 1]


def test_running_it_twice_at_once_stores_the_first_answer_only(app: Flask, cast: Cast) -> None:
    attempt_id = end_attempt(app, cast.lea, SAID)
    both_judge = threading.Barrier(2, timeout=20)

    def together(_request: EvaluationRequest) -> EvaluationDraft:
        both_judge.wait()
        return CREDIT

    errors: list[BaseException] = []

    def run() -> None:
        try:
            evaluate(app, cast.lea, attempt_id, ScriptedEvaluator(together))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    with as_member(app, cast.lea):
        assert [db.session.query(kind).count() for kind in (Evaluation, GoalResult, Evidence)] == [1, 1, 1]


@pytest.mark.parametrize(
    ("said", "status", "reason"),
    [
        ((), TurnStatus.HEARD, Reason.NOTHING_SAID),
        (("",), TurnStatus.NOT_TRANSCRIBED, Reason.NOT_TRANSCRIBED),
        (("Hello there.", "Bye."), TurnStatus.HEARD, Reason.TOO_SHORT),
    ],
)
def test_a_conversation_without_substance_is_not_scored_and_costs_no_judge(
    app: Flask, cast: Cast, said: tuple[str, ...], status: TurnStatus, reason: Reason
) -> None:
    judge = ScriptedEvaluator()
    attempt_id = end_attempt(app, cast.lea, *said, status=status)
    evaluate(app, cast.lea, attempt_id, judge)
    with as_member(app, cast.lea):
        evaluation = evaluation_now(attempt_id)
        assert (evaluation.status, evaluation.reason, evaluation.score) == ("not_scored", reason, None)
        assert load(attempt_id).status == AttemptStatus.NOT_SCORED
    assert judge.requests == []


def test_a_judge_that_quotes_what_was_never_said_gives_no_score(app: Flask, cast: Cast) -> None:
    invented = CREDIT.goals[0].model_copy(update={"evidence": (CREDIT.goals[0].evidence[1],)})
    judge = ScriptedEvaluator(lambda _request: CREDIT.model_copy(update={"goals": (invented,)}))
    attempt_id = end_attempt(app, cast.lea, SAID)
    evaluate(app, cast.lea, attempt_id, judge)
    with as_member(app, cast.lea):
        evaluation = evaluation_now(attempt_id)
        assert (evaluation.status, evaluation.reason, evaluation.score) == ("not_scored", Reason.NO_GOAL_SCORED, None)
        assert evaluation.goals[0].reason == Unscored.NO_QUOTE


def test_a_judge_that_fails_leaves_the_attempt_evaluating_for_the_next_try(app: Flask, cast: Cast) -> None:
    def refuse(_request: EvaluationRequest) -> EvaluationDraft:
        raise ProviderFailed(recoverable=True)

    attempt_id = end_attempt(app, cast.lea, SAID)
    with pytest.raises(ProviderFailed):
        evaluate(app, cast.lea, attempt_id, ScriptedEvaluator(refuse))
    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.EVALUATING
    evaluate(app, cast.lea, attempt_id, ScriptedEvaluator())
    with as_member(app, cast.lea):
        assert load(attempt_id).status == AttemptStatus.EVALUATED


def test_a_failed_evaluation_is_visible_and_can_be_made_again(app: Flask, cast: Cast) -> None:
    attempt_id = end_attempt(app, cast.lea, SAID)
    with as_member(app, cast.lea) as lea:
        evaluator.fail(attempt_id, reason=Reason.PROVIDER_FAILED)
        db.session.commit()
        evaluation = access_evaluation(lea, attempt_id)
        assert (evaluation.status, load(attempt_id).status) == ("failed", "failed")
        queued = db.session.query(OutboxEntry).count()
        evaluator.retry(evaluation, by=lea)
        db.session.commit()
        assert db.session.query(OutboxEntry).count() == queued + 1
        with pytest.raises(Conflict):
            evaluator.retry(evaluation, by=lea)
    evaluate(app, cast.lea, attempt_id, ScriptedEvaluator())
    with as_member(app, cast.lea):
        evaluation = evaluation_now(attempt_id)
        assert (evaluation.status, evaluation.reason) == (EvaluationStatus.EVALUATED, None)


def test_a_finished_evaluation_does_not_fail_any_more(app: Flask, cast: Cast) -> None:
    attempt_id = end_attempt(app, cast.lea, SAID)
    evaluate(app, cast.lea, attempt_id, ScriptedEvaluator())
    with as_member(app, cast.lea):
        evaluator.fail(attempt_id, reason=Reason.INTERNAL)
        db.session.commit()
        assert load(attempt_id).status == AttemptStatus.EVALUATED


def test_a_live_attempt_and_another_organization_s_are_not_judged(app: Flask, cast: Cast) -> None:
    live = start_attempt(app, cast.lea)
    with pytest.raises(Conflict):
        evaluate(app, cast.lea, live, ScriptedEvaluator())
    with pytest.raises(NotFound):
        evaluate(app, cast.ben, live, ScriptedEvaluator())


def test_only_those_who_may_read_the_attempt_read_its_evaluation(app: Flask, cast: Cast) -> None:
    attempt_id = end_attempt(app, cast.lea, SAID)
    evaluate(app, cast.lea, attempt_id, ScriptedEvaluator())
    for person in (cast.leo, cast.carl, cast.olivia, cast.ben):
        with as_member(app, person) as member, pytest.raises(NotFound):
            access_evaluation(member, attempt_id)
