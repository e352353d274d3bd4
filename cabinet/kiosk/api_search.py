"""`/api/v1/items`: the safe search, and where an item that has no pocket may stand.

Alone knows: their paths, and whose list opens without letters. Must not know: what letters may show, or what may stand where.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from cabinet.domain import search
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId
from cabinet.kiosk.api import Caller, Here, ensure_enrolled
from cabinet.kiosk.caller import requires
from cabinet.kiosk.finder import ItemsView, items_view
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.stock_view import Place, fit_places
from cabinet.kiosk.supply_view import Elsewhere, elsewhere

router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])
Loader = Annotated[Visit, requires("load")]


@router.get("/items")
async def items(
    floor: Here,
    visit: Caller,
    q: Annotated[str, Query(max_length=100)] = "",
    purpose: Annotated[str, Query(alias="for", max_length=20)] = "withdraw",
) -> ItemsView:
    """The safe search: items whose generic or brand name the typed letters tell from everything they are mistaken for."""
    found = floor.finder.find(floor.core, q, purpose_of(floor, visit, purpose))
    return items_view(floor.core, found, floor.whereabouts, floor.now())


@router.get("/items/{item_id}/places")
async def places(floor: Here, _visit: Loader, item_id: Annotated[str, Path(max_length=64)]) -> list[Place]:
    """The free pockets that may hold an item, the best first. A load that names no pocket takes the first."""
    item = floor.world.formulary.get(ItemId(item_id))
    if item is None:
        raise Problem(Refusal("item.unknown", item_id))
    return list(fit_places(floor.core, item, floor.now()))


@router.get("/items/{item_id}/elsewhere")
async def where_else(floor: Here, _visit: Caller, item_id: Annotated[str, Path(max_length=64)], besides: str = "") -> Elsewhere:
    """Where else an item is than in the pocket `besides`: other pockets of this cabinet, and other cabinets as far as anybody told."""
    item = floor.world.formulary.get(ItemId(item_id))
    if item is None:
        raise Problem(Refusal("item.unknown", item_id))
    return elsewhere(floor.core, floor.whereabouts, item, besides, floor.now())


def purpose_of(floor: Floor, visit: Visit, asked: str) -> str:
    """The purpose whose rule holds: a list that opens without letters is for those who fill, and everybody else types as if to take."""
    is_theirs = asked in search.LEAST or (asked in search.PURPOSES and floor.may(visit, asked))
    return asked if is_theirs else "withdraw"
