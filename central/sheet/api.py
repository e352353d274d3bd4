"""`/api/v1/sheets`: numbered sheets are issued with the pick, and compared with what was received.

Alone knows: paths and bodies. Must not know: how a sheet is numbered or sent.
"""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from central.answer import download
from central.document.room import DocumentRoom
from central.gate import Gate
from central.person.person import Person
from central.problem import ProblemDetails
from central.sheet.compare import Line, as_csv
from central.sheet.register import Sheet
from config.schema import Id, Name

DAY = re.compile(r"\d{4}-\d\d-\d\d")
Day = Annotated[str, StringConstraints(pattern=DAY.pattern + "$"), Query(description="YYYY-MM-DD (UTC)")]


class SheetBody(BaseModel):
    """Units of a controlled item that leave the vault for a cabinet."""

    model_config = ConfigDict(extra="forbid")

    cabinet: Id
    item: Id
    units: int = Field(gt=0, le=1_000_000)
    issued_by: Name | None = Field(default=None, description="who hands it out, where a program says so; else who is signed in")
    carried_by: Name


def make_router(room: DocumentRoom, gate: Gate) -> APIRouter:
    """The API over one room; `gate` says who may change something."""
    router = APIRouter(prefix="/sheets", tags=["sheets"], responses={403: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})

    @router.post("", status_code=201)
    async def issue(body: SheetBody, person: Annotated[Person, Depends(gate.may("sheets"))]) -> Sheet:
        """Number a sheet, keep it, and send it to its cabinet, where it is due within policy's time."""
        return room.register.issue(
            body.cabinet, body.item, body.units, issued_by=person.answers_for(body.issued_by), carried_by=body.carried_by
        )

    @router.get("")
    async def sheets(cabinet: Id | None = None) -> list[Sheet]:
        """Every sheet that was issued here, in the order of issue."""
        return room.register.sheets(cabinet)

    @router.get("/compare")
    async def compare(day: Day) -> list[Line]:
        """What left the vault, or went back to it, against what was received: issued or closed on a day, or on its way when it ended."""
        return room.compare(day)

    @router.get("/compare.csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
    async def compare_csv(day: Day) -> Response:
        """The same as a table."""
        return download(as_csv(room.compare(day)), f"compare-{day}.csv")

    return router
