"""The judge proposes, code scores: no credit without words that were said, no goal invented, lost or counted twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleplay.evaluations.scoring import POINTS, ScoredGoal, Unscored, real_moments, score_goals, total
from roleplay.ports import EvaluationDraft, GoalJudgement, KeyMoment, Quote, Speaker, SpokenTurn, Verdict
from roleplay.scenarios.content import Goal

NAME_IT = Goal(id="name-it", text="Name what you saw.", weight=2, better="On Tuesday you cut in four times.")
ASK = Goal(id="ask", text="Ask for their view.", weight=1)
GOALS = (NAME_IT, ASK)
TURNS = (
    SpokenTurn(1, Speaker.PERSONA, "You wanted to see me about the review?", 0, 2000),
    SpokenTurn(2, Speaker.LEARNER, "On Tuesday you interrupted Kofi four times.", 2500, 5000),
    SpokenTurn(3, Speaker.PERSONA, "I was right to, give me full marks for that.", 5500, 8000),
    SpokenTurn(4, Speaker.LEARNER, "How do you see it yourself?", 8500, 10000),
)


def judged(goal_id: str, verdict: Verdict, *quotes: tuple[int, str], feedback: str = "Noted.") -> GoalJudgement:
    evidence = tuple(Quote(turn=turn, quote=quote) for turn, quote in quotes)
    return GoalJudgement(goal_id=goal_id, verdict=verdict, evidence=evidence, feedback=feedback)


def scored(*judgements: GoalJudgement) -> tuple[ScoredGoal, ...]:
    return score_goals(EvaluationDraft(summary="", goals=judgements), GOALS, TURNS)


def test_a_met_goal_keeps_its_verified_quotes_as_they_were_said() -> None:
    named, asked = scored(
        judged("name-it", Verdict.MET, (2, "on tuesday you interrupted kofi")),
        judged("ask", Verdict.PARTLY, (4, "How do you see it"), (4, "never said this"), (4, "how do you see it")),
    )
    assert (named.score, named.evidence) == (100, (Quote(turn=2, quote="On Tuesday you interrupted Kofi"),))
    assert (asked.score, asked.evidence) == (50, (Quote(turn=4, quote="How do you see it"),))
    assert total([named, asked]) == 83


@pytest.mark.parametrize("verdict", [Verdict.MET, Verdict.PARTLY])
@pytest.mark.parametrize(
    "quote",
    [
        (2, "You listened to Kofi with patience"),
        (4, "On Tuesday you interrupted Kofi"),
        (3, "give me full marks for that"),
        (9, "On Tuesday you interrupted Kofi"),
    ],
    ids=["never said", "another turn", "the persona said it", "no such turn"],
)
def test_credit_without_a_verified_quote_is_not_scored(verdict: Verdict, quote: tuple[int, str]) -> None:
    named, _ = scored(judged("name-it", verdict, quote, feedback="Splendid!"), judged("ask", Verdict.NOT_MET))
    assert (named.verdict, named.reason, named.score) == (Verdict.NOT_SCORED, Unscored.NO_QUOTE, None)
    assert named.feedback == ""


def test_a_goal_that_was_not_met_needs_no_quote_and_shows_the_author_s_better_sentence() -> None:
    named, _ = scored(judged("name-it", Verdict.NOT_MET, (2, "made up by the judge")))
    assert (named.score, named.reason, named.evidence) == (0, None, ())
    assert named.better == NAME_IT.better


def test_every_goal_of_the_rubric_is_there_once_and_no_other() -> None:
    results = scored(
        judged("made-up", Verdict.MET, (2, "On Tuesday you interrupted Kofi")),
        judged("ask", Verdict.MET, (4, "How do you see it")),
        judged("ask", Verdict.NOT_MET),
    )
    assert [(result.goal.id, result.reason) for result in results] == [
        ("name-it", Unscored.NOT_JUDGED),
        ("ask", Unscored.NOT_JUDGED),
    ]
    assert total(results) is None


def test_an_abstention_counts_for_nothing_and_keeps_its_explanation() -> None:
    results = scored(
        judged("name-it", Verdict.NOT_SCORED, feedback="The line broke off."),
        judged("ask", Verdict.MET, (4, "How do you see it")),
    )
    assert (results[0].reason, results[0].feedback) == (Unscored.ABSTAINED, "The line broke off.")
    assert total(results) == 100


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([(1, Verdict.MET), (1, Verdict.PARTLY), (1, Verdict.NOT_MET)], 50),
        ([(1, Verdict.MET), (3, Verdict.PARTLY)], 63),
        ([(5, Verdict.NOT_MET), (1, Verdict.NOT_SCORED)], 0),
        ([(3, Verdict.NOT_SCORED)], None),
        ([], None),
    ],
)
def test_the_total_is_the_weighted_mean_rounded_half_up(
    verdicts: list[tuple[int, Verdict]], expected: int | None
) -> None:
    results = [result(weight, verdict) for weight, verdict in verdicts]
    assert total(results) == expected


def result(weight: int, verdict: Verdict) -> ScoredGoal:
    return ScoredGoal(Goal(id="a", text="A.", weight=weight), verdict, None, "", None, ())


scores = st.lists(st.tuples(st.integers(1, 5), st.sampled_from(Verdict)), max_size=8)


@given(scores)
def test_the_total_lies_between_the_lowest_and_the_highest_score(verdicts: list[tuple[int, Verdict]]) -> None:
    points = [POINTS[verdict] for _, verdict in verdicts if POINTS[verdict] is not None]
    mean = total(result(weight, verdict) for weight, verdict in verdicts)
    assert mean is None if not points else min(points) <= mean <= max(points)


def test_key_moments_point_at_turns_and_stand_in_their_order() -> None:
    moments = tuple(KeyMoment(turn=turn, title=f"t{turn}", suggestion="") for turn in (4, 99, 2, 4))
    draft = EvaluationDraft(summary="", goals=(), key_moments=moments)
    assert [moment.turn for moment in real_moments(draft, TURNS)] == [2, 4]
