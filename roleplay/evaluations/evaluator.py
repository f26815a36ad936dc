"""Evaluating an attempt: read in one short transaction, judge in none, store in one more.

Running it twice, or twice at once, changes nothing: there is one row for an attempt and rubric, and only the run that
finds it still `evaluating` may store what it judged.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from roleplay.attempts.models import Attempt, AttemptStatus, Turn
from roleplay.attempts.transcript import turns_of
from roleplay.evaluations.models import Evaluation, EvaluationStatus, Evidence, GoalResult, Reason
from roleplay.evaluations.rubric import request_for, unscorable
from roleplay.evaluations.scoring import ScoredGoal, real_moments, score_goals, total
from roleplay.ports import EvaluationDraft, EvaluationRequest, Evaluator
from roleplay.scenarios.content import ScenarioContent
from tenants import audit
from tenants.clock import now
from tenants.db import db
from tenants.errors import Conflict, NotFound
from tenants.members import Member
from tenants.outbox import later


@dataclass(frozen=True, slots=True)
class _Case:
    attempt_id: UUID
    content: ScenarioContent
    request: EvaluationRequest
    turn_ids: dict[int, UUID]


def evaluate_attempt(attempt_id: UUID, *, using: Evaluator) -> None:
    """Judges an ended attempt of the scope's organization, in transactions of its own. Does nothing when that is done.

    Raises `Conflict` while the attempt is live, and whatever `ProviderFailed` the judge raises.
    """
    case = _open(attempt_id)
    db.session.commit()
    if case:
        draft = using.evaluate(case.request)
        _store(case, draft, judge=using.label)
        db.session.commit()


def fail(attempt_id: UUID, *, reason: Reason) -> None:
    """Closes an evaluation that no further try will finish; `retry` opens it again."""
    attempt = _locked(attempt_id)
    if attempt and attempt.status in {AttemptStatus.ENDED, AttemptStatus.EVALUATING}:
        _close(_evaluation_of(attempt), EvaluationStatus.FAILED, reason)


def retry(evaluation: Evaluation, *, by: Member) -> None:
    """Has a failed evaluation made again. Raises `Conflict` `not_failed` when it did not fail."""
    attempt = _locked(evaluation.attempt_id)
    db.session.refresh(evaluation)
    if attempt is None or evaluation.status != EvaluationStatus.FAILED:
        raise Conflict(code="not_failed", about=evaluation.attempt_id)
    evaluation.status, evaluation.reason = EvaluationStatus.EVALUATING, None
    evaluation.started_at, evaluation.finished_at = now(), None
    attempt.status = AttemptStatus.EVALUATING
    audit.record("evaluation.retried", by=by, about=attempt.id)
    later("evaluate_attempt", attempt_id=attempt.id)


def _open(attempt_id: UUID) -> _Case | None:
    attempt = _locked(attempt_id)
    if attempt is None:
        raise NotFound
    if attempt.status == AttemptStatus.DELETED:
        return None
    if attempt.status == AttemptStatus.LIVE:
        raise Conflict(code="attempt_live", about=attempt.id)
    evaluation = _evaluation_of(attempt)
    if evaluation.status != EvaluationStatus.EVALUATING:
        return None
    attempt.status = AttemptStatus.EVALUATING
    turns = turns_of(attempt)
    if reason := unscorable(turns):
        _close(evaluation, EvaluationStatus.NOT_SCORED, reason)
        return None
    return _case(evaluation, attempt, turns)


def _case(evaluation: Evaluation, attempt: Attempt, turns: Sequence[Turn]) -> _Case:
    content = attempt.version.content
    request = request_for(content, turns, language=evaluation.language)
    return _Case(attempt.id, content, request, {turn.number: turn.id for turn in turns})


def _locked(attempt_id: UUID) -> Attempt | None:
    query = select(Attempt).where(Attempt.id == attempt_id).with_for_update()
    return db.session.scalar(query, execution_options={"populate_existing": True})


def _evaluation_of(attempt: Attempt) -> Evaluation:
    """The one evaluation of this attempt by the criteria that it was practised under."""
    row = {
        "attempt_id": attempt.id,
        "rubric_digest": attempt.version.digest,
        "language": attempt.member.preferences.get("feedback_language") or attempt.version.language,
        "status": EvaluationStatus.EVALUATING,
        "started_at": now(),
    }
    db.session.execute(insert(Evaluation).values(**row).on_conflict_do_nothing())
    query = select(Evaluation).where(
        Evaluation.attempt_id == attempt.id, Evaluation.rubric_digest == attempt.version.digest
    )
    return db.session.scalars(query, execution_options={"populate_existing": True}).one()


def _close(evaluation: Evaluation, status: EvaluationStatus, reason: Reason | None = None) -> None:
    """Ends an evaluation and moves its attempt along; both use the same words for how it ended."""
    evaluation.status, evaluation.reason, evaluation.finished_at = status, reason, now()
    moved = update(Attempt).where(Attempt.id == evaluation.attempt_id).values(status=AttemptStatus(status))
    db.session.execute(moved)
    audit.record("evaluation.finished", by=None, about=evaluation.attempt_id, status=status, reason=reason)


def _store(case: _Case, draft: EvaluationDraft, *, judge: str) -> None:
    attempt = _locked(case.attempt_id)
    evaluation = _evaluation_of(attempt) if attempt and attempt.status != AttemptStatus.DELETED else None
    if evaluation is None or evaluation.status != EvaluationStatus.EVALUATING:
        return
    results = score_goals(draft, case.content.goals, case.request.turns)
    evaluation.judge = judge
    evaluation.score = total(results)
    evaluation.summary = draft.summary
    evaluation.worked, evaluation.missing = list(draft.worked), list(draft.missing)
    evaluation.key_moments = [moment.model_dump() for moment in real_moments(draft, case.request.turns)]
    evaluation.suggestions = list(draft.suggestions)
    evaluation.next_step = draft.next_step or case.request.next_step
    for position, result in enumerate(results, start=1):
        _store_goal(evaluation, position, result, case.turn_ids)
    if evaluation.score is None:
        _close(evaluation, EvaluationStatus.NOT_SCORED, Reason.NO_GOAL_SCORED)
    else:
        _close(evaluation, EvaluationStatus.EVALUATED)


def _store_goal(evaluation: Evaluation, position: int, result: ScoredGoal, turn_ids: dict[int, UUID]) -> None:
    stored = GoalResult(
        evaluation_id=evaluation.id,
        position=position,
        goal_id=result.goal.id,
        goal=result.goal.text,
        weight=result.goal.weight,
        verdict=result.verdict,
        reason=result.reason,
        score=result.score,
        feedback=result.feedback,
        better=result.better,
    )
    db.session.add(stored)
    db.session.flush()
    for number, quote in enumerate(result.evidence, start=1):
        turn_id = turn_ids[quote.turn]
        db.session.add(Evidence(goal_result_id=stored.id, turn_id=turn_id, position=number, quote=quote.quote))
