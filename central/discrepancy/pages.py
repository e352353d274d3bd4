"""The pages of discrepancies: all cabinets by age, and one with the facts of its interval.

Alone knows: what they show. Must not know: tables, how one is settled: that is done at the cabinet, by who is there.
"""

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from central.discrepancy.clue import TRANSIT, Open, clues, of_pocket
from central.discrepancy.transit import ends
from central.frame import Frame
from central.inquiry import PAGE, Inquiry
from central.inquiry.row import DiscrepancyRow
from central.problem import NotHeldHere
from config.schema import Id

SHOWN = 200
CLOSED_SHOWN = 20


def make_router(ask: Inquiry, frame: Frame) -> APIRouter:
    """The pages over what is held."""
    router = APIRouter(include_in_schema=False)

    def page(request: Request, template: str, cabinet: str | None) -> HTMLResponse:
        found = ask.discrepancies(cabinet, is_open=True, limit=SHOWN, is_oldest_first=True)
        reasons: Counter[str] = Counter()
        for reason, number in ask.reasons(cabinet):
            reasons[reason.partition(":")[0]] += number
        values: dict[str, Any] = {
            "found": found,
            "ends": ends(ask, found, ask.discrepancies(is_open=True) if any(row.pocket == TRANSIT for row in found) else ()),
            "more": ask.open_discrepancies(cabinet) - len(found),
            "closed": ask.discrepancies(cabinet, is_open=False, limit=CLOSED_SHOWN),
            "reasons": reasons.most_common(),
        }
        return frame.show(request, template, names=ask.names, cabinet=cabinet or "", **values)

    @router.get("/discrepancies")
    async def every(request: Request, cabinet: Annotated[Id | None, Query()] = None) -> HTMLResponse:
        return page(request, "discrepancies.html", cabinet)

    @router.get("/parts/discrepancies")
    async def part(request: Request, cabinet: Annotated[Id | None, Query()] = None) -> HTMLResponse:
        return page(request, "discrepancies_part.html", cabinet)

    @router.get("/discrepancies/{cabinet}/{name}")
    async def one(request: Request, cabinet: Id, name: str) -> HTMLResponse:
        row = next((row for row in ask.discrepancies(cabinet) if row.discrepancy == name), None)
        if row is None:
            raise NotHeldHere("discrepancy.unknown", f"{cabinet} has told of no discrepancy {name}.")
        interval = [fact for fact in ask.facts(cabinet, row.since_seq, epoch=row.epoch, limit=PAGE) if fact["seq"] <= row.seq]
        facts = of_pocket(interval, row.pocket)
        others = [_open(other) for other in ask.discrepancies(cabinet, is_open=True)]
        values: dict[str, Any] = {"row": row, "facts": facts, "clues": clues(_open(row), facts, others), "names": ask.names}
        values["end"] = ends(ask, [row], ask.discrepancies() if row.pocket == TRANSIT else ()).get((cabinet, name))
        return frame.show(request, "discrepancy.html", **values)

    return router


def _open(row: DiscrepancyRow) -> Open:
    difference = None if row.counted is None else row.counted - row.expected
    return Open(row.cabinet, row.discrepancy, row.pocket, row.item, difference)
