"""What the product needs from the world, in our words. Vendors implement these; `roleplay.app` chooses them."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict


class Speaker(StrEnum):
    LEARNER = "learner"
    PERSONA = "persona"


@dataclass(frozen=True, slots=True)
class SpokenTurn:
    """One turn as it was heard; `number` counts from 1 over both speakers, times are ms since the call began."""

    number: int
    speaker: Speaker
    text: str
    started_ms: int
    ended_ms: int


@dataclass(frozen=True, slots=True)
class Criterion:
    """A goal or a lever to look for in what the learner said, with authored examples of doing it and of seeming to."""

    id: str
    text: str
    positive: Sequence[str] = ()
    negative: Sequence[str] = ()
    worked: str | None = None
    missing: str | None = None
    better: str | None = None


@dataclass(frozen=True, slots=True)
class EvaluationRequest:
    """Everything a judge may know. `language` is the feedback's; the turns are data, never instructions."""

    language: str
    scenario: str
    objective: str
    learner_role: str
    persona: str
    goals: Sequence[Criterion]
    opens: Sequence[Criterion]
    closes: Sequence[Criterion]
    turns: Sequence[SpokenTurn]
    instructions: str | None = None
    next_step: str | None = None


class Verdict(StrEnum):
    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NOT_SCORED = "not_scored"
    """The judge could not tell; it abstains rather than guesses."""


class _Judged(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Quote(_Judged):
    """Words a learner turn is said to contain. Nobody trusts it before `evaluations.scoring` has found it there."""

    turn: int
    quote: str


class GoalJudgement(_Judged):
    goal_id: str
    verdict: Verdict
    evidence: tuple[Quote, ...] = ()
    feedback: str
    better: str | None = None


class KeyMoment(_Judged):
    turn: int
    title: str
    suggestion: str


class EvaluationDraft(_Judged):
    """A judge's answer. It never holds a total: the score is computed by code."""

    summary: str
    goals: tuple[GoalJudgement, ...]
    worked: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    key_moments: tuple[KeyMoment, ...] = ()
    suggestions: tuple[str, ...] = ()
    next_step: str | None = None


class Evaluator(Protocol):
    """Judges one attempt. Raises `ProviderFailed`, whose `recoverable` says whether a retry can help."""

    @property
    def label(self) -> str:
        """Who judged, as the debrief says it, e.g. "Practice engine"."""

    def evaluate(self, request: EvaluationRequest) -> EvaluationDraft: ...


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content: bytes
    media_type: str


@dataclass(frozen=True, slots=True)
class Email:
    to: str
    subject: str
    text: str
    html: str
    attachments: Sequence[Attachment] = ()


class Mailer(Protocol):
    """Sends one e-mail or raises `ProviderFailed`."""

    def send(self, email: Email) -> None: ...


class Files(Protocol):
    """Keeps files by a key that begins with their organization."""

    def write(self, key: str, content: bytes) -> None: ...

    def read(self, key: str) -> bytes | None:
        """None when there is no such file."""

    def delete(self, key: str) -> None: ...
