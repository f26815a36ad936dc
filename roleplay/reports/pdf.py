"""The report as a PDF to hand on: the figures, a bar for each week, and the first lines of each part."""

from collections.abc import Callable, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import XPos, YPos
from fpdf.fonts import FontFace

from roleplay.reports.tables import Part, Words
from roleplay.reports.usage import Usage

MOST_ROWS = 40
"""Of a part; a spreadsheet has all of them."""
_FONTS = Path(__file__).parent.parent / "static" / "vendor" / "fonts"
_GREEN, _INK, _LINE = (20, 89, 74), (21, 48, 43), (229, 223, 212)
_WIDTHS = (58, 44, 18, 22, 18, 18, 18, 22, 24, 25)


def write_pdf(usage: Usage, parts: Sequence[Part], words: Words, tell: Callable[[float], None]) -> bytes:
    pdf = _blank(words)
    _heading(pdf, words.title, 22)
    pdf.set_font("text", size=11)
    pdf.multi_cell(0, 6, words.subtitle, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    _bars(pdf, [week.figures.attempts for week in usage.weeks], words.parts["weeks"])
    for number, part in enumerate(parts, start=1):
        _table(pdf, part, words)
        tell(number / len(parts))
    pdf.set_font("text", size=9)
    pdf.ln(4)
    pdf.multi_cell(0, 5, words.private, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    return bytes(pdf.output())


def _blank(words: Words) -> FPDF:
    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_lang(words.language)
    pdf.set_title(words.title)
    pdf.set_auto_page_break(True, margin=15)
    for family, name in (("text", "figtree-latin"), ("more", "figtree-latin-ext")):
        file = _FONTS / f"{name}-wght-normal.woff2"
        pdf.add_font(family, "", file, variations={"wght": 420.0})
        pdf.add_font(family, "B", file, variations={"wght": 660.0})
    pdf.set_fallback_fonts(["more"], exact_match=False)
    pdf.set_text_color(*_INK)
    pdf.add_page()
    return pdf


def _heading(pdf: FPDF, text: str, size: int) -> None:
    pdf.set_font("text", "B", size)
    pdf.multi_cell(0, size * 0.55, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(2)


def _bars(pdf: FPDF, values: Sequence[int], title: str) -> None:
    pdf.ln(4)
    _heading(pdf, title, 13)
    top, height, highest = pdf.get_y(), 28, max(values) or 1
    step = pdf.epw / len(values)
    pdf.set_fill_color(*_GREEN)
    pdf.set_draw_color(*_LINE)
    for position, value in enumerate(values):
        tall = height * value / highest
        pdf.rect(pdf.l_margin + position * step, top + height - tall, step * 0.7, tall, style="F")
    pdf.line(pdf.l_margin, top + height, pdf.l_margin + pdf.epw, top + height)
    pdf.set_y(top + height + 6)


def _table(pdf: FPDF, part: Part, words: Words) -> None:
    if not part.rows:
        return
    _heading(pdf, part.title, 13)
    pdf.set_font("text", size=8)
    pdf.set_draw_color(*_LINE)
    align = ("LEFT", "LEFT", *("RIGHT",) * (len(part.columns) - 2))
    face = FontFace(emphasis="BOLD", fill_color=(246, 242, 235))
    with pdf.table(col_widths=_WIDTHS, text_align=align, headings_style=face, line_height=5) as table:
        table.row(part.columns)
        for row in part.rows[:MOST_ROWS]:
            table.row(["–" if cell is None else str(cell) for cell in row])
    if len(part.rows) > MOST_ROWS:
        pdf.multi_cell(0, 6, words.more, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
    pdf.ln(5)
