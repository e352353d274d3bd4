"""The pages of the safe search: letters, what they may show, and one item with its strength before units are chosen.

Alone knows: their paths. Must not know: what letters may show, or what a screen says.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId
from cabinet.kiosk import screens
from cabinet.kiosk.api import Here
from cabinet.kiosk.finder import items_view
from cabinet.kiosk.pages import Person, patient_of, show
from cabinet.kiosk.patient_view import patient_view
from cabinet.kiosk.problem import Problem

router = APIRouter()
Purpose = Annotated[Literal["withdraw", "override"], Query(alias="for")]


@router.get("/patients/{patient_id}/find")
async def find(
    request: Request,
    floor: Here,
    person: Person,
    patient_id: str,
    q: Annotated[str, Query(max_length=100)] = "",
    purpose: Purpose = "withdraw",
) -> Response:
    """The safe search."""
    floor.refuse_unless(person, purpose)
    who = patient_of(floor, person, patient_id)
    found = items_view(floor.core, floor.finder.find(floor.core, q, purpose), floor.whereabouts, floor.now())
    return show(request, "find.html", person, screen=screens.SearchScreen(patient_view(who), q, purpose, found, f"/patients/{who.id}"))


@router.get("/patients/{patient_id}/items/{item_id}")
async def item(request: Request, floor: Here, person: Person, patient_id: str, item_id: str, purpose: Purpose = "withdraw") -> Response:
    """One item and how many units of it."""
    who = patient_of(floor, person, patient_id)
    known = floor.core.world.formulary.get(ItemId(item_id))
    screen = None if known is None else screens.item_screen(floor.core, who, known, person.staff, floor.now(), purpose)
    if screen is None:
        raise Problem(Refusal("stock.not_here", item_id))
    return show(request, "item.html", person, screen=screen)
