"""A pick list and its labels on paper: what a person holds at the shelf, and what is stuck on the bag of each line.

Alone knows: reportlab, page and font, and where a bar code stands. Must not know: rows, HTTP, what a stage allows.

A label's bar code is a GS1-128 of the item, and of lot and expiry where the picker knew them: (01) GTIN (17) expiry (10) lot, as on a
package. An item without a code of its own has none: its label says so. FiraGO is embedded, as in reports.
"""

import io
from functools import cache

import pymupdf_fonts
from reportlab.graphics.barcode.code128 import Code128
from reportlab.lib.pagesizes import letter
from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from central.restock.room import RestockRoom
from central.restock.view import LineView, ListView

PLAIN, BOLD = "pharmacy", "pharmacy-bold"
FNC1 = "\xf1"
"""How reportlab is told of the character that makes a Code 128 a GS1-128."""
MARGIN = 14 * mm
LABEL = 101.6 * mm, 50.8 * mm
"""4 by 2 inches, one label a page: what label printers hold."""
ROW = 13 * mm
QUIET = 2.6 * mm
"""Free paper at both ends of a bar code: ten times its narrowest bar."""
LONGEST_LOT = 20
"""Characters, as GS1 allows them."""
WIDEST = 0.33 * mm
HEADS = (("Line", 0), ("Pocket", 12), ("Item", 34), ("Asked", 112), ("Picked", 127), ("Lot, expiry", 145), ("", 182))


@cache
def _register() -> None:
    for name, font in ((PLAIN, "figo"), (BOLD, "figbo")):
        pdfmetrics.registerFont(TTFont(name, io.BytesIO(pymupdf_fonts.myfont(font))))


def list_pdf(one: ListView) -> bytes:
    """A list to pick by, to check and to sign, with the list's number as a bar code."""
    _register()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=letter, invariant=1)
    canvas.setTitle(f"Pick list {one.id}, {one.cabinet}")
    room_for = int((letter[1] - 2 * MARGIN - 45 * mm) // ROW)
    pages = [one.lines[start : start + room_for] for start in range(0, len(one.lines), room_for)] or [()]
    for number, lines in enumerate(pages, 1):
        top = _head(canvas, one, f"page {number} of {len(pages)}")
        for line in lines:
            top = _row(canvas, line, top)
        if number == len(pages):
            _sign(canvas, one)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _head(canvas: Canvas, one: ListView, page: str) -> float:
    top = letter[1] - MARGIN
    canvas.setFont(BOLD, 15)
    canvas.drawString(MARGIN, top - 5 * mm, f"Pick list {one.id}")
    canvas.setFont(BOLD, 12)
    canvas.drawString(MARGIN, top - 11 * mm, f"for {one.cabinet}")
    canvas.setFont(PLAIN, 9)
    said = f"{one.round}, stop {one.position} · made {one.made_at[:16].replace('T', ' ')} UTC · {one.words} · {page}"
    canvas.drawString(MARGIN, top - 16 * mm, said)
    code = Code128(one.id, barHeight=10 * mm, barWidth=WIDEST, quiet=False)
    code.drawOn(canvas, letter[0] - MARGIN - code.width, top - 12 * mm)
    top -= 24 * mm
    canvas.setFont(BOLD, 8)
    for words, x in HEADS:
        canvas.drawString(MARGIN + x * mm, top, words)
    canvas.line(MARGIN, top - 1.5 * mm, letter[0] - MARGIN, top - 1.5 * mm)
    return top - 1.5 * mm


def _row(canvas: Canvas, line: LineView, top: float) -> float:
    base = top - 5 * mm
    canvas.setFont(BOLD, 10)
    canvas.drawString(MARGIN, base, str(line.number))
    canvas.drawString(MARGIN + 12 * mm, base, line.pocket)
    canvas.drawString(MARGIN + 112 * mm, base, str(line.units))
    canvas.drawString(MARGIN + 127 * mm, base, "" if line.picked is None else str(line.picked))
    canvas.setFont(PLAIN, 9)
    for place, words in enumerate(simpleSplit(line.title, BOLD, 9, 76 * mm)[:2]):
        canvas.setFont(BOLD, 9)
        canvas.drawString(MARGIN + 34 * mm, base - place * 3.6 * mm, words)
    canvas.setFont(PLAIN, 7)
    marks = ("check" if line.needs_check else "", f"sheet {line.sheet}" if line.sheet else "", line.reason, line.said)
    told = dict.fromkeys((line.why, f"holds {line.held}", *marks))
    canvas.drawString(MARGIN + 34 * mm, top - ROW + 2.2 * mm, " · ".join(filter(None, told))[:90])
    canvas.setFont(PLAIN, 8)
    canvas.drawString(MARGIN + 145 * mm, base, " ".join(filter(None, (line.lot, line.expiry))))
    if line.picked is None:
        canvas.rect(MARGIN + 127 * mm, base - 1.5 * mm, 12 * mm, 5 * mm)
        canvas.line(MARGIN + 145 * mm, base - 1.5 * mm, MARGIN + 178 * mm, base - 1.5 * mm)
    canvas.rect(MARGIN + 182 * mm, base - 1 * mm, 4 * mm, 4 * mm)
    canvas.setLineWidth(0.3)
    canvas.line(MARGIN, top - ROW, letter[0] - MARGIN, top - ROW)
    return top - ROW


def _sign(canvas: Canvas, one: ListView) -> None:
    base = MARGIN + 6 * mm
    known = {"picked": "", "checked": "", "carried": one.carried_by}
    for stage, _at, by, _said in one.steps:
        known |= {"picked": by} if stage == "to check" else {"checked": by} if stage == "ready to leave" else {}
    for place, (what, by) in enumerate(known.items()):
        x = MARGIN + place * 62 * mm
        canvas.line(x, base, x + 55 * mm, base)
        canvas.setFont(PLAIN, 8)
        canvas.drawString(x, base - 4 * mm, f"{what} by")
        canvas.setFont(BOLD, 9)
        canvas.drawString(x, base + 1.5 * mm, by)


def labels_pdf(one: ListView, room: RestockRoom) -> bytes:
    """A label for each line of which something goes, or has still to be picked."""
    _register()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=LABEL, invariant=1)
    canvas.setTitle(f"Labels of {one.id}, {one.cabinet}")
    for line in one.lines:
        if line.picked != 0:
            _label(canvas, one, line, room.product(line.item).gtin)
            canvas.showPage()
    canvas.save()
    return out.getvalue()


def _label(canvas: Canvas, one: ListView, line: LineView, gtin: str | None) -> None:
    width, height = LABEL
    left, top = 4 * mm, height - 6.5 * mm
    canvas.setFont(BOLD, 12)
    for words in simpleSplit(line.title, BOLD, 12, width - 8 * mm)[:2]:
        canvas.drawString(left, top, words)
        top -= 5 * mm
    canvas.setFont(PLAIN, 9)
    units = line.units if line.picked is None else line.picked
    canvas.drawString(left, top, f"{one.cabinet} · pocket {line.pocket}")
    canvas.setFont(BOLD, 14)
    canvas.drawRightString(width - left, top, f"{units} {line.unit}")
    canvas.setFont(PLAIN, 8)
    top -= 4.5 * mm
    said = [f"list {one.id}, line {line.number}", *([f"sheet {line.sheet}"] if line.sheet else [])]
    said += [f"checked by {line.checked_by}"] if line.checked_by else ["to be checked"] if line.needs_check else []
    canvas.drawString(left, top, " · ".join(said))
    if gtin is None:
        canvas.drawString(left, 8 * mm, "no bar code: the formulary has none for this item")
        return
    code, spelled = barcode_of(gtin, line.lot, line.expiry)
    code.drawOn(canvas, (width - code.width) / 2, 8 * mm)
    canvas.setFont(PLAIN, 7.5)
    canvas.drawCentredString(width / 2, 4 * mm, spelled)


def barcode_of(gtin: str, lot: str, expiry: str) -> tuple[Code128, str]:
    """The GS1-128 of a package, as wide as a label allows, and the same for eyes. A lot that GS1 does not know is left out."""
    day = expiry[2:4] + expiry[5:7] + expiry[8:10] if expiry else ""
    parts = [("01", gtin), *([("17", day)] if day else []), *([("10", lot)] if lot and lot.isascii() and len(lot) <= LONGEST_LOT else [])]
    data = FNC1 + "".join(ai + value for ai, value in parts)
    bars = Code128(data, barHeight=13 * mm, barWidth=1.0, quiet=False).width
    code = Code128(data, barHeight=13 * mm, barWidth=min(WIDEST, (LABEL[0] - 2 * QUIET) / bars), quiet=False)
    return code, " ".join(f"({ai}) {value}" for ai, value in parts)
