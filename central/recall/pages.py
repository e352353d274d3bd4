"""The pages of recalls: call something back, see first what that means, follow each cabinet, print the pull list, see who received it.

Alone knows: these forms and what each page shows. Must not know: rows, how a document travels.
"""

import re
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from cabinet.report.form_csv import rows_text
from central.answer import download
from central.document.office import NotSound
from central.frame import Frame
from central.gate import Gate
from central.person.person import Person
from central.plug import Plug, plugged
from central.problem import Refused
from central.recall import api
from central.recall.book import Recall
from central.recall.room import Found, RecallRoom
from config.document import RecallRecord

Text = Annotated[str, Form(max_length=200)]
SHOWN = 500


def plug(room: RecallRoom) -> Plug:
    """API and pages of one room."""
    return plugged(lambda gate: api.make_router(room, gate), lambda gate, frame: make_router(room, gate, frame))


def make_router(room: RecallRoom, gate: Gate, frame: Frame) -> APIRouter:
    """The pages over one room."""
    may = gate.may("recall")
    pages = _Pages(room, frame)
    router = APIRouter(include_in_schema=False)
    router.get("/recalls")(pages.recalls)
    router.get("/parts/recalls/{recall}")(pages.progress)

    @router.post("/recalls/preview", dependencies=[Depends(may)])
    async def preview(request: Request, record: Annotated[dict[str, str], Depends(_said)]) -> Response:
        return await pages.preview(request, record)

    @router.post("/recalls")
    async def begin(
        request: Request, record: Annotated[dict[str, str], Depends(_said)], person: Annotated[Person, Depends(may)]
    ) -> Response:
        return await pages.begin(request, record, person)

    @router.get("/recalls/{recall}")
    async def one(request: Request, recall: str) -> Response:
        return await pages.one(request, recall)

    @router.get("/recalls/{recall}/received", dependencies=[Depends(may)])
    async def received(request: Request, recall: str) -> Response:
        return await pages.received(request, recall)

    @router.get("/recalls/{recall}/received.csv", dependencies=[Depends(may)])
    async def received_csv(recall: str) -> Response:
        return await pages.received_csv(recall)

    @router.post("/recalls/{recall}/lift")
    async def lift(recall: str, why: Text, person: Annotated[Person, Depends(may)]) -> Response:
        room.lift(recall, person.answers_for(), why)
        return RedirectResponse(f"/recalls/{recall}", 303)

    return router


def _said(scope: Text, why: Text, value: Text = "", item: Text = "", number: Text = "") -> dict[str, str]:
    """What the form says."""
    return {"scope": scope, "value": value.strip(), "item": item.strip(), "why": why.strip(), "number": number.strip()}


class _Pages:
    def __init__(self, room: RecallRoom, frame: Frame) -> None:
        self._room, self._frame = room, frame

    async def recalls(self, request: Request) -> HTMLResponse:
        await self._room.all()
        return self._form(request, {"scope": "lot", "value": "", "item": "", "why": "", "number": ""})

    def _form(self, request: Request, said: dict[str, str], refusal: str = "", status: int = 200) -> HTMLResponse:
        recalls = [(one, self._room.called(one)) for one in self._room.book.all()]
        values: dict[str, Any] = {"said": said, "items": self._items(), "refusal": refusal, "recalls": recalls}
        return self._frame.show(request, "recalls.html", status, **values)

    async def preview(self, request: Request, said: dict[str, str]) -> Response:
        try:
            record = self._record(said)
            found = await self._room.find(record)
        except (Refused, ValidationError, NotSound) as problem:
            return self._form(request, said, _words(problem), 422)
        return self._frame.show(request, "recall_preview.html", said=said, title=self._room.called(record), **self._found(found))

    async def begin(self, request: Request, said: dict[str, str], person: Person) -> Response:
        try:
            made = await self._room.begin(self._record(said), person.answers_for())
        except (Refused, ValidationError, NotSound) as problem:
            return self._form(request, said, _words(problem), 422)
        return RedirectResponse(f"/recalls/{made.recall}", 303)

    async def one(self, request: Request, recall: str) -> HTMLResponse:
        return self._frame.show(request, "recall.html", **self._progress(recall), items=self._items())

    async def progress(self, request: Request, recall: str) -> HTMLResponse:
        return self._frame.show(request, "recall_progress.html", **self._progress(recall), items=self._items())

    async def received(self, request: Request, recall: str) -> HTMLResponse:
        known = self._room.one(recall)
        found = await self._room.find(self._room.record_of(known))
        return self._frame.show(request, "recall_received.html", recall=known, title=self._room.called(known), **self._found(found))

    async def received_csv(self, recall: str) -> Response:
        found = await self._room.find(self._room.record_of(self._room.one(recall)))
        rows = ((one.at, one.cabinet, one.patient, one.item, one.units, one.lot, one.staff, one.is_certain) for one in found.received)
        head = ("at", "cabinet", "patient", "item", "units", "lot", "staff", "is_certain")
        return download(rows_text([head, *rows]), f"recall-{recall}.csv")

    def _record(self, said: dict[str, str]) -> RecallRecord:
        return _record(said | {"value": self._room.spelled(_record(said)).value})

    def _found(self, found: Found) -> dict[str, Any]:
        return {
            "lying": found.lying, "received": found.received[:SHOWN], "is_cut": len(found.received) > SHOWN,
            "patients": len({one.patient for one in found.received if one.patient}), "names": self._room.names(), "items": self._items(),
            "units": sum(one.units for one in found.lying), "cabinets": len({one.cabinet for one in found.lying}),
        }  # fmt: skip

    def _progress(self, recall: str) -> dict[str, Any]:
        known: Recall = self._room.one(recall)
        rows = self._room.progress(recall)
        done, lines = sum(row.pulled for row in rows), sum(len(row.lines) for row in rows)
        told = sum(row.told == "current" for row in rows)
        return {"recall": known, "title": self._room.called(known), "rows": rows, "done": done, "lines": lines, "told": told}

    def _items(self) -> dict[str, str]:
        return {item.id: item.title for item in self._room.shelf.items().values()}


def _record(said: dict[str, str]) -> RecallRecord:
    """The form as a record; its id follows from what is called back, so that the same is not called back twice by mistake."""
    is_lot = said["scope"] == "lot"
    value = said["item"] if said["scope"] == "item" and not said["value"] else said["value"]
    parts = (said["scope"], said["item"] if is_lot else "", value, said["number"])
    name = re.sub(r"[^a-z0-9_-]+", "-", "-".join(part for part in parts if part).lower())[:64]
    return RecallRecord.model_validate({
        "id": name, "scope": said["scope"], "value": value, "item": said["item"] or None if is_lot else None, "why": said["why"],
        "recall": said["number"] or None,
    })  # fmt: skip


def _words(problem: Exception) -> str:
    if isinstance(problem, ValidationError):
        flaw = problem.errors(include_url=False)[0]
        return f"{'.'.join(map(str, flaw['loc'])) or 'The recall'}: {flaw['msg'].removeprefix('Value error, ')}"
    return str(problem)
