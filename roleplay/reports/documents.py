"""A report as CSV, XLSX or PDF. The words come from outside, in the reader's language."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import xlsxwriter

from roleplay.reports.figures import Figures, Line
from roleplay.reports.models import Format
from roleplay.reports.pdf import write_pdf
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


def write(wanted: Format, usage: Usage, words: Words, *, tell: Tell) -> bytes:
    parts = parts_of(usage, words)
    if wanted is Format.CSV:
        return write_csv(parts, words, tell)
    if wanted is Format.XLSX:
        return write_xlsx(parts, tell)
    return write_pdf(usage, parts, words, tell)


def write_csv(parts: Sequence[Part], words: Words, tell: Tell) -> bytes:
    """One table, each row with the name of its part; with a byte order mark, for spreadsheet programs."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if words.language == "fr" else ",")
    writer.writerow([words.columns["part"], *parts[0].columns])
    for number, part in enumerate(parts, start=1):
        writer.writerows([harmless(cell) for cell in (part.title, *row)] for row in part.rows)
        tell(number / len(parts))
    return file.getvalue().encode("utf-8-sig")


def harmless(cell: Cell) -> Cell:
    """A text that a spreadsheet program would take for a formula, as a text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_COMMANDS) else cell


def write_xlsx(parts: Sequence[Part], tell: Tell) -> bytes:
    file = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(file, options) as book:
        bold = book.add_format({"bold": True})
        for number, part in enumerate(parts, start=1):
            sheet = book.add_worksheet(part.title[:31])
            sheet.set_column(0, 1, 36)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, part.columns, bold)
            for position, row in enumerate(part.rows, start=1):
                sheet.write_row(position, 0, row)
            tell(number / len(parts))
    return file.getvalue()
