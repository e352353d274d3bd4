"""The pages of what was picked: several orders, one way through the drawers.

Alone knows: their paths. Must not know: in which order they are taken (`pick_view.py`), or who may pick what.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cabinet.domain.events import PickAsked, PickDropAsked
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.pick_view import pick_rows, picked_orders
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

router = APIRouter()
Taker = Annotated[Visit, page_requires("withdraw")]
Named = Annotated[str, Form(max_length=64)]


@router.get("/picks")
async def picks(request: Request, floor: Here, person: Taker) -> Response:
    """What this person picked, here or ahead."""
    return show(request, "picks.html", person, rows=pick_rows(floor.core, person.staff, floor.now()))


@router.post("/picks")
async def choose(
    floor: Here, person: Taker, id: Named, order: Named, item: Named = "", amount: Named = ""  # noqa: A002 - the form's field
) -> Response:  # fmt: skip
    """Pick an order, or think better of it; then back to its patient."""
    known, picked = floor.core.scene.order(order), picked_orders(floor.core, person.staff)
    if known is None:
        raise Problem(Refusal("order.unknown", order))
    if order in picked:
        await floor.reception.ask(person, PickDropAsked(floor.now(), person.session, person.staff.id, AccessId(picked[order])))
    else:
        asked = PickAsked(
            floor.now(), person.session, person.staff.id, AccessId(id), OrderId(order), ItemId(item) if item else None, amount or None
        )  # fmt: skip
        await floor.reception.ask(person, asked)
    return go(f"/patients/{known.patient}")


@router.post("/picks/{pick_id}/drop")
async def drop(floor: Here, person: Taker, pick_id: str) -> Response:
    """Think better of one."""
    await floor.reception.ask(person, PickDropAsked(floor.now(), person.session, person.staff.id, AccessId(pick_id)))
    return go("/picks")
