"""The session object of one connection: what the client may set, what it is told."""

import time
from copy import deepcopy
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, Json, ValidationError

from roleplay.embedded.hearing import LANGUAGE
from roleplay.embedded.speaking import VOICE, pace_of
from roleplay.embedded.turn_detection import TurnRules
from roleplay.embedded.wire import ProtocolError, new_id
from roleplay.scenarios.content import ScenarioContent

PROMPT = "roleplay-scenario"
LONGEST_SECONDS = 60 * 60

_EAGERNESS = {"high": (300, 2_000), "medium": (500, 4_000), "auto": (500, 4_000), "low": (900, 8_000)}
"""Milliseconds of silence that end a turn which sounds finished, and one which does not."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Format(_Part):
    type: Literal["audio/pcm"]
    rate: Literal[24_000] = 24_000


class _ServerVad(_Part):
    type: Literal["server_vad"]
    threshold: float = Field(default=0.5, ge=0, le=1)
    prefix_padding_ms: int = Field(default=300, ge=0, le=5_000)
    silence_duration_ms: int = Field(default=500, ge=100, le=10_000)
    idle_timeout_ms: int | None = Field(default=None, ge=500, le=120_000)
    create_response: bool = True
    interrupt_response: bool = True

    def rules(self) -> TurnRules:
        return TurnRules(
            threshold=self.threshold,
            prefix_ms=self.prefix_padding_ms,
            silence_ms=self.silence_duration_ms,
            idle_ms=self.idle_timeout_ms,
            responds=self.create_response,
            interrupts=self.interrupt_response,
        )


class _SemanticVad(_Part):
    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True

    def rules(self) -> TurnRules:
        silence_ms, patience_ms = _EAGERNESS[self.eagerness]
        return TurnRules(
            silence_ms=silence_ms,
            patience_ms=patience_ms,
            responds=self.create_response,
            interrupts=self.interrupt_response,
        )


class _Transcription(_Part):
    model: str | None = None
    language: str | None = None


class _Input(_Part):
    format: _Format = _Format(type="audio/pcm")
    transcription: _Transcription | None = None
    turn_detection: Annotated[_ServerVad | _SemanticVad, Field(discriminator="type")] | None = _ServerVad(
        type="server_vad"
    )


class _Output(_Part):
    format: _Format = _Format(type="audio/pcm")
    speed: float = Field(default=1.0, ge=0.25, le=1.5)


class _Audio(_Part):
    input: _Input = _Input()
    output: _Output = _Output()


class _Turn(_Part):
    speaker: Literal["learner", "persona"]
    text: str


class _Variables(_Part):
    scenario: Json[ScenarioContent] | None = None
    history: Json[list[_Turn]] | None = None

    @property
    def turns(self) -> list[tuple[str, str]]:
        return [(turn.speaker, turn.text) for turn in self.history or ()]


class _Prompt(_Part):
    variables: _Variables = _Variables()


class _Settings(_Part):
    type: Literal["realtime"]
    model: str = "roleplay"
    output_modalities: list[Literal["audio", "text"]] = Field(default=["audio"], min_length=1, max_length=1)
    instructions: str = ""
    max_output_tokens: Annotated[int, Field(ge=1, le=4096)] | Literal["inf"] = "inf"
    audio: _Audio = _Audio()


class ResponseSettings(_Part):
    """What a client may ask of a single response."""

    output_modalities: list[Literal["audio", "text"]] | None = Field(default=None, min_length=1, max_length=1)
    max_output_tokens: Annotated[int, Field(ge=1, le=4096)] | Literal["inf"] | None = None
    metadata: dict[str, str] | None = None
    conversation: Literal["auto"] = "auto"

    @classmethod
    def of(cls, asked: dict[str, Any]) -> Self:
        try:
            return cls.model_validate(asked)
        except ValidationError as error:
            raise _refusal(error, "response") from None


class RealtimeSession:
    """`scenario` and `history` arrive in the prompt's variables, since the persona is played from the scenario."""

    def __init__(self, model: str) -> None:
        self.id = new_id("sess")
        self.settings = _Settings(type="realtime", model=model)
        self.scenario: ScenarioContent | None = None
        self.history: list[tuple[str, str]] = []
        self._expires_at = int(time.time()) + LONGEST_SECONDS

    def update(self, changes: dict[str, Any], *, begun: bool = False) -> None:
        """Take over what the client sets, all or nothing. Raises ProtocolError naming the field at fault.

        Once the conversation has `begun`, its scenario stays.
        """
        try:
            settings = _Settings.model_validate(_merged(self.settings.model_dump(), _with_turn_defaults(changes)))
            prompt = _Prompt.model_validate(changes.get("prompt") or {})
        except ValidationError as error:
            raise _refusal(error, "session") from None
        if prompt.variables.scenario is not None and not begun:
            self.scenario, self.history = prompt.variables.scenario, prompt.variables.turns
        self.settings = settings

    @property
    def rules(self) -> TurnRules | None:
        detection = self.settings.audio.input.turn_detection
        return detection.rules() if detection and self.speaks else None

    @property
    def speaks(self) -> bool:
        """Whether ears and mouth of this engine know the language; if not, the conversation is in writing."""
        transcription = self.settings.audio.input.transcription
        spoken = {self.scenario.language if self.scenario else None, transcription.language if transcription else None}
        return all(language is None or language.startswith(LANGUAGE) for language in spoken)

    @property
    def speed(self) -> float:
        """As the client set it, at the pace of the persona's voice character."""
        return self.settings.audio.output.speed * (pace_of(self.scenario.persona.voice) if self.scenario else 1.0)

    @property
    def medium(self) -> Literal["audio", "text"]:
        return self.settings.output_modalities[0] if self.speaks else "text"

    def rendered(self) -> dict[str, Any]:
        shown = self.settings.model_dump()
        shown["audio"]["output"]["voice"] = VOICE
        shown["output_modalities"] = [self.medium]
        if not self.speaks:
            shown["audio"]["input"]["turn_detection"] = None
        return {
            "object": "realtime.session",
            "id": self.id,
            "expires_at": self._expires_at,
            "prompt": {"id": PROMPT},
            **shown,
        }


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """`new` over `old`, part by part; null clears."""
    merged = deepcopy(old)
    for name, value in new.items():
        known = merged.get(name)
        merged[name] = _merged(known, value) if isinstance(known, dict) and isinstance(value, dict) else value
    return merged


def _with_turn_defaults(changes: dict[str, Any]) -> dict[str, Any]:
    """Turn detection is replaced, not merged: what the client leaves out goes back to its default."""
    detection = ((changes.get("audio") or {}).get("input") or {}).get("turn_detection")
    if not isinstance(detection, dict):
        return changes
    model = _SemanticVad if detection.get("type") == "semantic_vad" else _ServerVad
    gone = dict.fromkeys({*_SemanticVad.model_fields, *_ServerVad.model_fields} - {*model.model_fields})
    defaults = {name: field.default for name, field in model.model_fields.items() if name != "type"}
    return _merged(changes, {"audio": {"input": {"turn_detection": {**gone, **defaults, **detection}}}})


def _refusal(error: ValidationError, where: str) -> ProtocolError:
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    return ProtocolError("invalid_value", first["msg"], ".".join([where, *map(str, first["loc"])]))
