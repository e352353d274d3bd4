"""`/api/v1/deliveries`: lists of what was sent to be put in.

Alone knows: which path makes which event. Must not know: when a delivery is done (`cabinet.domain.delivery`).
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, status
from pydantic import Field, StringConstraints

from cabinet.domain.events import DeliveryAnnounceAsked, DeliveryCloseAsked, NotFilledSaid
from cabinet.domain.facts import DeliveryLine
from cabinet.domain.vocabulary import ItemId, PocketId, Units
from cabinet.kiosk.body import Body, Id, Text
from cabinet.kiosk.caller import Here, ensure_enrolled, requires
from cabinet.kiosk.delivery_view import DeliveryView, delivery_views
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1/deliveries", tags=["refill"], dependencies=[Depends(ensure_enrolled)])
Filler = Annotated[Visit, requires("refill")]
Key = Annotated[str, Path(max_length=64)]


class LineBody(Body):
    """One line as it stands on the list, and who checked it; without a pocket it goes where the item lacks most."""

    item: Id
    units: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    pocket: Id | None = None
    lot: Text | None = None
    expiry: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | None = None
    checked_by: Text | None = None

    def line(self) -> DeliveryLine:
        """The core's own shape of it."""
        pocket = None if self.pocket is None else PocketId(self.pocket)
        return DeliveryLine(ItemId(self.item), Units(self.units), pocket, self.lot or None, self.expiry, self.checked_by or None)


class DeliveryBody(Body):
    """A list. `place` is the other cabinet that sent it; left out: the pharmacy."""

    delivery: Id
    lines: Annotated[tuple[LineBody, ...], Field(max_length=500)]
    place: Id | None = None


class SkipBody(Body):
    """Why a line was not filled, or not wholly."""

    reason: Literal["not_in_bag", "jammed", "full", "short"]
    note: Text = ""


@router.get("")
async def deliveries(floor: Here, _visit: Filler) -> list[DeliveryView]:
    """The deliveries that are not closed, their lines in the order of the way through the cabinet."""
    return delivery_views(floor.core)


@router.post("", status_code=status.HTTP_201_CREATED)
async def announce(body: DeliveryBody, floor: Here, visit: Filler) -> list[DeliveryView]:
    """Type in a list that the pharmacy has not sent; the same number again changes nothing. `POST /accesses` takes `delivery`."""
    lines = tuple(one.line() for one in body.lines)
    await floor.reception.ask(visit, DeliveryAnnounceAsked(floor.now(), visit.session, body.delivery, lines, body.place))
    return delivery_views(floor.core)


@router.post("/{delivery}/pockets/{pocket}/not-filled")
async def not_filled(body: SkipBody, floor: Here, visit: Filler, delivery: Key, pocket: Key) -> list[DeliveryView]:
    """Say why a line was not filled."""
    event = NotFilledSaid(floor.now(), visit.session, PocketId(pocket), body.reason, body.note or None, delivery)
    await floor.reception.ask(visit, event)
    return delivery_views(floor.core)


@router.post("/{delivery}/close")
async def close(floor: Here, visit: Filler, delivery: Key) -> list[DeliveryView]:
    """Be through with a list: what was not filled is carried over with its reason."""
    await floor.reception.ask(visit, DeliveryCloseAsked(floor.now(), visit.session, delivery))
    return delivery_views(floor.core)
