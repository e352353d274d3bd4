"""`/api/v1/accesses`: ask for a pocket, follow what happens, count, confirm, cancel.

Alone knows: which path makes which event. Must not know: pages and cookies, or what the core makes of an event.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response, status
from pydantic import AfterValidator

from cabinet.domain import stock
from cabinet.domain.events import (
    CancelRequested,
    CountEntered,
    MoveAsked,
    NotOpenedSaid,
    OpenAsked,
    OpenedSaid,
    PackageShown,
    QuantityEntered,
    ScanMissing,
    WitnessMissing,
    WitnessShown,
)
from cabinet.domain.package import barcode
from cabinet.domain.vocabulary import AccessId, Units
from cabinet.kiosk.access_view import AccessView
from cabinet.kiosk.api import Caller, Here, ensure_enrolled
from cabinet.kiosk.body import AccessBody, ConfirmBody, CountBody, ScanBody, WitnessBody
from cabinet.kiosk.wish import Wish

router = APIRouter(prefix="/api/v1/accesses", dependencies=[Depends(ensure_enrolled)])
Id = Annotated[str, AfterValidator(str.lower), Path(max_length=64)]


@router.post("", status_code=status.HTTP_201_CREATED, responses={200: {"model": AccessView, "description": "it was asked for before"}})
async def ask(body: AccessBody, floor: Here, visit: Caller, response: Response) -> AccessView:
    """Ask for an access; the drawer is released at once. The same id again returns the same access."""
    if body.id in floor.core.state.accesses:
        response.status_code = status.HTTP_200_OK
    await floor.begin(visit, Wish(**body.model_dump()))
    return floor.view(visit, body.id)


@router.get("/{access_id}")
async def look(
    floor: Here,
    visit: Caller,
    access_id: Id,
    wait_s: Annotated[float, Query(ge=0, le=30, description="wait this long for something newer than `after`")] = 0,
    after: Annotated[int | None, Query(description="the `seq` that is known already; now, where it is left out")] = None,
) -> AccessView:
    """Where an access stands."""
    floor.access(visit, access_id)
    if wait_s:
        await floor.live.wait_for(access_id, floor.live.newest(access_id) if after is None else after, wait_s)
    return floor.view(visit, access_id)


@router.post("/{access_id}/count")
async def count(body: CountBody, floor: Here, visit: Caller, access_id: Id) -> AccessView:
    """Say how many units are in the pocket. One that differs from the record is asked for once more."""
    units = body.units
    if units is None:
        units = stock.units_of(floor.core.state.lines[floor.access(visit, access_id).pocket], body.level or "")
    await floor.reception.ask(visit, CountEntered(floor.now(), visit.session, AccessId(access_id), Units(units)))
    return floor.view(visit, access_id)


@router.post("/{access_id}/confirm")
async def confirm(body: ConfirmBody, floor: Here, visit: Caller, access_id: Id) -> AccessView:
    """Say how many units were taken or put; or what is to happen with a lock that did not open."""
    now, access = floor.now(), AccessId(access_id)
    if body.units is None:
        step = {"opened": OpenedSaid, "not_opened": NotOpenedSaid, "elsewhere": MoveAsked}.get(body.step or "", OpenAsked)
        await floor.reception.ask(visit, step(now, visit.session, access))
    else:
        event = QuantityEntered(
            now, visit.session, access, Units(body.units), body.lot or None, body.expiry or None, body.drawn or None,
            tuple(body.acknowledged),
        )  # fmt: skip
        await floor.reception.ask(visit, event)
    return floor.view(visit, access_id)


@router.post("/{access_id}/cancel")
async def cancel(floor: Here, visit: Caller, access_id: Id) -> AccessView:
    """Want out. Where the pocket is open it has to be closed, and counted where that is asked."""
    await floor.reception.ask(visit, CancelRequested(floor.now(), visit.session, AccessId(access_id)))
    return floor.view(visit, access_id)


@router.post("/{access_id}/scan")
async def scan(body: ScanBody, floor: Here, visit: Caller, access_id: Id) -> AccessView:
    """Hold a package to a refill or a withdrawal that is under way: the answer says what it is, or why not; or say that no code reads."""
    now, access = floor.now(), AccessId(access_id)
    if body.code is None:
        await floor.reception.ask(visit, ScanMissing(now, visit.session, access))
    else:
        await floor.reception.ask(visit, PackageShown(now, visit.session, access, barcode.read(body.code, now.utc.year)))
    return floor.view(visit, access_id)


@router.post("/{access_id}/witness")
async def sign(body: WitnessBody, floor: Here, visit: Caller, access_id: Id) -> AccessView:
    """A second person signs this one act; or nobody is there, and the signature is owed where policy lets it be."""
    access = AccessId(access_id)
    floor.access(visit, access_id)
    if body.is_missing:
        await floor.reception.ask(visit, WitnessMissing(floor.now(), visit.session, access))
    else:
        who, factors = await floor.reception.witness(badge=body.badge, staff_id=body.id, secret=body.secret or "", access=access)
        await floor.reception.ask(visit, WitnessShown(floor.now(), visit.session, access, who, factors))
    return floor.view(visit, access_id)
