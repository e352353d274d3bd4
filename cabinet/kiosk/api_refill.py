"""`/api/v1/parked`, `/codes`, `/unfilled`: refill lines that could not be filled as they stood; a pharmacist compares and links.

Alone knows: which path makes which event. Must not know: who may link a code, or what a link does.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path
from pydantic import AfterValidator, StringConstraints

from cabinet.domain.events import CodeDismissAsked, CodeLinkAsked, CodeParkAsked, NotFilledSaid, RefillWanted
from cabinet.domain.refill_asking import ACTS
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId
from cabinet.kiosk.access_view import AccessView
from cabinet.kiosk.body import Body
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.refill_view import ParkedView, UnfilledView, parked_views, unfilled_views
from cabinet.kiosk.view import NeedView, need_views

router = APIRouter(prefix="/api/v1", tags=["refill"], dependencies=[Depends(ensure_enrolled)])
Asker = Annotated[Visit, requires(*ACTS)]
Key = Annotated[str, Path(max_length=64)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class LinkedBody(Body):
    """Which item bears a code."""

    item: Annotated[str, StringConstraints(min_length=1, max_length=64)]


class CodeBody(LinkedBody):
    """The same, with the code as it is printed: GTIN, NDC with dashes or of 11 digits, HIBC with its plus sign."""

    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]


class DismissalBody(Body):
    """Why what bears a code is not to be put in."""

    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class NotFilledBody(Body):
    """Why a pocket was not filled, or not wholly."""

    reason: Literal["not_in_bag", "jammed", "full", "short"]
    note: Text = ""


@router.get("/parked")
async def parked(floor: Here, _visit: Caller) -> list[ParkedView]:
    """The codes that nobody knew at a refill, those that wait for a pharmacist first."""
    return parked_views(floor.core)


@router.post("/accesses/{access_id}/park")
async def park(floor: Here, visit: Caller, access_id: Annotated[str, AfterValidator(str.lower), Path(max_length=64)]) -> AccessView:
    """Park the code that was scanned last: it goes to the pharmacy, the line waits, nothing is put in."""
    await floor.reception.ask(visit, CodeParkAsked(floor.now(), visit.session, AccessId(access_id)))
    return floor.view(visit, access_id)


@router.post("/parked/{key}/link")
async def link(body: LinkedBody, floor: Here, visit: Caller, key: Key) -> list[ParkedView]:
    """A pharmacist compared: packages with this code are this item."""
    await floor.reception.ask(visit, CodeLinkAsked(floor.now(), visit.session, key, ItemId(body.item)))
    return parked_views(floor.core)


@router.post("/parked/{key}/dismissal")
async def dismiss(body: DismissalBody, floor: Here, visit: Caller, key: Key) -> list[ParkedView]:
    """A pharmacist compared: it is not to be put in."""
    await floor.reception.ask(visit, CodeDismissAsked(floor.now(), visit.session, key, body.reason))
    return parked_views(floor.core)


@router.post("/codes")
async def teach(body: CodeBody, floor: Here, visit: Caller) -> list[ParkedView]:
    """Make a code known as one item's, before anybody scans it."""
    await floor.reception.ask(visit, CodeLinkAsked(floor.now(), visit.session, body.code, ItemId(body.item)))
    return parked_views(floor.core)


@router.get("/unfilled")
async def unfilled(floor: Here, _visit: Caller) -> list[UnfilledView]:
    """The pockets that could not be filled, and why."""
    return unfilled_views(floor.core)


@router.post("/pockets/{pocket}/not-filled")
async def not_filled(body: NotFilledBody, floor: Here, visit: Caller, pocket: Annotated[str, Path(max_length=64)]) -> list[UnfilledView]:
    """Say why a pocket was not filled."""
    await floor.reception.ask(visit, NotFilledSaid(floor.now(), visit.session, PocketId(pocket), body.reason, body.note or None))
    return unfilled_views(floor.core)


@router.post("/pockets/{pocket}/refill-ask")
async def ask(floor: Here, visit: Asker, pocket: Annotated[str, Path(max_length=64)]) -> list[NeedView]:
    """Ask the pharmacy to fill a pocket that is low or out. Said once; tells what this cabinet needs."""
    await floor.reception.ask(visit, RefillWanted(floor.now(), visit.session, PocketId(pocket)))
    return need_views(floor.core, floor.now())
