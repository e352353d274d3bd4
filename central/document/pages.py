"""The pages of documents: which cabinet lacks what, since when and why; and the compare report of a day, to be printed.

Alone knows: what these pages show. Must not know: rows, wires.
"""

from datetime import timedelta

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from central.document.room import DocumentRoom
from central.document.standing import ORDER, Survey
from central.frame import Frame
from central.problem import NotHeldHere
from central.sheet.api import DAY

SHOWN = 100


def make_router(room: DocumentRoom, frame: Frame) -> APIRouter:
    """The pages over one room."""
    router = APIRouter(include_in_schema=False)
    survey = Survey(room.office.shelf, room.reach, SHOWN)

    @router.get("/documents")
    async def documents(request: Request) -> HTMLResponse:
        return frame.show(request, "documents.html", fleet=survey.now(), order=ORDER)

    @router.get("/compare")
    async def compare(request: Request, day: str = "") -> HTMLResponse:
        shown = day or (room.now() - timedelta(days=1)).date().isoformat()
        if not DAY.fullmatch(shown):
            raise NotHeldHere("report.day", "A day is written YYYY-MM-DD.")
        lines = room.compare(shown)
        totals = {"issued": sum(line.issued for line in lines), "received": sum(line.received or 0 for line in lines)}
        totals["in_transit"] = sum(line.in_transit for line in lines)
        return frame.show(request, "compare.html", day=shown, lines=lines, totals=totals)

    return router
