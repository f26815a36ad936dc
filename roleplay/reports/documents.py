"""A report as CSV, XLSX or PDF."""

import csv
import io
from collections.abc import Sequence

import xlsxwriter

from roleplay.reports.models import Format
from roleplay.reports.pdf import write_pdf
from roleplay.reports.tables import Part, Tell, Words, harmless, parts_of
from roleplay.reports.usage import Usage


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
