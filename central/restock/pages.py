"""The pages of restocking: the board, one pick list to work off on a tablet, and paper.

Alone knows: these forms and what each page shows. Must not know: what a stage allows, rows.

Whoever is not signed in (a try-out on loopback) types who they are; who is, does everything in their own name.
"""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from central.frame import Frame
from central.gate import Gate
from central.person.person import Person
from central.restock.api import STATUS, pdf, tried
from central.restock.room import RestockRoom
from central.restock.rule.picking import Picked
from central.restock.rule.picklist import SHORT, NotDone, PickList, Stage
from central.restock.view import COLUMNS, STAGES, list_view, need_view, scanned
from config.schema import Id

SOON_S = 1.0
"""So long a page is waited for while lists are made."""
NEEDS_SHOWN, LISTS_SHOWN, CLOSED_SHOWN = 60, 40, 8
Text = Annotated[str, Form(max_length=200)]
Act = Callable[[str], PickList]


class PickForm(BaseModel):
    """What somebody took from the shelf, as a form says it."""

    units: int = Field(ge=0, le=100_000)
    by: str = Field(default="", max_length=200)
    reason: str = Field(default="", max_length=20)
    lot: str = Field(default="", max_length=20)
    expiry: str = Field(default="", pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")
    is_scanned: bool = False


def make_router(room: RestockRoom, gate: Gate, frame: Frame) -> APIRouter:
    """The pages over one room."""
    pages = _Pages(room, frame)
    router = APIRouter(include_in_schema=False)
    picker, checker = [Depends(gate.may("restock"))], [Depends(gate.may("check"))]
    router.get("/restock")(pages.board)
    router.get("/parts/board")(pages.board_part)
    router.post("/restock/lists", dependencies=picker)(pages.make)
    router.post("/restock/asked", dependencies=picker)(pages.ask)
    router.get("/restock/lists/{name}")(pages.one)
    router.get("/parts/picklist/{name}")(pages.one_part)
    router.get("/restock/lists/{name}/list.pdf")(pages.printed)
    router.get("/restock/lists/{name}/labels.pdf")(pages.labels)
    router.post("/restock/lists/{name}/lines/{number}/pick", dependencies=picker)(pages.pick)
    router.post("/restock/lists/{name}/lines/{number}/check", dependencies=checker)(pages.check_line)
    router.post("/restock/lists/{name}/lines/{number}/back", dependencies=checker)(pages.back)
    for act, does in (("picked", pages.finish), ("checked", pages.check), ("sent", pages.send), ("cancelled", pages.cancel)):
        router.post(f"/restock/lists/{{name}}/{act}", dependencies=picker)(does)
    return router


class _Pages:
    def __init__(self, room: RestockRoom, frame: Frame) -> None:
        self._room, self._show = room, frame.show

    # --- the board

    async def board(self, request: Request) -> HTMLResponse:
        return await self._board(request, "board.html")

    async def board_part(self, request: Request) -> HTMLResponse:
        return await self._board(request, "board_part.html")

    async def _board(self, request: Request, template: str, refusal: str = "", status: int = 200) -> HTMLResponse:
        shown = await asyncio.to_thread(self._shown)
        return self._show(request, template, status, refusal=refusal, making=self._room.desk.making, **shown)

    def _shown(self) -> dict[str, Any]:
        """What the board shows; on a thread, since a fleet's needs are many."""
        room = self._room
        needs = [need_view(room, need) for need in room.needs(NEEDS_SHOWN + 1)]
        lists = room.store.lists(COLUMNS, limit=LISTS_SHOWN)
        waiting = room.shortage.waiting({one.cabinet for one in lists})
        live = [list_view(room, one, waiting) for one in lists]
        columns = [(STAGES[stage], [one for one in reversed(live) if one.stage == stage]) for stage in COLUMNS]
        closed = [list_view(room, one, {}) for one in room.store.lists((Stage.CLOSED,), limit=CLOSED_SHOWN)]
        wards = list(dict.fromkeys(need.cabinet for need in needs))
        return {
            "needs": needs[:NEEDS_SHOWN], "is_cut": len(needs) > NEEDS_SHOWN, "is_full": len(live) == LISTS_SHOWN,
            "wards": wards, "columns": columns, "closed": closed,
            "turns": room.next_turns(), "rounds": list({one.id: one for one in room.rounds}.values()),
        }  # fmt: skip

    async def make(self, request: Request, by: Text = "", what: Text = "") -> Response:
        """`what` is a round or a cabinet, or nothing: whatever is needed anywhere. What takes long goes on, and the board says how far."""
        kind, _, name = what.partition(":")
        try:
            order = self._room.order(
                _name(request, by), round_id=name if kind == "round" else "", cabinets=(name,) if kind == "cabinet" else ()
            )
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._room.desk.begin(order)), SOON_S)
        except NotDone as why:
            return await self._board(request, "board.html", why.detail, STATUS.get(why.code, 422))
        return _go("/restock")

    async def ask(self, request: Request, cabinet: Annotated[Id, Form()], pocket: Annotated[Id, Form()], by: Text = "") -> Response:
        try:
            self._room.ask(cabinet, pocket, _name(request, by))
        except NotDone as why:
            return await self._board(request, "board.html", why.detail, STATUS.get(why.code, 422))
        return _go("/restock")

    # --- one list

    async def one(self, request: Request, name: Id, scan: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        return self._one(request, "picklist.html", name, scan=scan)

    async def one_part(self, request: Request, name: Id, scan: Annotated[str, Query(max_length=200)] = "") -> HTMLResponse:
        return self._one(request, "picklist_part.html", name, scan=scan)

    def _one(
        self, request: Request, template: str, name: str, *, scan: str = "", refusal: str = "", status: int = 200,
        said: tuple[int, dict[str, Any]] = (0, {}),
    ) -> HTMLResponse:  # fmt: skip
        """`said` is what a line, by its number, is answered with already: by the package that was scanned, or a form that was refused."""
        one = tried(lambda: self._room.store.one(name))
        try:
            if scan:
                at, read = scanned(self._room, one, scan)
                said = at, {} if read is None else {"lot": read.lot, "expiry": read.expiry, "is_scanned": True}
        except NotDone as why:
            refusal, scan = why.detail, ""
        values = {"list": list_view(self._room, one), "reasons": SHORT, "at": said[0], "said": said[1], "scan": scan}
        return self._show(request, template, status, refusal=refusal, **values)

    def _do(self, request: Request, name: str, by: str, act: Act, number: int = 0, typed: dict[str, Any] | None = None) -> Response:
        try:
            act(_name(request, by))
        except NotDone as why:
            status = STATUS.get(why.code, 422)
            said = (number, typed) if typed else (0, {})
            return self._one(request, "picklist.html", name, refusal=why.detail, status=status, said=said)
        return _go(f"/restock/lists/{name}#line-{number}" if number else f"/restock/lists/{name}")

    async def pick(self, request: Request, name: Id, number: int, said: Annotated[PickForm, Form()]) -> Response:
        def act(who: str) -> PickList:
            picked = Picked(said.units, who, said.reason, said.lot.strip() or None, said.expiry or None, said.is_scanned)
            return self._room.pick(name, number, picked)

        return self._do(request, name, said.by, act, number, said.model_dump())

    async def check_line(self, request: Request, name: Id, number: int, by: Text = "") -> Response:
        return self._do(request, name, by, lambda who: self._room.check_line(name, number, who), number)

    async def back(self, request: Request, name: Id, number: int, by: Text = "", why: Text = "") -> Response:
        return self._do(request, name, by, lambda who: self._room.send_back(name, number, who, why), number)

    async def finish(self, request: Request, name: Id, by: Text = "") -> Response:
        return self._do(request, name, by, lambda who: self._room.finish(name, who))

    async def check(self, request: Request, name: Id, by: Text = "") -> Response:
        return self._do(request, name, by, lambda who: self._room.check(name, who))

    async def send(self, request: Request, name: Id, by: Text = "", carried_by: Text = "") -> Response:
        return self._do(request, name, by, lambda who: self._room.send(name, who, carried_by))

    async def cancel(self, request: Request, name: Id, by: Text = "", why: Text = "") -> Response:
        return self._do(request, name, by, lambda who: self._room.cancel(name, who, why))

    # --- paper

    async def printed(self, name: Id) -> Response:
        from central.restock import paper  # noqa: PLC0415 - half a second that only paper takes

        return pdf(paper.list_pdf(list_view(self._room, tried(lambda: self._room.store.one(name)))))

    async def labels(self, name: Id) -> Response:
        from central.restock import paper  # noqa: PLC0415 - half a second that only paper takes

        return pdf(paper.labels_pdf(list_view(self._room, tried(lambda: self._room.store.one(name))), self._room))


def _name(request: Request, said: str) -> str:
    """In whose name something is done: who is signed in, else who they say they are."""
    who: Person | None = request.state.person
    return who.id if who is not None and who.how == "signed_in" else said


def _go(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)
