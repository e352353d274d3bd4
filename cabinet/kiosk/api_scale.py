"""`/api/v1/scales` of the kiosk's listener.

Alone knows: their paths. Must not know: when a check is passed, or what a mass is good for.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import Field

from cabinet.domain.events import CalibrationEntered, MassConfirmed
from cabinet.domain.vocabulary import BoardId, MassMg, PocketId
from cabinet.kiosk.api import Caller, Here, ensure_enrolled
from cabinet.kiosk.body import Body
from cabinet.kiosk.scale_view import ScaleView, scale_views

router = APIRouter(prefix="/api/v1", tags=["scales"], dependencies=[Depends(ensure_enrolled)])

Mass = Annotated[int, Field(ge=-100_000_000, le=100_000_000)]


class CheckBody(Body):
    """A test mass was put on a scale of this division: its reading rose by `reading_mg`."""

    test_mass_mg: Mass
    reading_mg: Mass
    division_mg: Annotated[int, Field(ge=1, le=1_000_000)]


@router.get("/scales")
async def scales(floor: Here, _visit: Caller) -> list[ScaleView]:
    """Every scale: what it can count, when it was checked, what is odd about it. No weight of a pocket is told."""
    return scale_views(floor.core, floor.now())


@router.post("/scales/{scale}/checks")
async def check(body: CheckBody, floor: Here, visit: Caller, scale: str) -> list[ScaleView]:
    """Enter a check with a test mass."""
    asked = CalibrationEntered(
        floor.now(), visit.session, BoardId(scale), MassMg(body.test_mass_mg), MassMg(body.reading_mg), MassMg(body.division_mg)
    )
    await floor.reception.ask(visit, asked)
    return scale_views(floor.core, floor.now())


@router.post("/pockets/{pocket}/teaching")
async def teach(floor: Here, visit: Caller, pocket: str) -> list[ScaleView]:
    """Say that what was put in last was read and counted: its mass is learned."""
    await floor.reception.ask(visit, MassConfirmed(floor.now(), visit.session, PocketId(pocket)))
    return scale_views(floor.core, floor.now())
