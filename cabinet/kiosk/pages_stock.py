"""The technician's pages: pockets one by one, a load, what is to be pulled, and the return bin.

Alone knows: their paths. Must not know: what a page shows (`stock_view.py`), or what may stand where.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from cabinet.domain.layout import Pocket
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId, PocketId
from cabinet.kiosk import screens, stock_view
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.finder import items_view
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

router = APIRouter()
Keeper = Annotated[Visit, page_requires("load", "unload", "transfer", "inspect", "expire", "quarantine")]
Loader = Annotated[Visit, page_requires("load")]
Puller = Annotated[Visit, page_requires("expire", "unload", "quarantine")]
Emptier = Annotated[Visit, page_requires("empty_bin")]


@router.get("/pockets")
async def pockets(request: Request, floor: Here, person: Keeper) -> Response:
    """Every pocket; those without an item first."""
    rows = sorted(stock_view.pocket_views(floor.core, person.staff, floor.now()), key=lambda row: row.item is not None)
    return show(request, "pockets.html", person, rows=rows)


@router.get("/pockets/{pocket_id}")
async def pocket(request: Request, floor: Here, person: Keeper, pocket_id: str) -> Response:
    """One pocket, and what may be begun there."""
    found = _find(floor, pocket_id)
    view = stock_view.pocket_view(floor.core, found, person.staff, floor.now())
    places = [(str(one.id), one.name) for one in floor.world.neighbours]
    return show(request, "pocket.html", person, pocket=view, places=places)


@router.get("/pockets/{pocket_id}/load")
async def choose(request: Request, floor: Here, person: Loader, pocket_id: str, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Which item: found among all that the hospital has."""
    found = _find(floor, pocket_id)
    items = items_view(floor.core, floor.finder.find(floor.core, q, "load"), floor.whereabouts, floor.now())
    heading = Phrase("{load} pocket {pocket} with", load=floor.world.terms("load"), pocket=found.id)
    screen = screens.SearchScreen(None, q, "load", items, f"/pockets/{found.id}/load", heading)
    return show(request, "find.html", person, screen=screen)


@router.get("/pockets/{pocket_id}/load/items/{item_id}")
async def load(request: Request, floor: Here, person: Loader, pocket_id: str, item_id: str) -> Response:
    """Whether it may stand here, and its levels."""
    found, item = _find(floor, pocket_id), floor.world.formulary.get(ItemId(item_id))
    if item is None:
        raise Problem(Refusal("item.unknown", item_id))
    return show(request, "load.html", person, screen=stock_view.load_screen(floor.core, found, item, person.staff, floor.now()))


@router.get("/items/{item_id}/load")
async def propose(floor: Here, person: Loader, item_id: str) -> Response:  # noqa: ARG001 - who it is was judged by their kind
    """The pocket where an item that has none would best stand; the page names the others."""
    item = floor.world.formulary.get(ItemId(item_id))
    if item is None:
        raise Problem(Refusal("item.unknown", item_id))
    fit = stock_view.fit_places(floor.core, item, floor.now())
    if not fit:
        raise Problem(Refusal("place.nowhere", item.title))
    return go(f"/pockets/{fit[0].pocket}/load/items/{item.id}")


@router.get("/pulls")
async def pulls(
    request: Request, floor: Here, person: Puller, days: Annotated[int, Query(ge=0, le=400)] = stock_view.AHEAD_DAYS
) -> Response:
    """What is to be taken out."""
    may_pull = floor.may(person, "expire")
    return show(request, "pulls.html", person, rows=stock_view.pull_rows(floor.core, floor.now(), days), days=days, may_pull=may_pull)


@router.get("/bin")
async def return_bin(request: Request, floor: Here, person: Emptier) -> Response:
    """What lies where returns lie."""
    return show(request, "bin.html", person, rows=stock_view.bin_rows(floor.core))


def _find(floor: Floor, pocket_id: str) -> Pocket:
    found = floor.world.layout.pockets.get(PocketId(pocket_id))
    if found is None:
        raise Problem(Refusal("pocket.unknown", pocket_id))
    return found
