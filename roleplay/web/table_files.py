"""A table as a file: "Export this view" gives the rows that the address of the table asks for, on all its pages."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import Response
from flask_babel import get_locale, to_user_timezone

from roleplay.reports.tables import Cell, harmless


def csv_file(name: str, columns: Sequence[object], rows: Iterable[Sequence[Cell]]) -> Response:
    """For spreadsheet programs: with a byte order mark, the separator of the reader's language, and no formula."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=";" if str(get_locale()) == "fr" else ",")
    writer.writerow([str(column) for column in columns])
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    response = Response(file.getvalue().encode("utf-8-sig"), content_type="text/csv; charset=utf-8")
    response.headers.set("Content-Disposition", "attachment", filename=f"{name}.csv")
    return response


def moment(at: datetime | None) -> str:
    """An instant as spreadsheet programs read it, in the reader's time zone."""
    return f"{to_user_timezone(at):%Y-%m-%d %H:%M}" if at else ""
