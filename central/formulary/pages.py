"""The formulary's pages and API: search, and one item with its codes, its look-alikes and where it stands.

Alone knows: what these pages show and their forms. Must not know: rows, how a document is made.
"""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from cabinet.messages import Malformed
from central.document.office import NotSound
from central.formulary.shelf import FormularyShelf
from central.frame import Frame
from central.gate import Gate
from central.inquiry import Inquiry
from central.person.person import Person
from central.problem import NotHeldHere
from config.schema import Item

SHOWN = 100
Asked = Annotated[str, Query(max_length=100, description="words of a name, a strength, a class or a code")]
Text = Annotated[str, Form(max_length=100)]
MARKS = ("high_alert", "critical", "refrigerated", "paralytic", "multi_dose")


def plug(shelf: FormularyShelf, inquiry: Inquiry) -> Callable[[FastAPI, Frame, Gate], None]:
    """API and pages over one formulary."""

    def add(app: FastAPI, frame: Frame, gate: Gate) -> None:
        app.include_router(_api(shelf), prefix="/api/v1")
        app.include_router(_pages(_Pages(shelf, inquiry, frame), gate))

    return add


def _api(shelf: FormularyShelf) -> APIRouter:
    router = APIRouter(tags=["documents"])

    @router.get("/formulary")
    async def formulary(q: Asked = "") -> list[Item]:
        """Items with all of these words, by name."""
        return shelf.found(q)

    return router


def _pages(pages: "_Pages", gate: Gate) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    router.get("/formulary")(pages.search)
    router.get("/formulary/{item}")(pages.one)

    @router.post("/formulary/{item}/codes")
    async def code(request: Request, item: str, code: Text, person: Annotated[Person, Depends(gate.may("formulary"))]) -> Response:
        return pages.change(request, item, lambda one: _with_code(one, code.strip()), person, f"code {code.strip()}")

    @router.post("/formulary/{item}/look-alikes")
    async def look_alike(request: Request, item: str, other: Text, person: Annotated[Person, Depends(gate.may("formulary"))]) -> Response:
        return pages.change(request, item, lambda one: _with_other(one, other), person, f"look-alike {other}")

    return router


def _with_code(item: Item, code: str) -> Item:
    return item.model_copy(update={"codes": tuple(dict.fromkeys((*item.codes, code)))})


def _with_other(item: Item, other: str) -> Item:
    rest = tuple(one for one in item.look_alikes if one != other)
    return item.model_copy(update={"look_alikes": rest if other in item.look_alikes else (*rest, other)})


class _Pages:
    def __init__(self, shelf: FormularyShelf, inquiry: Inquiry, frame: Frame) -> None:
        self._shelf, self._inquiry, self._frame = shelf, inquiry, frame

    async def search(self, request: Request, q: Asked = "") -> HTMLResponse:
        found = self._shelf.found(q)
        values: dict[str, Any] = {"found": found[:SHOWN], "number": len(found), "q": q, "marks": MARKS}
        return self._frame.show(request, "formulary.html", **values)

    async def one(self, request: Request, item: str) -> HTMLResponse:
        return self._one(request, item)

    def _one(self, request: Request, item: str, status: int = 200, refusal: str = "") -> HTMLResponse:
        items = self._shelf.items()
        if item not in items:
            raise NotHeldHere("item.unknown", f"There is no item {item}.")
        stock = self._inquiry.stock(item=item, limit=SHOWN)
        others = sorted((one for one in items.values() if one.id != item), key=lambda one: (one.generic, one.strength))
        values = {
            "item": items[item],
            "alike": self._shelf.alike(items[item]),
            "stock": stock,
            "others": others,
            "refusal": refusal,
            "marks": MARKS,
        }
        return self._frame.show(request, "formulary_item.html", status, **values)

    def change(self, request: Request, item: str, mend: Callable[[Item], Item], person: Person, why: str) -> Response:
        """Approve it, or say on the page why it cannot be."""
        try:
            self._shelf.change(item, mend, by=person.answers_for(), why=why)
        except KeyError as problem:
            raise NotHeldHere("item.unknown", f"There is no item {item}.") from problem
        except ValidationError as problem:
            flaw = problem.errors(include_url=False)[0]
            return self._one(request, item, 422, f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}")
        except (NotSound, Malformed) as problem:
            return self._one(request, item, 422, str(problem))
        return RedirectResponse(f"/formulary/{item}", 303)
