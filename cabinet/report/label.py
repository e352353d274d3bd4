"""The label of a container that was opened: what it is, and the last day on which anything may be drawn from it.

Alone knows: the size of a label, and what stands on it. Must not know: how long what is opened keeps, and who opened it.

One page of 62 × 29 mm, which is what common label printers take; a printer with larger paper prints it in a corner.
"""

import io

from reportlab.lib.units import mm
from reportlab.lib.utils import simpleSplit
from reportlab.pdfgen.canvas import Canvas

from cabinet.report.form_pdf import BOLD, PLAIN, register

SIZE = 62 * mm, 29 * mm
MARGIN = 3 * mm


def opened_label(title: str, use_by: str, place: str) -> bytes:
    """A page as PDF. `title` names the item, `use_by` is the day (YYYY-MM-DD), `place` where it is kept."""
    register()
    width, height = SIZE
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=SIZE, invariant=1)
    canvas.setTitle(f"{title}, use by {use_by}")
    top = height - 6 * mm
    canvas.setFont(BOLD, 11)
    for words in simpleSplit(title, BOLD, 11, width - 2 * MARGIN)[:2]:
        canvas.drawString(MARGIN, top, words)
        top -= 4.5 * mm
    canvas.setFont(BOLD, 14)
    canvas.drawString(MARGIN, 8 * mm, f"USE BY {use_by}")
    canvas.setFont(PLAIN, 7)
    canvas.drawString(MARGIN, 3.5 * mm, f"opened · {place}")
    canvas.save()
    return out.getvalue()
