"""The pages of what comes back and what is wasted: a patient's withdrawals, and the two forms.

Alone knows: their paths. Must not know: what a page shows (`custody_view.py`), or what may come back.
"""

from typing import Annotated

from fastapi import APIRouter, Request
from starlette.responses import Response

from cabinet.domain.refusal import Refusal
from cabinet.domain.withdrawal.memory import Withdrawal
from cabinet.kiosk import custody_view
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.pages import patient_of, show
from cabinet.kiosk.patient_view import patient_view
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

router = APIRouter()
Taker = Annotated[Visit, page_requires("withdraw")]
Returner = Annotated[Visit, page_requires("return")]
Waster = Annotated[Visit, page_requires("waste")]


@router.get("/patients/{patient_id}/withdrawals")
async def taken(request: Request, floor: Here, person: Taker, patient_id: str) -> Response:
    """What was taken out for a patient, whoever took it."""
    who = patient_of(floor, person, patient_id)
    rows = custody_view.taken_for(floor.core, who.id, person.staff)
    return show(request, "withdrawals.html", person, patient=patient_view(who), rows=rows)


@router.get("/withdrawals/{access_id}/return")
async def bring_back(request: Request, floor: Here, person: Returner, access_id: str) -> Response:
    """Bring some of it back."""
    return show(request, "return.html", person, screen=custody_view.return_screen(floor.core, _find(floor, access_id), person.staff))


@router.get("/withdrawals/{access_id}/waste")
async def waste(request: Request, floor: Here, person: Waster, access_id: str) -> Response:
    """Waste what is left of it."""
    return show(request, "waste.html", person, screen=custody_view.waste_screen(floor.core, _find(floor, access_id), person.staff))


def _find(floor: Floor, access_id: str) -> Withdrawal:
    known = floor.core.state.withdrawals.get(access_id)
    if known is None:
        raise Problem(Refusal("withdrawal.unknown"))
    return known
