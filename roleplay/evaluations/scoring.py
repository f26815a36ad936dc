"""Turns a judge's draft into results. Pure, and the only place where a score is computed.

    score of a goal   met 100 · partly 50 · not met 0 · not scored: none
    total             Σ weight × score / Σ weight, over the goals that have a score, rounded half up;
                      none when no goal has one

The judge is not believed. Each goal of the rubric gets exactly one result: one that the judge leaves out, or judges
twice, is not scored, and goals that it makes up are dropped. A quote counts when it is found, word for word, in the
learner's turn of the stated number (`quoting.find_quote`), and does not speak to the judge
(`addressing.speaks_to_the_judge`). Credit (met or partly) without one such quote is not scored.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import floor

from roleplay.evaluations.addressing import speaks_to_the_judge
from roleplay.evaluations.quoting import find_quote
from roleplay.ports import EvaluationDraft, GoalJudgement, KeyMoment, Quote, Speaker, SpokenTurn, Verdict
from roleplay.scenarios.content import Goal

POINTS: Mapping[Verdict, int | None] = {
    Verdict.MET: 100,
    Verdict.PARTLY: 50,
    Verdict.NOT_MET: 0,
    Verdict.NOT_SCORED: None,
}
MOST_QUOTES = 3
MOST_MOMENTS = 5


class Unscored(StrEnum):
    """Why one goal has no score."""

    ABSTAINED = "abstained"
    """The judge could not tell."""
    NO_QUOTE = "no_quote"
    """The judge gave credit for words that are not in the transcript."""
    NOT_JUDGED = "not_judged"
    """The judge left the goal out, or judged it twice."""


@dataclass(frozen=True, slots=True)
class ScoredGoal:
    goal: Goal
    verdict: Verdict
    reason: Unscored | None
    feedback: str
    better: str | None
    evidence: tuple[Quote, ...]

    @property
    def score(self) -> int | None:
        return POINTS[self.verdict]


def score_goals(draft: EvaluationDraft, goals: Sequence[Goal], turns: Sequence[SpokenTurn]) -> tuple[ScoredGoal, ...]:
    """One result for each goal, in the rubric's order."""
    said = {turn.number: turn.text for turn in turns if turn.speaker is Speaker.LEARNER}
    return tuple(_score(goal, [j for j in draft.goals if j.goal_id == goal.id], said) for goal in goals)


def total(results: Iterable[ScoredGoal]) -> int | None:
    """0–100 by the formula above."""
    scored = [(result.goal.weight, result.score) for result in results if result.score is not None]
    if not scored:
        return None
    mean = Fraction(sum(weight * points for weight, points in scored), sum(weight for weight, _ in scored))
    return floor(mean + Fraction(1, 2))


def real_moments(draft: EvaluationDraft, turns: Sequence[SpokenTurn]) -> tuple[KeyMoment, ...]:
    """The key moments that point at a turn, one a turn, in the order of the conversation."""
    numbers = {turn.number for turn in turns}
    moments = {moment.turn: moment for moment in reversed(draft.key_moments) if moment.turn in numbers}
    return tuple(moments[number] for number in sorted(moments))[:MOST_MOMENTS]


def _score(goal: Goal, judgements: Sequence[GoalJudgement], said: Mapping[int, str]) -> ScoredGoal:
    if len(judgements) != 1:
        return _not_scored(goal, Unscored.NOT_JUDGED)
    judgement = judgements[0]
    if judgement.verdict is Verdict.NOT_SCORED:
        return _not_scored(goal, Unscored.ABSTAINED, feedback=judgement.feedback)
    evidence = _verified(judgement.evidence, said)
    if judgement.verdict is not Verdict.NOT_MET and not evidence:
        return _not_scored(goal, Unscored.NO_QUOTE)
    better = judgement.better or (goal.better if judgement.verdict is not Verdict.MET else None)
    return ScoredGoal(goal, judgement.verdict, None, judgement.feedback, better, evidence)


def _not_scored(goal: Goal, reason: Unscored, *, feedback: str = "") -> ScoredGoal:
    return ScoredGoal(goal, Verdict.NOT_SCORED, reason, feedback, goal.better, ())


def _verified(quotes: Iterable[Quote], said: Mapping[int, str]) -> tuple[Quote, ...]:
    found = ((quote.turn, find_quote(quote.quote, said.get(quote.turn, ""))) for quote in quotes)
    unique = dict.fromkeys((turn, words) for turn, words in found if words and not speaks_to_the_judge(words))
    return tuple(Quote(turn=turn, quote=words) for turn, words in unique)[:MOST_QUOTES]
