"""`/api/v1/fridges` and `/api/v1/power` of the kiosk's listener.

Alone knows: their paths. Must not know: what too warm means, or how long a battery lasts.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import StringConstraints

from cabinet.domain.events import ContentsDecided
from cabinet.domain.vocabulary import DrawerId
from cabinet.kiosk.api import Caller, Here, ensure_enrolled
from cabinet.kiosk.body import Body
from cabinet.kiosk.surroundings import FridgeView, PowerView, fridge_views, power_view

router = APIRouter(prefix="/api/v1", tags=["surroundings"], dependencies=[Depends(ensure_enrolled)])


class DecisionBody(Body):
    """What becomes of what was out of range, and on what grounds."""

    is_usable: bool
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


@router.get("/fridges")
async def fridges(floor: Here, _visit: Caller) -> list[FridgeView]:
    """Every fridge that is watched: what it shows, whether it is in range, and what waits for a pharmacist."""
    return list(fridge_views(floor.core, floor.now()))


@router.post("/fridges/{drawer}/decision")
async def decide(body: DecisionBody, floor: Here, visit: Caller, drawer: str) -> list[FridgeView]:
    """A pharmacist decides about what was in a fridge during its excursions."""
    asked = ContentsDecided(floor.now(), visit.session, DrawerId(drawer), body.is_usable, body.reason)
    await floor.reception.ask(visit, asked)
    return list(fridge_views(floor.core, floor.now()))


@router.get("/power")
async def power(floor: Here, _visit: Caller) -> PowerView:
    """Where the cabinet's power comes from, and for how long pockets still open on battery."""
    return power_view(floor.core, floor.now())
