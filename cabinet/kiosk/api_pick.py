"""`/api/v1/picks`: what is chosen now and taken in one way through the drawers; each becomes the access that bears its id.

Alone knows: which path makes which event. Must not know: whether it may be taken; that is asked when it is.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, status

from cabinet.domain.events import PickAsked, PickDropAsked
from cabinet.domain.vocabulary import AccessId, ItemId, OrderId
from cabinet.kiosk.body import Body, Id, Text
from cabinet.kiosk.caller import Here, ensure_enrolled, requires
from cabinet.kiosk.pick_view import PickRow, pick_rows
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])
Taker = Annotated[Visit, requires("withdraw")]
Named = Annotated[str, Path(max_length=64)]


class PickBody(Body):
    """An order to be followed. `id` is the access that it becomes, `item` another strength than the order's, `amount` the dose chosen."""

    id: Id
    order: Id
    item: Id | None = None
    amount: Text | None = None


@router.get("/picks")
async def picks(floor: Here, visit: Taker) -> tuple[PickRow, ...]:
    """What this person picked, here or ahead, in the order of one way through the drawers."""
    return pick_rows(floor.core, visit.staff, floor.now())


@router.post("/picks", status_code=status.HTTP_201_CREATED)
async def choose(body: PickBody, floor: Here, visit: Taker) -> tuple[PickRow, ...]:
    """Pick an order. Nothing is reserved, and everything is asked again when it is taken."""
    item = None if body.item is None else ItemId(body.item)
    asked = PickAsked(floor.now(), visit.session, visit.staff.id, AccessId(body.id), OrderId(body.order), item, body.amount)
    await floor.reception.ask(visit, asked)
    return pick_rows(floor.core, visit.staff, floor.now())


@router.delete("/picks/{pick_id}")
async def drop(floor: Here, visit: Taker, pick_id: Named) -> tuple[PickRow, ...]:
    """Think better of one."""
    await floor.reception.ask(visit, PickDropAsked(floor.now(), visit.session, visit.staff.id, AccessId(pick_id)))
    return pick_rows(floor.core, visit.staff, floor.now())
