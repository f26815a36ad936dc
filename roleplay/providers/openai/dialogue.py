"""A persona whose words come from a chat-completions server, while the embedded engine hears and speaks.

Only text goes there. What the persona is to notice besides words stands in the first message, where nobody in the
conversation can write and which every server takes; after it the two sides alternate, as some servers insist.
"""

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import openai
from openai import OpenAI

from roleplay.ports.dialogue import Reply
from roleplay.providers.openai.realtime_session import END_CONVERSATION
from roleplay.scenarios.briefing import instructions
from roleplay.scenarios.content import ScenarioContent
from tenants.errors import ProviderFailed

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessage, ChatCompletionMessageParam, ChatCompletionToolParam

TIMEOUT = 8.0
"""Seconds for an answer; nobody waits longer for a word on the telephone."""
LONGEST = 90
"""Words; what a server says beyond them is cut at a sentence."""

_BRIEFLY = f"""# This conversation
The other person's words reach you in writing, as speech recognition or a keyboard wrote them; "{{silence}}" stands for
a silence. Answer with the words you say and nothing else: one to three short sentences, at most forty words. When you
have said goodbye and the conversation is over, call the tool {END_CONVERSATION} in the same answer."""
_SILENCE = "…"
_LEARNER, _PERSONA = "user", "assistant"

_SILENT = "The other person has said nothing for a while. React as you would."
_CUT = "The other person cut you off: your last words end where they stopped you. You notice it."
_GOING_ON = "The connection was lost for a moment. Continue where you were; do not greet again."
_GOODBYE = "You are ending the conversation. Say goodbye now, in one short sentence that fits how it went."
_TIME = {
    120: "About two minutes are left. Carry on, and have the end in mind.",
    30: "About thirty seconds are left. Wrap up now, as a busy person would.",
}
_END_TOOL: "ChatCompletionToolParam" = {
    "type": "function",
    "function": {
        "name": END_CONVERSATION,
        "description": "Ends the conversation. Call it together with your goodbye, when it is really over.",
        "parameters": {"type": "object", "properties": {}, "additionalProperties": False},
    },
}
_THOUGHTS = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_GESTURES = re.compile(r"\*[^*]+\*|\[[^\]]*\]|\((?:pauses?|sighs?|laughs?|silence)[^)]*\)", re.IGNORECASE)
_SENTENCE = re.compile(r".+?(?:[.!?…]+[\"”»']?(?=\s|$)|$)", re.DOTALL)
_FAILURES: Mapping[type[openai.APIError], tuple[str, bool]] = {
    openai.APITimeoutError: ("dialogue_timeout", True),
    openai.APIConnectionError: ("dialogue_unreachable", True),
    openai.RateLimitError: ("dialogue_busy", True),
    openai.InternalServerError: ("dialogue_unavailable", True),
    openai.AuthenticationError: ("invalid_api_key", False),
    openai.PermissionDeniedError: ("invalid_api_key", False),
    openai.NotFoundError: ("model_not_found", False),
}
"""What no retry cures has the code that the Realtime protocol has for it, because the engine passes it on."""
_NOT_AN_ANSWER = (AttributeError, IndexError, TypeError, ValueError)
"""The SDK believes whatever comes with status 200, and stumbles when it is no completion."""


class ChatServer:
    """`converse` begins a call; the connections are shared by all calls."""

    def __init__(self, *, base_url: str, model: str, key: str | None = None, timeout: float = TIMEOUT) -> None:
        self._client = OpenAI(api_key=key or "none", base_url=base_url, timeout=timeout, max_retries=0)
        self._model = model

    def converse(self, content: ScenarioContent) -> "ChatDialogue":
        return ChatDialogue(content, self)

    def ask(self, messages: "Sequence[ChatCompletionMessageParam]", *, tool: bool) -> "ChatCompletionMessage":
        tools: dict[str, Any] = {"tools": [_END_TOOL]} if tool else {}
        try:
            answer = self._client.chat.completions.create(model=self._model, messages=messages, **tools)
            message: ChatCompletionMessage = answer.choices[0].message
            (message.content or "").strip()
        except openai.OpenAIError as error:
            raise _failure(error) from None
        except _NOT_AN_ANSWER:
            raise _malformed() from None
        return message


class ChatDialogue:
    """Only what was answered is remembered, so that after a failure the same words can be said again."""

    def __init__(self, content: ScenarioContent, server: ChatServer) -> None:
        self._briefing = f"{instructions(content)}\n\n{_BRIEFLY.replace('{silence}', _SILENCE)}"
        self._opening = content.opening
        self._server = server
        self._turns: list[tuple[str, str]] = []
        self._notes: list[str] = []
        self._time: list[str] = []

    def open(self) -> Reply:
        if self._turns:
            return self._answer(_SILENCE)
        self._turns = [(_LEARNER, _SILENCE), (_PERSONA, self._opening)]
        return Reply(self._opening)

    def hear(self, text: str) -> Reply:
        return self._answer(text)

    def sit_in_silence(self) -> Reply | None:
        return self._answer(_SILENCE, _SILENT)

    def interrupted(self, heard: str) -> None:
        if self._turns and self._turns[-1][0] == _PERSONA:
            self._turns[-1] = (_PERSONA, f"{heard}—" if heard else "—")
            self._notes = [_CUT]

    def time_left(self, seconds: int) -> Reply | None:
        if seconds <= 0:
            return Reply(self._words(_SILENCE, _GOODBYE), ends_call=True)
        self._time = [_TIME[seconds]] if seconds in _TIME else self._time
        return self._answer(_SILENCE) if seconds <= 30 else None

    def resume(self, history: Sequence[tuple[str, str]]) -> None:
        for speaker, text in history:
            self._turns = _with(self._turns, _LEARNER if speaker == "learner" else _PERSONA, text)
        self._notes = [_GOING_ON] if self._turns else []

    def _answer(self, text: str, *notes: str) -> Reply:
        message = self._server.ask(self._messages(text, *notes), tool=True)
        ends = any(
            call.type == "function" and call.function.name == END_CONVERSATION for call in message.tool_calls or ()
        )
        words = spoken(message.content or "")
        if not words and not ends:
            raise _malformed()
        self._remember(text, words or self._words(text, *notes, _GOODBYE))
        return Reply(self._turns[-1][1], ends_call=ends)

    def _words(self, text: str, *notes: str) -> str:
        words = spoken(self._server.ask(self._messages(text, *notes), tool=False).content or "")
        if not words:
            raise _malformed()
        return words

    def _remember(self, text: str, words: str) -> None:
        self._turns = _with(_with(self._turns, _LEARNER, text), _PERSONA, words)
        self._notes = []

    def _messages(self, text: str, *notes: str) -> "list[ChatCompletionMessageParam]":
        now = "\n".join(f"- {note}" for note in (*self._time, *self._notes, *notes))
        briefing = f"{self._briefing}\n\n# Right now\n{now}" if now else self._briefing
        said: list[Any] = [{"role": side, "content": words} for side, words in _with(self._turns, _LEARNER, text)]
        return [{"role": "system", "content": briefing}, *said]


def _with(turns: Sequence[tuple[str, str]], side: str, text: str) -> list[tuple[str, str]]:
    """One more turn; the learner's side begins, and two turns of one side are one."""
    if turns and turns[-1][0] == side:
        return [*turns[:-1], (side, f"{turns[-1][1]} {text}")]
    return [*turns, *([] if turns or side == _LEARNER else [(_LEARNER, _SILENCE)]), (side, text)]


def spoken(text: str) -> str:
    """What of an answer can be said aloud: no thoughts, no gestures, and no speech."""
    plain = " ".join(_GESTURES.sub(" ", _THOUGHTS.sub(" ", text)).split()).strip('"“” ')
    kept: list[str] = []
    for sentence in _SENTENCE.findall(plain):
        if kept and len(" ".join([*kept, sentence]).split()) > LONGEST:
            break
        kept.append(sentence.strip())
    return " ".join(kept)


def _malformed() -> ProviderFailed:
    return ProviderFailed(code="dialogue_answer_malformed", recoverable=True)


def _failure(error: openai.OpenAIError) -> ProviderFailed:
    """In our words. The provider's own text may repeat what it was sent, so it is left behind."""
    if isinstance(error, openai.RateLimitError) and error.code == "insufficient_quota":
        return ProviderFailed(code=error.code, recoverable=False)
    for kind, (code, recoverable) in _FAILURES.items():
        if isinstance(error, kind):
            return ProviderFailed(code=code, recoverable=recoverable)
    return ProviderFailed(code="dialogue_request_refused", recoverable=False)
