"""`/api/v1/sheets`: what is on its way on numbered sheets.

Alone knows: which path makes which event. Must not know: when a sheet is late or short (`cabinet.domain.sheet`).
"""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Depends, Path, status
from pydantic import Field

from cabinet.domain.events import SheetAnnounced, SheetCloseAsked
from cabinet.domain.sheet.memory import Sheet
from cabinet.domain.vocabulary import ItemId, Units
from cabinet.kiosk.body import Amount, Body, Id, Text
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1/sheets", dependencies=[Depends(ensure_enrolled)])
Carrier = Annotated[Visit, requires("refill", "resolve", "report")]


class SheetBody(Body):
    """A sheet as it stands on paper."""

    sheet: Id
    item: Id
    units: Amount
    issued_by: Annotated[str, Field(min_length=1, max_length=64)]
    carried_by: Annotated[str, Field(min_length=1, max_length=64)]


class SheetCloseBody(Body):
    """Why a sheet is closed, and how many arrived where the cabinet did not count them itself."""

    reason: Text
    received: Amount | None = None


@router.get("")
async def sheets(floor: Here, _visit: Carrier) -> list[Sheet]:
    """The sheets that are still open."""
    return [Sheet(**asdict(sheet)) for sheet in floor.core.state.sheets.values()]


@router.post("", status_code=status.HTTP_201_CREATED)
async def announce(body: SheetBody, floor: Here, visit: Caller) -> list[Sheet]:
    """Type a sheet in that the vault has not sent; the same number again changes nothing."""
    event = SheetAnnounced(
        floor.now(), visit.session, body.sheet, ItemId(body.item), Units(body.units), body.issued_by, body.carried_by
    )  # fmt: skip
    await floor.reception.ask(visit, event)
    return await sheets(floor, visit)


@router.post("/{sheet_id}/close")
async def close(body: SheetCloseBody, floor: Here, visit: Caller, sheet_id: Annotated[str, Path(max_length=64)]) -> list[Sheet]:
    """Close a sheet of which not everything arrived: what is missing is a discrepancy in transit."""
    received = None if body.received is None else Units(body.received)
    await floor.reception.ask(visit, SheetCloseAsked(floor.now(), visit.session, sheet_id, body.reason, received))
    return await sheets(floor, visit)
