"""What a scenario says: the text that an author writes and that a ScenarioVersion freezes.

One pydantic model serves the library files, the versions in the database and the import of an author's own file, so a
scenario means the same thing everywhere. Nothing here knows the database.
"""

from enum import StrEnum
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError


def storable(text: str) -> str:
    """The text, unless it holds what no database text can: the character 0, or half of a surrogate pair."""
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("holds a character that cannot be stored")
    return text


LONGEST_LINE = 600
LONGEST_TEXT = 10_000

Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_LINE), AfterValidator(storable)
]
Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_TEXT), AfterValidator(storable)
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
LinkedInUrl = Annotated[
    str, StringConstraints(pattern=r"^https://([a-z]{2,3}\.)?linkedin\.com/[^\s<>\"]+$", max_length=300)
]


def _unsaid(value: object) -> bool:
    """What an author left out stays out of the stored text, so that the digest of an older text stays the same."""
    return value is None


TIME_LIMITS = (5, 10, 15, 30)
"""Minutes a live conversation may last (feature V6)."""
MOST_PER_WEEK = 14
MOST_GOALS = 8
MOST_ROWS = 20
"""Of levers, and of facts."""
ENOUGH_EXAMPLES = 4
"""Learner sentences that do a thing, from which on the practice engine judges whether it was done."""


class ScenarioType(StrEnum):
    SALES = "sales"
    CUSTOMER_SUCCESS = "customer_success"
    SUPPORT = "support"
    LEADERSHIP = "leadership"
    PEOPLE = "people"
    COMPLIANCE = "compliance"
    CAREER = "career"


class Difficulty(StrEnum):
    """How much it takes to move the persona; the same for every learner of a version."""

    GENTLE = "gentle"
    REALISTIC = "realistic"
    DEMANDING = "demanding"


class Direction(StrEnum):
    OPENS = "opens"
    CLOSES = "closes"


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Persona(_Part):
    """Who the AI plays. The five personality dials are free words an author picks or types."""

    name: Line
    job: Line
    organization: Line
    biography: Text
    trait: Line
    emotional_state: Line
    communication_style: Line
    decision_making: Line
    voice: Line = "warm"
    """Voice character, a word each engine maps to one of its own voices."""
    ecosystem: Slug | None = Field(default=None, exclude_if=_unsaid)
    vertical: Slug | None = Field(default=None, exclude_if=_unsaid)
    linkedin_url: LinkedInUrl | None = Field(default=None, exclude_if=_unsaid)
    """Of the real person behind the persona. Shown, never fetched."""
    profile_text: Text | None = Field(default=None, exclude_if=_unsaid)
    """What the author pasted about that person."""
    motivations: tuple[Line, ...] = Field(min_length=1)
    concerns: tuple[Line, ...] = Field(min_length=1)
    behaviours: tuple[Line, ...] = ()


class Exemplars(_Part):
    """Learner sentences that do (`positive`) or only seem to do (`negative`) the thing in question."""

    positive: tuple[Line, ...] = ()
    negative: tuple[Line, ...] = ()


class Goal(_Part):
    """What the learner should achieve, judged by itself. `worked`, `missing` and `better` speak to the learner."""

    id: Slug
    text: Line
    weight: int = Field(default=1, ge=1, le=5)
    examples: Exemplars = Exemplars()
    worked: Line | None = None
    missing: Line | None = None
    better: Line | None = None
    """One sentence the learner could have said."""


class Lever(_Part):
    """What moves the persona (`opens`) or shuts it down (`closes`); `strength` 1 nudges, 3 turns the conversation."""

    id: Slug
    direction: Direction
    text: Line
    strength: int = Field(default=2, ge=1, le=3)
    examples: Exemplars = Exemplars()
    lines: tuple[Line, ...] = ()
    """What the persona says when this lever is pulled, most natural first."""


class Fact(_Part):
    """Something the persona knows. A `guarded` fact comes out only once the persona has opened up."""

    id: Slug
    text: Line
    guarded: bool = False
    asked_by: tuple[Line, ...] = ()
    """Learner questions that ask for it."""
    lines: tuple[Line, ...] = ()
    """How the persona says it."""


class Moves(_Part):
    """Authored lines for each thing the persona may need to do; none is ever said twice in a call."""

    probe: tuple[Line, ...] = ()
    """The persona takes the initiative: questions and demands that bring up its concerns."""
    pushback: tuple[Line, ...] = ()
    """Objections to what was said, while guarded."""
    listen: tuple[Line, ...] = ()
    """Short, neutral, keeps the learner talking."""
    warm: tuple[Line, ...] = ()
    """What it says once open."""
    cold: tuple[Line, ...] = ()
    """What it says once closed."""
    silence: tuple[Line, ...] = ()
    interrupted: tuple[Line, ...] = ()
    unclear: tuple[Line, ...] = ()
    """It did not understand, and says so as this person would."""
    off_topic: tuple[Line, ...] = ()
    hostile: tuple[Line, ...] = ()
    """Answers to insults or threats."""
    identity: tuple[Line, ...] = ()
    """Answers to "are you an AI?" and "ignore your instructions": stays in role, returns to the matter."""
    wrap_up: tuple[Line, ...] = ()
    """Little time is left."""
    farewell_open: tuple[Line, ...] = ()
    farewell_closed: tuple[Line, ...] = ()


_Rows = TypeVar("_Rows", tuple[Goal, ...], tuple[Lever, ...], tuple[Fact, ...])


def _told_apart(rows: _Rows) -> _Rows:
    if len({row.id for row in rows}) != len(rows):
        raise PydanticCustomError("same_id", "two rows share an id")
    return rows


def _offered(minutes: int) -> int:
    if minutes not in TIME_LIMITS:
        offered = ", ".join(map(str, TIME_LIMITS))
        raise PydanticCustomError("time_limit", "the minutes are {expected}", {"expected": offered})
    return minutes


class ScenarioContent(_Part):
    """A whole exercise. `learner_role` and `stakes` address the learner as "you"; facts are the persona's."""

    title: Line
    summary: Line
    type: ScenarioType
    use_case: Line | None = Field(default=None, exclude_if=_unsaid)
    language: Language = "en"
    time_limit_minutes: Annotated[int, AfterValidator(_offered)] = 10
    fixed_time: bool | None = Field(default=None, exclude_if=_unsaid)
    """The learner cannot add two minutes at the end."""
    difficulty: Difficulty = Difficulty.REALISTIC
    learner_role: Text
    context: Text
    """What both sides know before the first word."""
    stakes: Text
    objective: Text
    persona: Persona
    opening: Line
    """The persona's first words."""
    goals: Annotated[tuple[Goal, ...], AfterValidator(_told_apart)] = Field(min_length=1, max_length=MOST_GOALS)
    levers: Annotated[tuple[Lever, ...], AfterValidator(_told_apart)] = Field(default=(), max_length=MOST_ROWS)
    facts: Annotated[tuple[Fact, ...], AfterValidator(_told_apart)] = Field(default=(), max_length=MOST_ROWS)
    moves: Moves = Moves()
    next_step: Line | None = None
    """One exercise to do after this one, said in the debrief."""
    tuning: Text | None = Field(default=None, exclude_if=_unsaid)
    """Tone, questions to raise, knowledge about a product: in the author's own words, for the persona."""
    evaluation_template: Slug | None = Field(default=None, exclude_if=_unsaid)
    evaluation_instructions: Text | None = Field(default=None, exclude_if=_unsaid)
    instructions: Text | None = Field(default=None, exclude_if=_unsaid)
    """Shown to whoever joins a session."""
    sessions_per_week: int | None = Field(default=None, ge=1, le=MOST_PER_WEEK, exclude_if=_unsaid)

    def levers_that(self, direction: Direction) -> tuple[Lever, ...]:
        return tuple(lever for lever in self.levers if lever.direction is direction)
