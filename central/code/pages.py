"""The page of unknown codes: what waits at which cabinet, to be compared and linked, or turned down.

Alone knows: these forms and what the page shows. Must not know: facts, documents.
"""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from central.code.desk import CodeDesk
from central.frame import Frame
from central.gate import Gate
from central.person.person import Person
from central.problem import Refused

Text = Annotated[str, Form(max_length=200)]


def make_router(desk: CodeDesk, gate: Gate, frame: Frame) -> APIRouter:
    """The page over one desk."""
    router = APIRouter(include_in_schema=False)
    pharmacist = Annotated[Person, Depends(gate.may("formulary"))]

    def page(request: Request, template: str, refusal: str = "", status: int = 200) -> HTMLResponse:
        items = desk.items()
        titles = {name: item.title for name, item in items.items()}
        values = {"waiting": desk.waiting(), "words": desk.words(), "titles": titles, "refusal": refusal}
        return frame.show(request, template, status, **values)

    def done(request: Request, act: Callable[[], None]) -> Response:
        try:
            act()
        except Refused as refusal:
            return page(request, "codes.html", refusal.detail, refusal.status)
        return RedirectResponse("/codes", status_code=303)

    @router.get("/codes")
    async def codes(request: Request) -> HTMLResponse:
        return page(request, "codes.html")

    @router.get("/parts/codes")
    async def part(request: Request) -> HTMLResponse:
        return page(request, "codes_part.html")

    @router.post("/codes/{key}/link")
    async def link(request: Request, key: str, item: Text, person: pharmacist, by: Text = "") -> Response:
        return done(request, lambda: desk.link(key, item.strip(), person.answers_for(by)))

    @router.post("/codes/{key}/dismissal")
    async def dismiss(request: Request, key: str, why: Text, person: pharmacist, by: Text = "") -> Response:
        return done(request, lambda: desk.dismiss(key, why, person.answers_for(by)))

    @router.post("/codes/{key}/taken-back")
    async def take_back(request: Request, key: str, person: pharmacist, by: Text = "") -> Response:
        return done(request, lambda: desk.take_back(key, person.answers_for(by)))

    return router
