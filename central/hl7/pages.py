"""The interface monitor: how every link is, what came and what became of it, what waits for a person, and one message whole.

Alone knows: what these pages show and their forms. Must not know: sockets, rows, how a message is read.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from central.formulary.view import Items
from central.frame import Frame
from central.gate import Gate
from central.hl7 import api
from central.hl7.api import text_of
from central.hl7.room import InterfaceRoom
from central.person.person import Person
from central.problem import NotHeldHere

SHOWN = 50
GOOD = frozenset({"AA", "CA"})


def plug(room: InterfaceRoom | None, items: Items) -> Callable[[FastAPI, Frame, Gate], None]:
    """API and pages of one room; None: the server's file names no link, and the page says so."""

    def add(app: FastAPI, frame: Frame, gate: Gate) -> None:
        if room is not None:
            app.include_router(api.make_router(room, gate), prefix="/api/v1")
            app.include_router(_make_router(room, items, frame, gate))
        else:
            app.include_router(_nothing(frame))

    return add


def _nothing(frame: Frame) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.get("/interfaces")
    async def monitor(request: Request) -> HTMLResponse:
        return frame.show(request, "interfaces_none.html")

    return router


def _make_router(room: InterfaceRoom, items: Items, frame: Frame, gate: Gate) -> APIRouter:
    pages = _Pages(room, items, frame)
    router = APIRouter(include_in_schema=False)
    changes = [Depends(gate.may("interfaces"))]
    router.get("/interfaces", dependencies=[Depends(gate.person)])(pages.monitor)
    router.get("/interfaces/messages/{number}", dependencies=[Depends(gate)])(pages.message)
    router.post("/interfaces/{link}/refused/{number}/again", dependencies=changes)(pages.again)
    router.post("/interfaces/replay", dependencies=changes)(pages.replay)

    @router.post("/interfaces/links")
    async def link(
        said: Annotated[str, Form(max_length=200)], item: Annotated[str, Form(max_length=64)],
        person: Annotated[Person, Depends(gate.may("interfaces"))],
    ) -> Response:  # fmt: skip
        await pages.link(said, item, person.answers_for())
        return RedirectResponse("/interfaces#waiting", 303)

    return router


class _Pages:
    def __init__(self, room: InterfaceRoom, items: Items, frame: Frame) -> None:
        self._room, self._frame = room, frame
        self._items = items

    async def monitor(self, request: Request, before: Annotated[int | None, Query(ge=1)] = None, *, wrong: bool = False) -> HTMLResponse:
        room = self._room
        states = room.states()
        items = sorted(self._items().values(), key=lambda item: (item.generic, item.strength))
        messages = room.store.recent(SHOWN + 1, before, only_wrong=wrong)
        values: dict[str, Any] = {
            "links": states, "messages": messages[:SHOWN], "is_more": len(messages) > SHOWN, "before": before, "wrong": wrong, "good": GOOD,
            "refused": [(one.name, *row) for one in states if one.refused for row in room.store.settled(one.name, "refused", SHOWN)],
            "unmapped": await room.roll(lambda roll: [(known, _said(known.order.drug)) for known in roll.unmapped()]),
            "unmatched": await room.roll(lambda roll: list(roll.unmatched())), "items": items, "text": text_of,
            "missing": [(area, row) for area, rows in sorted(room.missing.items()) for row in rows],
        }  # fmt: skip
        return self._frame.show(request, "interfaces.html", **values)

    async def message(self, request: Request, number: int) -> HTMLResponse:
        kept = next(iter(self._room.store.messages(number - 1, 1)), None)
        if kept is None or kept.number != number:
            raise NotHeldHere("interface.message", f"No message has the number {number}.")
        answers = [_lines(text_of(answer)) for answer in kept.answers]
        return self._frame.show(
            request, "interface_message.html", kept=kept, lines=_lines(text_of(kept.content)), answers=answers, good=GOOD
        )

    async def again(self, link: str, number: int) -> Response:
        if not self._room.send_again(link, number):
            raise NotHeldHere("interface.message", f"{link} refused no message {number}.")
        return RedirectResponse("/interfaces", 303)

    async def replay(self) -> Response:
        await self._room.reread()
        return RedirectResponse("/interfaces", 303)

    async def link(self, said: str, item: str, by: str) -> None:
        if item not in self._items():
            raise NotHeldHere("item.unknown", f"There is no item {item}.")
        await self._room.link(said, item, by)


def _said(drug: Any) -> str:
    return f"{drug.system}:{drug.code}" if drug.system else str(drug.code)


def _lines(text: str) -> list[str]:
    return [line for line in text.replace("\r\n", "\r").replace("\n", "\r").split("\r") if line]
