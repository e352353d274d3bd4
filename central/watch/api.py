"""`/api/v1/watch`: the alerts that last, and who sees to each.

Alone knows: paths and bodies. Must not know: how an alert is found or told.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cabinet.domain.vocabulary import utc_text
from central.answer import json_answer, page_answer
from central.feed import PHARMACY, Feed
from central.gate import Gate
from central.person.person import Person
from central.problem import NotHeldHere, ProblemDetails, Refused
from central.watch.book import PAGE, Alert, AlertBook
from config.schema import Name

Limit = Annotated[int, Query(ge=1, le=PAGE, description="no more than so many; a Link header leads to the rest")]
Beyond = Annotated[int, Query(ge=0, le=10_000_000, description="leave out the first so many")]


class TakeBody(BaseModel):
    """Somebody sees to an alert."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[str, Field(max_length=200)] = ""
    approved_by: Name | None = Field(default=None, description="who sees to it, where a program says so")


class Desk:
    """Acknowledges alerts, and says so to every open page."""

    def __init__(self, book: AlertBook, feed: Feed, now: Callable[[], datetime]) -> None:
        self.book, self._feed, self._now = book, feed, now

    def take(self, number: int, by: str, note: str) -> Alert:
        """Somebody sees to it from now on; nobody else is told of it. Raises NotHeldHere, Refused."""
        known = self.book.one(number)
        if known is None:
            raise NotHeldHere("alert.unknown", f"There is no alert {number}.")
        if known.over_at:
            raise Refused("alert.over", "It is over by itself.", 409)
        if not self.book.take(number, by=by, at=utc_text(self._now()), note=note):
            raise Refused("alert.taken", f"{known.taken_by or 'Somebody'} sees to it already.", 409)
        self._feed.tell({PHARMACY: {"watch"}})
        found = self.book.one(number)
        assert found is not None
        return found


def make_router(desk: Desk, gate: Gate) -> APIRouter:
    """The API over one desk."""
    router = APIRouter(prefix="/watch", tags=["watch"], responses={404: {"model": ProblemDetails}, 409: {"model": ProblemDetails}})

    @router.get("")
    async def lasting(request: Request, beyond: Beyond = 0, limit: Limit = PAGE) -> Response:
        """Alerts that are not over: those for now first, then the longest lasting."""
        return page_answer(request, desk.book.lasting(limit=limit, beyond=beyond), limit, lambda _: {"beyond": beyond + limit})

    @router.get("/over")
    async def over(limit: Limit = 100) -> Response:
        """Alerts that are over, the latest first."""
        return json_answer(desk.book.over(limit))

    @router.post("/{number}/acknowledgement")
    async def take(number: int, body: TakeBody, person: Annotated[Person, Depends(gate.may("alerts"))]) -> Response:
        """See to an alert: kept with who and when, and no further step is taken of it."""
        return json_answer(desk.take(number, person.answers_for(body.approved_by), body.note))

    return router
