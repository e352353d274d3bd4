"""The page of patients' own medicine: a bag is counted, put in, opened, given back or destroyed.

Alone knows: which form makes which event. Must not know: what the core makes of it.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cabinet.domain.events import BagSealAsked
from cabinet.domain.facts import BagContent
from cabinet.domain.reference import roll
from cabinet.domain.vocabulary import PatientId, Units
from cabinet.kiosk.belonging_view import bag_views
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.reception import Visit

router = APIRouter()
Keeper = Annotated[Visit, page_requires("belongings")]
Text = Annotated[str, Form(max_length=120)]


@router.get("/belongings")
async def bags(request: Request, floor: Here, person: Keeper) -> Response:
    """The bags that are not gone."""
    now = floor.now()
    patients = [one.patient for one in roll.listed(floor.core.scene, now.utc)]
    return show(request, "belongings.html", person, bags=bag_views(floor.core, now), patients=patients)


@router.post("/belongings")
async def seal(
    floor: Here,
    person: Keeper,
    bag: Text = "",
    patient: Annotated[str, Form(max_length=64)] = "",
    contents: Annotated[str, Form(max_length=6_000)] = "",
) -> Response:
    """A bag was counted and sealed: one line for each medicine, its number first ("12 metoprolol 50 mg tablets")."""
    lines = [line.strip().partition(" ") for line in contents.splitlines() if line.strip()]
    told = tuple(BagContent(what.strip(), Units(int(number) if number.isdecimal() else 0)) for number, _, what in lines)
    await floor.reception.ask(person, BagSealAsked(floor.now(), person.session, bag.strip().lower(), PatientId(patient), told))
    return go("/belongings")
