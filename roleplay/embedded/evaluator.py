"""The evaluator that needs no key: few-shot recognition of each goal, with the sentence that did it as evidence.

A goal is met from one sure sentence on, partly met when two turns come near, not met when nothing comes close, and
not scored in between: it abstains rather than guesses. The learner's words are data; those that speak to the judge
are not read at all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from roleplay.embedded.criteria import Conversation, Said, has_enough
from roleplay.embedded.feedback import Wording
from roleplay.embedded.tone import CommonTone
from roleplay.ports import (
    Criterion,
    EvaluationDraft,
    EvaluationRequest,
    GoalJudgement,
    KeyMoment,
    Quote,
    Speaker,
    Verdict,
)
from roleplay.scenarios.content import ENOUGH_EXAMPLES, Direction

_MET, _NEAR, _FAR = 0.65, 0.5, 0.4
"""Sureness from which a sentence meets a goal, comes near it, and below which it has nothing to do with it."""
_PLAINLY, _UNSURE = 0.85, 0.45
_MOMENT = 0.7
_MOST_QUOTES, _MOST_MOMENTS, _MOST_SUGGESTIONS = 2, 5, 4


class PracticeEvaluator:
    """Deterministic: the same transcript gets the same judgement."""

    label = "Practice engine"

    def __init__(self, common: CommonTone | None = None) -> None:
        self._common = common

    def evaluate(self, request: EvaluationRequest) -> EvaluationDraft:
        words = Wording(request.language)
        if not any(turn.speaker is Speaker.LEARNER and turn.text.strip() for turn in request.turns):
            return _nothing_said(request, words)
        conversation = Conversation(request, self._common)
        found = _each_its_own({goal.id: conversation.find(goal) for goal in request.goals})
        goals = [(goal, _judge(goal, found[goal.id], words)) for goal in request.goals]
        pulled = _pulled(request, conversation)
        return EvaluationDraft(
            summary=_summary(goals, words),
            goals=tuple(judgement for _, judgement in goals),
            worked=_feedback_of(goals, Verdict.MET),
            missing=_feedback_of(goals, Verdict.NOT_MET, Verdict.PARTLY),
            key_moments=_moments(request, pulled, words),
            suggestions=_suggestions(request, goals, pulled, words),
            next_step=_next_step(request, goals, words),
        )


@dataclass(frozen=True, slots=True)
class _Pulled:
    lever: Criterion
    direction: Direction
    said: Said


_Goals = Sequence[tuple[Criterion, GoalJudgement]]


def _each_its_own(found: Mapping[str, list[Said] | None]) -> dict[str, list[Said] | None]:
    """A sentence speaks for the goal it fits best; for another one only when it fits that one plainly too."""
    best: dict[tuple[int, str], float] = {}
    for pieces in found.values():
        for said in pieces or ():
            best[said.turn, said.text] = max(said.sure, best.get((said.turn, said.text), 0.0))

    def kept(said: Said) -> Said:
        fits = said.sure >= min(best[said.turn, said.text], _PLAINLY)
        return said if fits else replace(said, sure=min(said.sure, _UNSURE))

    return {
        goal: None if pieces is None else sorted(map(kept, pieces), key=lambda said: -said.sure)
        for goal, pieces in found.items()
    }


def _judge(goal: Criterion, found: list[Said] | None, words: Wording) -> GoalJudgement:
    if found is None:
        why = words("unsure") if has_enough(goal) else words("no_examples", enough=ENOUGH_EXAMPLES)
        return GoalJudgement(goal_id=goal.id, verdict=Verdict.NOT_SCORED, feedback=why)
    verdict = _verdict(found)
    evidence = _evidence(found, _MET if verdict is Verdict.MET else _NEAR) if verdict in _CREDITED else ()
    authored = goal.worked if verdict is Verdict.MET else goal.missing if verdict is Verdict.NOT_MET else None
    own = {Verdict.MET: "met", Verdict.PARTLY: "partly", Verdict.NOT_MET: "not_met", Verdict.NOT_SCORED: "unsure"}
    return GoalJudgement(
        goal_id=goal.id,
        verdict=verdict,
        evidence=evidence,
        feedback=authored or words(own[verdict], goal=goal.text),
        better=None if verdict is Verdict.MET else goal.better,
    )


_CREDITED = frozenset({Verdict.MET, Verdict.PARTLY})


def _verdict(found: Sequence[Said]) -> Verdict:
    best = found[0].sure if found else 0.0
    if best >= _MET:
        return Verdict.MET
    if len({said.turn for said in found if said.sure >= _NEAR}) >= 2:
        return Verdict.PARTLY
    return Verdict.NOT_MET if best < _FAR else Verdict.NOT_SCORED


def _evidence(found: Sequence[Said], least: float) -> tuple[Quote, ...]:
    """The surest piece of each of the surest turns."""
    by_turn: dict[int, Said] = {}
    for said in found:
        if said.sure >= least:
            by_turn.setdefault(said.turn, said)
    return tuple(Quote(turn=said.turn, quote=said.text) for said in list(by_turn.values())[:_MOST_QUOTES])


def _pulled(request: EvaluationRequest, conversation: Conversation) -> list[_Pulled]:
    """The surest lever of each learner turn that pulled one, in the order of the conversation."""
    best: dict[int, _Pulled] = {}
    for levers, direction in ((request.opens, Direction.OPENS), (request.closes, Direction.CLOSES)):
        for lever in levers:
            for said in conversation.find(lever, direction) or ():
                known = best.get(said.turn)
                if said.sure >= _MOMENT and (known is None or said.sure > known.said.sure):
                    best[said.turn] = _Pulled(lever, direction, said)
    return [best[turn] for turn in sorted(best)]


def _moments(request: EvaluationRequest, pulled: Sequence[_Pulled], words: Wording) -> tuple[KeyMoment, ...]:
    surest = sorted(pulled, key=lambda pull: -pull.said.sure)[:_MOST_MOMENTS]
    return tuple(_moment(request, pull, words) for pull in pulled if pull in surest)


def _moment(request: EvaluationRequest, pull: _Pulled, words: Wording) -> KeyMoment:
    name = request.persona.split(",", 1)[0]
    if pull.direction is Direction.OPENS:
        title, advice = words("opened", lever=pull.lever.text), words("opened_advice", persona=name)
    else:
        instead = pull.lever.better or next((lever.text for lever in request.opens), None)
        title = words("closed", lever=pull.lever.text)
        kind = "closed_advice" if instead else "closed_advice_bare"
        advice = words(kind, persona=name, instead=instead)
    return KeyMoment(turn=pull.said.turn, title=title, suggestion=advice)


def _suggestions(
    request: EvaluationRequest, goals: _Goals, pulled: Sequence[_Pulled], words: Wording
) -> tuple[str, ...]:
    used = {pull.lever.id for pull in pulled}
    closing = {pull.lever.id: pull.lever.text for pull in pulled if pull.direction is Direction.CLOSES}
    wanted = [
        *(words("say", better=goal.better) for goal, judgement in goals if goal.better and _short_of(judgement)),
        *(words("avoid", lever=text) for text in closing.values()),
        *(words("try", lever=lever.text) for lever in request.opens if lever.id not in used and lever.positive),
    ]
    return tuple(dict.fromkeys(wanted))[:_MOST_SUGGESTIONS]


def _next_step(request: EvaluationRequest, goals: _Goals, words: Wording) -> str:
    short = next((goal for goal, judgement in goals if _short_of(judgement)), None)
    if request.next_step and short is None:
        return request.next_step
    return words("again", goal=short.text) if short else words("vary")


def _short_of(judgement: GoalJudgement) -> bool:
    return judgement.verdict in {Verdict.NOT_MET, Verdict.PARTLY}


def _feedback_of(goals: _Goals, *verdicts: Verdict) -> tuple[str, ...]:
    return tuple(judgement.feedback for _, judgement in goals if judgement.verdict in verdicts)


def _summary(goals: _Goals, words: Wording) -> str:
    verdicts = [judgement.verdict for goal, judgement in goals if has_enough(goal)]
    unsure, partly = verdicts.count(Verdict.NOT_SCORED), verdicts.count(Verdict.PARTLY)
    judged, bare = len(verdicts) - unsure, len(goals) - len(verdicts)
    parts = [words("summary", met=verdicts.count(Verdict.MET), judged=judged)] if judged else []
    parts += [words("summary_partly", partly=partly)] if partly else []
    parts += [words("summary_unsure", unsure=unsure)] if unsure else []
    parts += [words("summary_no_examples", count=bare)] if bare else []
    return " ".join(parts)


def _nothing_said(request: EvaluationRequest, words: Wording) -> EvaluationDraft:
    silent = words("summary_silent")
    goals = tuple(
        GoalJudgement(goal_id=goal.id, verdict=Verdict.NOT_SCORED, feedback=silent, better=goal.better)
        for goal in request.goals
    )
    return EvaluationDraft(summary=silent, goals=goals, next_step=request.next_step)
