"""`/api/v1` of the pharmacy server: what is held, as JSON, and a stream that says when to ask again.

Alone knows: paths and parameters of the API. Must not know: tables, brokers, HTML.

Every path here reads. Questions run on the event loop: they take well under a few milliseconds, and commits run elsewhere.
"""

import json
from collections.abc import AsyncGenerator, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, StringConstraints

from central.inquiry import PAGE, AlertRow, CabinetRow, DiscrepancyRow, NeedRow, StockRow
from central.office import Office
from central.problem import NotHeldHere, ProblemDetails

KEEP_ALIVE_S = 15.0

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,64}$")]
Cabinet = Annotated[Id | None, Query(description="only this cabinet")]
Seq = Annotated[int, Query(ge=0, lt=2**53)]


class FactPage(BaseModel):
    """Facts in order; `next` is the `since` of the next page, absent on the last one."""

    cabinet: str
    facts: list[dict[str, Any]]
    next: int | None


def make_router(office: Office) -> APIRouter:
    """The API over one office."""
    ask = office.inquiry
    router = APIRouter(responses={404: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})

    @router.get("/cabinets")
    async def cabinets() -> list[CabinetRow]:
        """All cabinets that were ever heard of."""
        return ask.cabinets()

    @router.get("/cabinets/{cabinet}")
    async def one_cabinet(cabinet: Id) -> CabinetRow:
        """One cabinet: its state, and how far its facts are held."""
        return _only(ask.cabinets(cabinet), cabinet)

    @router.get("/stock")
    async def stock(cabinet: Cabinet = None, item: Id | None = None, status: Id | None = None) -> list[StockRow]:
        """Pockets with their balance by the facts."""
        return ask.stock(cabinet=cabinet, item=item, status=status)

    @router.get("/restock")
    async def restock(cabinet: Cabinet = None) -> list[NeedRow]:
        """What cabinets need, the most urgent first."""
        return ask.restock(cabinet)

    @router.get("/facts")
    async def facts(cabinet: Id, since: Seq = 0, epoch: Seq | None = None, limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE) -> FactPage:
        """Facts after `since`, in order, as they stand in the cabinet's journal; of its newest epoch where none is named."""
        _only(ask.cabinets(cabinet), cabinet)
        found = ask.facts(cabinet, since, epoch=epoch, limit=limit)
        return FactPage(cabinet=cabinet, facts=found, next=found[-1]["seq"] if len(found) == limit else None)

    @router.get("/discrepancies")
    async def discrepancies(cabinet: Cabinet = None, *, is_open: bool | None = None) -> list[DiscrepancyRow]:
        """Discrepancies, the latest first."""
        return ask.discrepancies(cabinet, is_open=is_open)

    @router.get("/alerts")
    async def alerts(cabinet: Cabinet = None) -> list[AlertRow]:
        """What a person must look at, the latest first."""
        return ask.alerts(cabinet)

    @router.get("/events", response_class=StreamingResponse, responses={200: {"content": {"text/event-stream": {}}}})
    async def events() -> StreamingResponse:
        """Server-sent events `changed`: by cabinet, which of facts, stock, restock, state, discrepancies and alerts to ask for again."""
        return StreamingResponse(stream(office), media_type="text/event-stream", headers={"Cache-Control": "no-store"})

    return router


def _only(rows: Sequence[CabinetRow], cabinet: str) -> CabinetRow:
    if not rows:
        raise NotHeldHere("cabinet.unknown", f"No cabinet {cabinet} has reported. Look at /api/v1/cabinets for those that have.")
    return rows[0]


async def stream(office: Office) -> AsyncGenerator[str, None]:
    """A comment comes first and now and then, so that both ends see that the line stands."""
    yield ": listening\n\n"
    async for changes in office.feed.listen(KEEP_ALIVE_S):
        yield f"event: changed\ndata: {json.dumps(changes)}\n\n" if changes else ": still here\n\n"
