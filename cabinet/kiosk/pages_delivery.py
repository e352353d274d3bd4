"""The page of deliveries: lines to be put in one after the other, each with its reason where it is not.

Alone knows: which form makes which event. Must not know: what the core makes of it.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cabinet.domain.events import DeliveryCloseAsked, NotFilledSaid
from cabinet.domain.package.parking import REASONS
from cabinet.domain.phrase import Phrase
from cabinet.domain.vocabulary import PocketId
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.delivery_view import delivery_views
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.reception import Visit

router = APIRouter()
Filler = Annotated[Visit, page_requires("refill")]


@router.get("/deliveries")
async def deliveries(request: Request, floor: Here, person: Filler) -> Response:
    """What was sent to be put in."""
    reasons = {code: Phrase(words) for code, words in REASONS.items()}
    return show(request, "deliveries.html", person, deliveries=delivery_views(floor.core), reasons=reasons)


@router.post("/deliveries/{delivery}/pockets/{pocket}/not-filled")
async def not_filled(floor: Here, person: Filler, delivery: str, pocket: str, reason: Annotated[str, Form(max_length=20)] = "") -> Response:
    """Why a line was not filled."""
    event = NotFilledSaid(floor.now(), person.session, PocketId(pocket), reason, None, delivery)
    await floor.reception.ask(person, event)
    return go("/deliveries")


@router.post("/deliveries/{delivery}/close")
async def close(floor: Here, person: Filler, delivery: str) -> Response:
    """A person is through with a list."""
    await floor.reception.ask(person, DeliveryCloseAsked(floor.now(), person.session, delivery))
    return go("/deliveries")
