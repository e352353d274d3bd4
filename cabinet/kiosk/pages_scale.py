"""The kiosk's page of the scales: their checks, what they have learned, and the forms for both.

Alone knows: its paths, and that people write masses in grams. Must not know: when a check is passed.
"""

from decimal import Decimal, InvalidOperation
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cabinet.domain.events import CalibrationEntered, MassConfirmed
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import BoardId, MassMg, PocketId
from cabinet.kiosk.api import Here
from cabinet.kiosk.pages import Person, go, show
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.scale_view import scale_views

router = APIRouter()

Grams = Annotated[str, Form(max_length=20)]
HEAVIEST_G = 100_000


def milligrams(text: str) -> MassMg:
    """Grams as people write them, with a point or a comma. Raises Problem."""
    try:
        grams = Decimal(text.strip().replace(",", "."))
    except InvalidOperation as error:
        raise Problem(Refusal("scale.grams")) from error
    if not grams.is_finite() or abs(grams) > HEAVIEST_G:
        raise Problem(Refusal("scale.grams"))
    return MassMg(round(grams * 1000))


@router.get("/scales")
async def scales(request: Request, floor: Here, person: Person) -> Response:
    """Every scale with its history."""
    return show(request, "scales.html", person, scales=scale_views(floor.core, floor.now()))


@router.post("/scales/{scale}/checks")
async def check(floor: Here, person: Person, scale: str, test: Grams, shown: Grams, division: Grams) -> Response:
    """A test mass was put on."""
    masses = (milligrams(test), milligrams(shown), milligrams(division))
    await floor.reception.ask(person, CalibrationEntered(floor.now(), person.session, BoardId(scale), *masses))
    return go("/scales")


@router.post("/pockets/{pocket}/teaching")
async def teach(floor: Here, person: Person, pocket: str) -> Response:
    """The label was read and the pieces were counted."""
    await floor.reception.ask(person, MassConfirmed(floor.now(), person.session, PocketId(pocket)))
    return go("/scales")
