"""`/api/v1/belongings`: patients' own medicine in sealed bags.

Alone knows: which path makes which event. Must not know: who signs, or what is owed (`cabinet.domain.belonging`).

A bag is put in, opened, given back and destroyed by `POST /accesses` with `bag` and the kind load, inspect, unload (`signed_by`) or
waste (`reason`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import Field, StringConstraints

from cabinet.domain.events import BagSealAsked
from cabinet.domain.facts import BagContent
from cabinet.domain.vocabulary import PatientId, Units
from cabinet.kiosk.belonging_view import BagView, bag_views
from cabinet.kiosk.body import Body, Id
from cabinet.kiosk.caller import Here, ensure_enrolled, requires
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1/belongings", tags=["belongings"], dependencies=[Depends(ensure_enrolled)])
Keeper = Annotated[Visit, requires("belongings")]


class ContentBody(Body):
    """One line, in words."""

    what: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    units: Annotated[int, Field(strict=True, ge=1, le=100_000)]


class BagBody(Body):
    """What was counted into a bag."""

    bag: Id
    patient: Id
    contents: Annotated[tuple[ContentBody, ...], Field(min_length=1, max_length=50)]


@router.get("")
async def bags(floor: Here, _visit: Keeper) -> list[BagView]:
    """The bags that are not gone; those whose patient has left first."""
    return bag_views(floor.core, floor.now())


@router.post("", status_code=status.HTTP_201_CREATED)
async def seal(body: BagBody, floor: Here, visit: Keeper) -> list[BagView]:
    """Count a patient's own medicine into a bag and seal it; it may be counted again until it is put in."""
    contents = tuple(BagContent(one.what, Units(one.units)) for one in body.contents)
    await floor.reception.ask(visit, BagSealAsked(floor.now(), visit.session, body.bag, PatientId(body.patient), contents))
    return bag_views(floor.core, floor.now())
