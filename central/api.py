"""`/api/v1` of the pharmacy server: what is held, as JSON, and a stream that says when to ask again.

Alone knows: paths and parameters of the API. Must not know: tables, brokers, HTML.

Every path here reads. Questions run on the event loop: they take well under a few milliseconds, and commits run elsewhere.
"""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, StringConstraints

from central.answer import json_answer, page_answer
from central.inquiry import PAGE, Inquiry
from central.inquiry.row import AlertRow, CabinetRow, DiscrepancyRow, NeedRow, StockRow, TotalRow
from central.office import Office
from central.problem import NotHeldHere, ProblemDetails

KEEP_ALIVE_S = 15.0

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Cabinet = Annotated[Id | None, Query(description="only this cabinet")]
Seq = Annotated[int, Query(ge=0, lt=2**53)]
Limit = Annotated[int, Query(ge=1, le=PAGE, description="no more than so many; a Link header leads to the rest")]
Beyond = Annotated[int, Query(ge=0, le=10_000_000, description="leave out the first so many")]
AfterCabinet = Annotated[str, Query(pattern=r"^[a-z0-9_-]{0,64}$", description="from the one after this cabinet")]
AfterPocket = Annotated[
    str | None, Query(pattern=r"^[a-z0-9_-]{1,64}/[a-z0-9_-]{1,64}$", description="from the one after this CABINET/POCKET")
]


class FactPage(BaseModel):
    """Facts in order; `next` is the `since` of the next page, absent on the last one."""

    cabinet: str
    facts: list[dict[str, Any]]
    next: int | None


def make_router(office: Office) -> APIRouter:
    """The API over one office."""
    router = APIRouter(responses={404: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})
    _add_cabinets(router, office.inquiry)
    _add_stock(router, office.inquiry)
    _add_matters(router, office)
    return router


def _add_cabinets(router: APIRouter, ask: Inquiry) -> None:
    """Cabinets and their facts."""

    @router.get("/cabinets", response_model=list[CabinetRow])
    async def cabinets(request: Request, after: AfterCabinet = "", limit: Limit = PAGE) -> Response:
        """All cabinets that were ever heard of, by name."""
        rows = ask.cabinets(after=after, limit=limit)
        return page_answer(request, rows, limit, lambda last: {"after": last.cabinet})

    @router.get("/cabinets/{cabinet}", response_model=CabinetRow)
    async def one_cabinet(cabinet: Id) -> Response:
        """One cabinet: its state, and how far its facts are held."""
        return json_answer(_only(ask.cabinets(cabinet), cabinet))

    @router.get("/cabinets/{cabinet}/journal", response_class=StreamingResponse, responses={200: {"content": {"application/jsonl": {}}}})
    async def journal(cabinet: Id) -> StreamingResponse:
        """Every fact that is held of a cabinet, epoch after epoch, one JSON object a line: as its own export has them."""
        _only(ask.cabinets(cabinet), cabinet)
        lines = (msgspec.json.encode(fact) + b"\n" for fact in ask.history(cabinet))
        return StreamingResponse(lines, media_type="application/jsonl")

    @router.get("/facts", response_model=FactPage)
    async def facts(cabinet: Id, since: Seq = 0, epoch: Seq | None = None, limit: Limit = PAGE) -> Response:
        """Facts after `since`, in order, as they stand in the cabinet's journal; of its newest epoch where none is named."""
        _only(ask.cabinets(cabinet), cabinet)
        found = ask.facts(cabinet, since, epoch=epoch, limit=limit)
        return json_answer({"cabinet": cabinet, "facts": found, "next": found[-1]["seq"] if len(found) == limit else None})


def _add_stock(router: APIRouter, ask: Inquiry) -> None:
    """What they hold and need."""

    @router.get("/stock", response_model=list[StockRow])
    async def stock(
        request: Request, cabinet: Cabinet = None, item: Id | None = None, status: Id | None = None, after: AfterPocket = None,
        limit: Limit = PAGE,
    ) -> Response:  # fmt: skip
        """Pockets with their balance by the facts, by cabinet and pocket."""
        place = None if after is None else (after.partition("/")[0], after.partition("/")[2])
        rows = ask.stock(cabinet=cabinet, item=item, status=status, after=place, limit=limit)
        return page_answer(request, rows, limit, lambda last: {"after": f"{last.cabinet}/{last.pocket}"})

    @router.get("/totals", response_model=TotalRow)
    async def totals() -> Response:
        """All cabinets in numbers: how many there are and are online, and pockets by status."""
        return json_answer(ask.totals())

    @router.get("/restock", response_model=list[NeedRow])
    async def restock(request: Request, cabinet: Cabinet = None, beyond: Beyond = 0, limit: Limit = PAGE) -> Response:
        """What cabinets need, the most urgent first."""
        rows = ask.restock(cabinet, limit=limit, beyond=beyond)
        return page_answer(request, rows, limit, lambda _: {"beyond": beyond + limit})


def _add_matters(router: APIRouter, office: Office) -> None:
    """What somebody has to see to, and when to ask again."""
    ask = office.inquiry

    @router.get("/discrepancies", response_model=list[DiscrepancyRow])
    async def discrepancies(cabinet: Cabinet = None, *, is_open: bool | None = None, limit: Limit = PAGE) -> Response:
        """Discrepancies, the latest first."""
        return json_answer(ask.discrepancies(cabinet, is_open=is_open, limit=limit))

    @router.get("/alerts", response_model=list[AlertRow])
    async def alerts(cabinet: Cabinet = None, limit: Limit = PAGE) -> Response:
        """What a person must look at, the latest first."""
        return json_answer(ask.alerts(cabinet, limit=limit))

    @router.get("/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def events(request: Request) -> StreamingResponse:
        """Server-sent events `changed`: by cabinet, which of facts, stock, restock, state, discrepancies and alerts to ask for again."""
        return StreamingResponse(
            stream(office, request.state.is_let_in), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )


def _only(rows: Sequence[CabinetRow], cabinet: str) -> CabinetRow:
    if not rows:
        raise NotHeldHere("cabinet.unknown", f"No cabinet {cabinet} has reported. Look at /api/v1/cabinets for those that have.")
    return rows[0]


async def stream(office: Office, is_let_in: Callable[[], bool] = lambda: True) -> AsyncGenerator[str, None]:
    """A comment comes first and now and then, so that both ends see that the line stands. Ends with the visit of who listens."""
    yield ": listening\n\n"
    async for changes in office.feed.listen(KEEP_ALIVE_S):
        if not is_let_in():
            return
        yield f"event: changed\ndata: {json.dumps(changes)}\n\n" if changes else ": still here\n\n"
