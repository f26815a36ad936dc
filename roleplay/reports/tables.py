"""The report as tables, whatever file they go into. The words come from outside, in the reader's language."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from roleplay.reports.figures import Figures, Line
from roleplay.reports.usage import Usage

Cell: TypeAlias = str | int | None
Tell: TypeAlias = Callable[[float], None]
"""Hears the share that is done, 0–1."""
_COMMANDS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Words:
    """What the document says. `parts` and `columns` are keyed by `PARTS` and `COLUMNS`."""

    language: str
    title: str
    subtitle: str
    parts: Mapping[str, str]
    columns: Mapping[str, str]
    private: str
    more: str
    week: Callable[[Usage], Sequence[str]]


COLUMNS = ("name", "note", "sessions", "attempts", "minutes", "people", "assigned", "completed", "completion", "score")
PARTS = ("totals", "weeks", "people", "scenarios", "tags", "goals")


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]


def parts_of(usage: Usage, words: Words) -> list[Part]:
    """The report as tables. A figure that a part does not have is None."""
    weeks = zip(words.week(usage), usage.weeks, strict=True)
    lines: dict[str, list[Line]] = {
        "totals": [Line(words.subtitle, usage.totals)],
        "weeks": [Line(label, week.figures) for label, week in weeks],
        "people": list(usage.people),
        "scenarios": list(usage.scenarios),
        "tags": list(usage.by_tag),
        "goals": list(usage.goals),
    }
    columns = [words.columns[column] for column in COLUMNS]
    return [Part(words.parts[name], columns, [_row(line, name) for line in lines[name]]) for name in PARTS]


def _row(line: Line, part: str) -> list[Cell]:
    figures: Figures = line.figures
    if part == "goals":
        return [line.label, line.note, *(None,) * 7, figures.score]
    return [
        line.label,
        line.note or None,
        figures.sessions,
        figures.attempts,
        figures.minutes,
        figures.people if part in {"totals", "weeks"} else None,
        figures.assigned,
        figures.completed,
        figures.completion,
        figures.score,
    ]


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet program would take for a formula, as a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMMANDS) else cell
