"""What can happen to a call. It all goes through one inbox, and is taken out in order."""

from dataclasses import dataclass

from roleplay.attempts.tickets import Admission
from roleplay.relay.browser import Browser
from roleplay.relay.line import Line, LineEvent
from roleplay.relay.messages import ClientMessage


@dataclass(frozen=True, slots=True)
class Arrival:
    browser: Browser
    admission: Admission


@dataclass(frozen=True, slots=True)
class Departure:
    browser: Browser


@dataclass(frozen=True, slots=True)
class Said:
    browser: Browser
    message: ClientMessage


@dataclass(frozen=True, slots=True)
class Heard:
    line: Line
    event: LineEvent


@dataclass(frozen=True, slots=True)
class Drain:
    seconds: float


@dataclass(frozen=True, slots=True)
class Doubt:
    """Somebody else may have ended the attempt, or signed out who sits at the browser."""


Happening = Arrival | Departure | Said | Heard | Drain | Doubt
