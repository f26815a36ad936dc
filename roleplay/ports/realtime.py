"""What a live call needs from a voice engine, in our words: a plan, a few verbs, and small events."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from roleplay.ports import Speaker
from tenants.errors import ProviderFailed

if TYPE_CHECKING:
    from roleplay.sockets.channel import Channel


class TurnTaking(StrEnum):
    """Who decides that the learner has finished speaking."""

    HANDS_FREE = "hands_free"
    PUSH_TO_TALK = "push_to_talk"
    OFF = "off"
    """Nobody is heard: text mode, a pause, a browser that went away."""


@dataclass(frozen=True, slots=True)
class Said:
    speaker: Speaker
    text: str


@dataclass(frozen=True, slots=True)
class CallPlan:
    """Everything an engine needs to play a persona. `scenario` is the ScenarioContent as JSON, for engines that play
    it themselves; the others follow `instructions`. `history` holds the turns of a call that goes on."""

    instructions: str
    scenario: str
    language: str
    voice: str
    spoken: bool
    taking: TurnTaking
    silence_ms: int
    remaining_ms: int
    history: Sequence[Said] = ()


class UsageKind(StrEnum):
    ANSWER = "answer"
    HEARING = "hearing"


@dataclass(frozen=True, slots=True)
class Usage:
    """What one answer or one transcription cost. `ref` is unique within an attempt; cached is a part of the input."""

    ref: str
    kind: UsageKind
    text_in: int = 0
    audio_in: int = 0
    cached_in: int = 0
    text_out: int = 0
    audio_out: int = 0
    audio_ms: int = 0


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """`at_ms` counts the audio that this engine was given."""

    item: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechStopped:
    item: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class SilenceBroken:
    """The persona speaks up because nobody did; `item` stands for the silence and is no turn."""

    item: str


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """The engine put an utterance into its conversation, behind `after`."""

    item: str
    after: str | None
    speaker: Speaker


@dataclass(frozen=True, slots=True)
class LearnerWords:
    """A piece of what was heard, or the whole of it when `final`."""

    item: str
    text: str
    final: bool
    usage: Usage | None = None


@dataclass(frozen=True, slots=True)
class LearnerNotHeard:
    item: str


@dataclass(frozen=True, slots=True)
class AnswerStarted:
    ref: str


class PersonaAudio(NamedTuple):
    """PCM16 little-endian mono at 24 kHz, sent as fast as it is made."""

    item: str
    pcm: bytes


@dataclass(frozen=True, slots=True)
class PersonaWords:
    item: str
    text: str
    final: bool


@dataclass(frozen=True, slots=True)
class AnswerDone:
    """One answer is complete, cancelled or failed; its items will not grow any more."""

    items: tuple[str, ...]
    completed: bool
    ends_call: bool
    usage: Usage
    persona_state: Mapping[str, int] | None = None
    failure: str | None = None
    """Why there is no answer, when the engine could not give one; asked again, it may."""


@dataclass(frozen=True, slots=True)
class EngineTrouble:
    """Something went wrong that the call survives."""

    code: str


RealtimeEvent = (
    SpeechStarted
    | SpeechStopped
    | SilenceBroken
    | ItemAdded
    | LearnerWords
    | LearnerNotHeard
    | AnswerStarted
    | PersonaAudio
    | PersonaWords
    | AnswerDone
    | EngineTrouble
)


class Listener(Protocol):
    """Whoever listens to a call. None of these may wait: they may be called from a place that everybody waits for."""

    def heard(self, event: RealtimeEvent) -> None: ...

    def pressed(self, full: bool) -> None:
        """More was said to the engine than it takes; or, `full` no more, that is over."""

    def lost(self, failure: ProviderFailed) -> None:
        """The line is dead, and nothing more will be heard. Said once, and never after `close`."""


class Coupling(Protocol):
    """Sound that goes straight from socket to socket, the learner's through the ears and the persona's through the
    mouth, each as long as it is open; everything else goes its usual way."""

    heard: int
    """Bytes of sound that went to the engine; whoever has counted them sets it back."""
    spoken: int
    """The same of those that went to the browser."""
    until: float
    """When all of the persona's sound will have been played if it is played as it comes, by `time.monotonic`."""

    def open_ears(self) -> None: ...

    def open_mouth(self, item: str, until: float) -> None:
        """For the sound of this item only. `until` holds for what came before."""

    def close(self) -> None:
        """Ears and mouth."""


class RealtimeCall(Protocol):
    """One open conversation with an engine. Verbs may be used from any thread; they raise `ProviderFailed` when the
    line is dead."""

    @property
    def ref(self) -> str:
        """What the engine calls this conversation."""

    @property
    def spoken(self) -> bool:
        """Whether the persona speaks and hears; an engine that does not know the language goes on in writing."""

    @property
    def can_truncate(self) -> bool:
        """Whether the engine can be told how much of an item was heard."""

    def listen(self, listener: Listener) -> None:
        """Hands on all that the engine says from now on, in order; returns at once."""

    def hold(self, on: bool) -> None:
        """Listens no more for a while, so that an engine which is far ahead waits."""

    def couple(self, browser: "Channel") -> Coupling | None:
        """This line's socket with a browser's, where the two can be coupled; both are closed at first."""

    def hear(self, pcm: bytes) -> None: ...

    def commit(self) -> None:
        """The learner's turn is over (push to talk)."""

    def clear(self) -> None:
        """Forget what was heard since the last turn."""

    def read(self, text: str, *, item: str) -> None:
        """Take a typed learner turn; `item` is at most 32 characters."""

    def answer(self) -> None: ...

    def cancel(self) -> None: ...

    def truncate(self, item: str, heard_ms: int) -> None: ...

    def forget(self, item: str) -> None: ...

    def note_time_left(self, seconds: int) -> None:
        """Let the persona know that 120, 30 or 0 seconds are left; it wraps up, and says goodbye at 0."""

    def take_turns(self, taking: TurnTaking, silence_ms: int) -> None: ...

    def close(self) -> None: ...


class RealtimeEngine(Protocol):
    @property
    def label(self) -> str:
        """Who plays the persona, as the room says it, e.g. "Practice engine"."""

    def connect(self, plan: CallPlan) -> RealtimeCall:
        """Opens a conversation that is ready for its first answer, or raises `ProviderFailed`."""
