"""A report as PDF: paper that can be signed, filed and read without the program that made it.

Alone knows: reportlab, the page and the font. Must not know: what a report is about.

US letter or A4 as the site says, landscape (portrait where a table is large); every page bears the cabinet, the interval, the
journal's head, the disclaimer and its number. FiraGO is embedded: Latin, Greek and Cyrillic. What the font lacks prints as an empty box,
never as another letter, and the page says so.
"""

import io
import unicodedata
from collections.abc import Sequence
from datetime import tzinfo
from functools import cache

import pymupdf_fonts
from reportlab.lib.pagesizes import A4, landscape, letter
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from cabinet.report.page import Block, Page, Sheeted, sheeted
from cabinet.report.printed import lines, text
from cabinet.report.table import DISCLAIMER, Sheet, Table

MARGIN = 36.0
HEAD, FOOT = 46.0, 34.0
SIZE, TITLE_SIZE, SMALL = 7.5, 12.0, 6.5
LARGEST, SMALLEST = 17.0, 6.0
PLAIN, BOLD = "report", "report-bold"
LACKS = "Letters that this print lacks stand as boxes: CSV and JSON hold them.   "
PAPERS = {"letter": letter, "a4": A4}


def pdf_bytes(sheet: Sheet) -> bytes:
    """The whole report."""
    return paper(lines(sheet.heading), sheet.tables, sheet.heading.zone, sheet.heading.paper)


def paper(above: tuple[str, ...], tables: Sequence[Table], zone: tzinfo, size: str = "letter") -> bytes:
    """Tables on pages that each bear `above`: a title and a line under it, and at the foot two more."""
    register()
    is_large = any(table.is_large for table in tables)
    width, height = PAPERS[size] if is_large else landscape(PAPERS[size])
    pages: list[Page] = []
    for table in tables:
        pages += _pages(table, zone, width, height)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1, pageCompression=1)
    canvas.setTitle(above[0])
    canvas.setSubject(DISCLAIMER)
    lacks = LACKS if _lacks_letters(pages) else ""
    for number, page in enumerate(pages, 1):
        _draw(canvas, page, above, width, height, f"{lacks}page {number} of {len(pages)}")
    canvas.save()
    return out.getvalue()


@cache
def register() -> None:
    """Make the fonts `PLAIN` and `BOLD` known."""
    for name, font in ((PLAIN, "figo"), (BOLD, "figbo")):
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(pymupdf_fonts.myfont(font))))


def _lacks_letters(pages: list[Page]) -> bool:
    """Whether anything is printed that the font has no sign for, or that is not written from left to right."""
    font = pdfmetrics.getFont(PLAIN)
    assert isinstance(font, TTFont)
    known = font.face.charToGlyph
    said = {letter for page in pages for block in page.blocks for letter in block.words}
    return any(ord(one) not in known or unicodedata.bidirectional(one) in {"R", "AL"} for one in said)


def _pages(table: Table, zone: tzinfo, width: float, height: float) -> list[Page]:
    """A table as pages; a large one in the largest print that fits on one."""
    room = width - 2 * MARGIN, height - 2 * MARGIN - HEAD - FOOT
    names, rows = table.shown()
    cells = [tuple(text(cell, zone) for cell in row) for row in rows]
    given = Sheeted(table.title, tuple(column.title for column in names), cells, table.notes, table.signature_lines)
    if not table.is_large:
        return sheeted(given, room, SIZE, _width_of)
    size = LARGEST
    pages = sheeted(given, room, size, _width_of)
    while len(pages) > 1 and size > SMALLEST:
        size -= 0.5
        pages = sheeted(given, room, size, _width_of)
    return pages


def _width_of(words: str, size: float, is_bold: bool) -> float:
    return float(pdfmetrics.stringWidth(words, BOLD if is_bold else PLAIN, size))


def _draw(canvas: Canvas, page: Page, above: tuple[str, ...], width: float, height: float, number: str) -> None:
    top = height - MARGIN
    canvas.setFont(BOLD, TITLE_SIZE)
    canvas.drawString(MARGIN, top - TITLE_SIZE, above[0])
    canvas.setFont(PLAIN, 8)
    canvas.drawString(MARGIN, top - TITLE_SIZE - 12, above[1])
    canvas.line(MARGIN, top - HEAD + 10, width - MARGIN, top - HEAD + 10)
    for block in page.blocks:
        _draw_block(canvas, block, top - HEAD)
    canvas.line(MARGIN, MARGIN + FOOT - 8, width - MARGIN, MARGIN + FOOT - 8)
    canvas.setFont(PLAIN, SMALL)
    canvas.drawString(MARGIN, MARGIN + FOOT - 18, above[2])
    canvas.drawString(MARGIN, MARGIN + FOOT - 28, above[3])
    canvas.drawRightString(width - MARGIN, MARGIN + FOOT - 18, number)
    canvas.showPage()


def _draw_block(canvas: Canvas, block: Block, top: float) -> None:
    """One piece of text, or (without text) a line under a row or to sign on."""
    if not block.words:
        canvas.setLineWidth(0.3)
        canvas.line(MARGIN + block.x, top - block.y, MARGIN + block.x + block.width, top - block.y)
        return
    canvas.setFont(BOLD if block.is_bold else PLAIN, block.size)
    canvas.drawString(MARGIN + block.x, top - block.y, block.words)
