"""What the voice engine asks of the mind behind a persona, and nothing about how it thinks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True)
class Reply:
    """What the persona says next. `state` holds `openness` and `patience` (0–100) after this turn."""

    text: str
    ends_call: bool = False
    state: Mapping[str, int] = field(default_factory=dict)


class Dialogue(Protocol):
    """One call with one persona. Never called from two threads at once.

    What answers may raise `ProviderFailed`; then nothing was said, and the same words may be heard again.
    """

    def open(self) -> Reply:
        """The persona's first words."""

    def hear(self, text: str) -> Reply:
        """Answer a learner turn, spoken (already transcribed) or typed."""

    def sit_in_silence(self) -> Reply | None:
        """The learner has said nothing for a while."""

    def interrupted(self, heard: str) -> None:
        """The last reply was cut; this is the part of it that the learner heard."""

    def time_left(self, seconds: int) -> Reply | None:
        """Words to say now that 120 or 30 seconds are left; at 0 the farewell, which ends the call."""

    def resume(self, history: Sequence[tuple[str, str]]) -> None:
        """Continue a call from its (speaker, text) turns, without greeting again. Speakers: learner, persona."""
