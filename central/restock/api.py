"""`/api/v1/picklists`: what is needed becomes lists, which are picked, checked and sent; each answer is the list as it stands.

Alone knows: paths and bodies. Must not know: what a stage allows, rows.
"""

import asyncio
from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from central.gate import Gate
from central.person.person import Person
from central.problem import ProblemDetails, Refused
from central.restock.room import RestockRoom
from central.restock.rule.picking import Picked
from central.restock.rule.picklist import NotDone, PickList, Stage
from central.restock.view import ListView, list_view, list_views
from config.schema import Id, Name

LIVE = tuple(stage for stage in Stage if stage not in {Stage.CLOSED, Stage.CANCELLED})
STATUS = {"picklist.unknown": 404, "picklist.no_line": 404, "picklist.stage": 409, "picklist.taken": 409}
Number = Annotated[int, Field(ge=1, le=500)]
Said = Annotated[Name | None, Field(description="who, where a program says so; else who is signed in")]


class Body(BaseModel):
    """What somebody does to a list."""

    model_config = ConfigDict(extra="forbid")

    by: Said = None


class MakeBody(Body):
    """A round, or cabinets; neither: every cabinet that needs anything."""

    round: Id | None = None
    cabinets: Annotated[tuple[Id, ...], Field(max_length=5000)] = ()


class AskBody(Body):
    """A pocket that somebody wants filled with the next list."""

    cabinet: Id
    pocket: Id


class PickBody(Body):
    """What was taken from the shelf; `reason` where it is fewer than asked: out_of_stock, too_few, expired, recalled, not_needed."""

    units: int = Field(ge=0, le=100_000)
    reason: Annotated[str, Field(max_length=20)] = ""
    lot: Name | None = None
    expiry: Annotated[str | None, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] = None
    is_scanned: bool = False


class SaidBody(Body):
    """Something, and why."""

    why: Annotated[str, Field(min_length=1, max_length=200)]


class SendBody(Body):
    """Who carries it."""

    carried_by: Name


def tried(act: Callable[[], PickList]) -> PickList:
    """What an act comes to. Raises Refused where it may not be done."""
    try:
        return act()
    except NotDone as why:
        raise Refused(why.code, why.detail, STATUS.get(why.code, 422)) from why


def make_router(room: RestockRoom, gate: Gate) -> APIRouter:
    """The API over one room."""
    router = APIRouter(prefix="/picklists", tags=["restock"], responses={404: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})
    picker = Depends(gate.may("restock"))

    def shown(one: PickList) -> ListView:
        return list_view(room, one)

    @router.get("")
    async def picklists(
        stage: Stage | None = None, cabinet: Id | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 100
    ) -> list[ListView]:
        """Lists, the newest first: those that are not over, or those at a stage."""
        return await asyncio.to_thread(
            lambda: list_views(room, room.store.lists(LIVE if stage is None else (stage,), cabinet=cabinet, limit=limit))
        )

    @router.post("", status_code=201)
    async def make(body: MakeBody, person: Annotated[Person, picker]) -> list[ListView]:
        """Make the lists of a round, or of cabinets: what stands on a list already is on no second one. The first hundred are answered."""
        who = person.answers_for(body.by)
        try:
            made = await room.make(who, round_id=body.round or "", cabinets=body.cabinets)
        except NotDone as why:
            raise Refused(why.code, why.detail, STATUS.get(why.code, 422)) from why
        return [list_view(room, one, {}) for one in made]

    @router.post("/asked", status_code=204)
    async def ask(body: AskBody, person: Annotated[Person, picker]) -> None:
        """Put a pocket on the next list, though it is above its min."""
        try:
            room.ask(body.cabinet, body.pocket, person.answers_for(body.by))
        except NotDone as why:
            raise Refused(why.code, why.detail) from why

    @router.get("/{name}")
    async def one(name: Id) -> ListView:
        """One list."""
        return shown(tried(lambda: room.store.one(name)))

    _add_paper(router, room)
    _add_acts(router, room, gate)
    return router


def _add_paper(router: APIRouter, room: RestockRoom) -> None:
    def shown(name: str) -> ListView:
        return list_view(room, tried(lambda: room.store.one(name)))

    @router.get("/{name}/list.pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
    async def printed(name: Id) -> Response:
        """The list on paper."""
        from central.restock import paper  # noqa: PLC0415 - half a second that only paper takes

        return pdf(paper.list_pdf(shown(name)))

    @router.get("/{name}/labels.pdf", response_class=Response, responses={200: {"content": {"application/pdf": {}}}})
    async def labels(name: Id) -> Response:
        """One label for the bag of each line."""
        from central.restock import paper  # noqa: PLC0415 - half a second that only paper takes

        return pdf(paper.labels_pdf(shown(name), room))


def _add_acts(router: APIRouter, room: RestockRoom, gate: Gate) -> None:
    picker, checker = Depends(gate.may("restock")), Depends(gate.may("check"))

    def shown(one: PickList) -> ListView:
        return list_view(room, one)

    @router.post("/{name}/lines/{number}/pick")
    async def pick(name: Id, number: Number, body: PickBody, person: Annotated[Person, picker]) -> ListView:
        """Take a line from the shelf, wholly, partly or not at all."""
        said = Picked(body.units, person.answers_for(body.by), body.reason, body.lot, body.expiry, body.is_scanned)
        return shown(tried(lambda: room.pick(name, number, said)))

    @router.post("/{name}/picked")
    async def finish(name: Id, body: Body, person: Annotated[Person, picker]) -> ListView:
        """Everything is picked, or short."""
        return shown(tried(lambda: room.finish(name, person.answers_for(body.by))))

    @router.post("/{name}/lines/{number}/check")
    async def check_line(name: Id, number: Number, body: Body, person: Annotated[Person, checker]) -> ListView:
        """Another person compared what was picked with its line."""
        return shown(tried(lambda: room.check_line(name, number, person.answers_for(body.by))))

    @router.post("/{name}/lines/{number}/back")
    async def back(name: Id, number: Number, body: SaidBody, person: Annotated[Person, checker]) -> ListView:
        """Send a line back to the shelf, with what was wrong."""
        return shown(tried(lambda: room.send_back(name, number, person.answers_for(body.by), body.why)))

    @router.post("/{name}/checked")
    async def check(name: Id, body: Body, person: Annotated[Person, picker]) -> ListView:
        """What asks for it was checked: the list may leave."""
        return shown(tried(lambda: room.check(name, person.answers_for(body.by))))

    @router.post("/{name}/sent")
    async def send(name: Id, body: SendBody, person: Annotated[Person, picker]) -> ListView:
        """It leaves: its cabinet is told, and what is controlled goes on numbered sheets."""
        return shown(tried(lambda: room.send(name, person.answers_for(body.by), body.carried_by)))

    @router.post("/{name}/cancelled")
    async def cancel(name: Id, body: SaidBody, person: Annotated[Person, picker]) -> ListView:
        """Give a list up before it leaves: its needs are free again."""
        return shown(tried(lambda: room.cancel(name, person.answers_for(body.by), body.why)))


def pdf(content: bytes) -> Response:
    """Paper, shown by the browser, which prints it."""
    return Response(content, media_type="application/pdf", headers={"Content-Disposition": "inline", "Cache-Control": "no-store"})
