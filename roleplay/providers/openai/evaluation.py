"""A judge on the OpenAI Responses API, or on a server with the same interface.

One call for each goal, so that a sentence that sways one verdict sways no other, and one for the debrief; all at
once. Whatever people wrote or said goes in as JSON between random markers. Nothing is stored at the provider.
"""

import secrets
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Literal, TypeVar

import openai
from openai import OpenAI
from openai.types.responses import ParsedResponse
from pydantic import BaseModel, ConfigDict, ValidationError

from roleplay.ports import Criterion, EvaluationDraft, EvaluationRequest, GoalJudgement, KeyMoment, Quote, Verdict
from roleplay.providers.openai.prompts import case_file, instructions
from tenants.errors import ProviderFailed

TIMEOUT = 60.0
"""Seconds for one call; the job as a whole has five minutes."""
AT_ONCE = 4
MOST_TOKENS = 4000

_ASK_AGAIN_LATER: Mapping[type[openai.APIError], str] = {
    openai.APITimeoutError: "judge_timeout",
    openai.APIConnectionError: "judge_unreachable",
    openai.RateLimitError: "judge_busy",
    openai.InternalServerError: "judge_unavailable",
    openai.ConflictError: "judge_busy",
    openai.APIResponseValidationError: "judge_answer_malformed",
}
_NEVER_MIND: Mapping[type[openai.APIError], str] = {
    openai.AuthenticationError: "judge_key_refused",
    openai.PermissionDeniedError: "judge_key_refused",
    openai.NotFoundError: "judge_model_unknown",
}
_NOT_AN_ANSWER = (ValidationError, AttributeError, TypeError, ValueError)
"""The SDK believes whatever comes with status 200, and stumbles when it is no Response."""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid")


class QuoteAnswer(_Answer):
    turn: int
    quote: str


class GoalAnswer(_Answer):
    verdict: Literal["met", "partly", "not_met", "not_scored"]
    evidence: list[QuoteAnswer]
    feedback: str
    better: str | None


class MomentAnswer(_Answer):
    turn: int
    title: str
    suggestion: str


class DebriefAnswer(_Answer):
    summary: str
    worked: list[str]
    missing: list[str]
    key_moments: list[MomentAnswer]
    suggestions: list[str]
    next_step: str | None


Answer = TypeVar("Answer", bound=_Answer)


class OpenAIEvaluator:
    def __init__(
        self, *, key: str, model: str, base_url: str | None = None, timeout: float = TIMEOUT, retries: int = 1
    ) -> None:
        self._model = model
        self._client = OpenAI(api_key=key, base_url=base_url, timeout=timeout, max_retries=retries)

    @property
    def label(self) -> str:
        return f"OpenAI {self._model}"

    def evaluate(self, request: EvaluationRequest) -> EvaluationDraft:
        marker = secrets.token_hex(8)
        with ThreadPoolExecutor(max_workers=AT_ONCE) as threads:
            debrief = threads.submit(self._debrief, request, marker)
            goals = list(threads.map(lambda goal: self._judge(request, goal, marker), request.goals))
            words = debrief.result()
        return EvaluationDraft(
            summary=words.summary,
            goals=tuple(goals),
            worked=tuple(words.worked),
            missing=tuple(words.missing),
            key_moments=tuple(KeyMoment(**moment.model_dump()) for moment in words.key_moments),
            suggestions=tuple(words.suggestions),
            next_step=words.next_step,
        )

    def _debrief(self, request: EvaluationRequest, marker: str) -> DebriefAnswer:
        prompt = instructions("debrief.md", language=request.language, marker=marker)
        return self._ask(prompt, case_file(request, marker=marker), DebriefAnswer)

    def _judge(self, request: EvaluationRequest, goal: Criterion, marker: str) -> GoalJudgement:
        prompt = instructions("evaluate.md", language=request.language, marker=marker)
        answer = self._ask(prompt, case_file(request, goal=goal, marker=marker), GoalAnswer)
        return GoalJudgement(
            goal_id=goal.id,
            verdict=Verdict(answer.verdict),
            evidence=tuple(Quote(turn=quote.turn, quote=quote.quote) for quote in answer.evidence),
            feedback=answer.feedback,
            better=answer.better,
        )

    def _ask(self, prompt: str, material: str, shape: type[Answer]) -> Answer:
        try:
            response = self._client.responses.parse(
                model=self._model,
                instructions=prompt,
                input=material,
                text_format=shape,
                max_output_tokens=MOST_TOKENS,
                store=False,
            )
        except openai.OpenAIError as error:
            raise _failure(error) from None
        except _NOT_AN_ANSWER:
            raise ProviderFailed(code="judge_answer_malformed", recoverable=True) from None
        answer = response.output_parsed
        if isinstance(answer, shape):
            return answer
        if _refused(response):
            raise ProviderFailed(code="judge_refused", recoverable=False)
        raise ProviderFailed(code="judge_answer_malformed", recoverable=True)


def _refused(response: ParsedResponse[Answer]) -> bool:
    messages = (item for item in response.output or () if item.type == "message")
    return any(part.type == "refusal" for message in messages for part in message.content)


def _failure(error: openai.OpenAIError) -> ProviderFailed:
    """In our words. The provider's own text may repeat what it was sent, so it is left behind."""
    if isinstance(error, openai.RateLimitError) and error.code == "insufficient_quota":
        return ProviderFailed(code="judge_quota_used_up", recoverable=False)
    for kind, code in _ASK_AGAIN_LATER.items():
        if isinstance(error, kind):
            return ProviderFailed(code=code, recoverable=True)
    for kind, code in _NEVER_MIND.items():
        if isinstance(error, kind):
            return ProviderFailed(code=code, recoverable=False)
    return ProviderFailed(code="judge_request_refused", recoverable=False)
