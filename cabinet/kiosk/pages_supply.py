"""Two touches that stand beside others on many pages: this patient is mine, and ask for a refill. Each leads back to where it was touched.

Alone knows: their paths. Must not know: what either means.
"""

from typing import Annotated

from fastapi import APIRouter
from starlette.responses import Response

from cabinet.domain.events import PatientChooseAsked, PatientLetGoAsked, RefillWanted
from cabinet.domain.refill_asking import ACTS
from cabinet.domain.vocabulary import PatientId, PocketId
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.pages import Back, go
from cabinet.kiosk.reception import Visit

router = APIRouter()
Taker = Annotated[Visit, page_requires("withdraw")]
Asker = Annotated[Visit, page_requires(*ACTS)]


@router.post("/patients/{patient_id}/mine")
async def choose(floor: Here, person: Taker, patient_id: str, back: Back = "/") -> Response:
    """This patient is mine in this shift."""
    await floor.reception.ask(person, PatientChooseAsked(floor.now(), person.session, PatientId(patient_id)))
    return go(back)


@router.post("/patients/{patient_id}/not-mine")
async def let_go(floor: Here, person: Taker, patient_id: str, back: Back = "/") -> Response:
    """No more."""
    await floor.reception.ask(person, PatientLetGoAsked(floor.now(), person.session, PatientId(patient_id)))
    return go(back)


@router.post("/pockets/{pocket_id}/refill-ask")
async def ask(floor: Here, person: Asker, pocket_id: str, back: Back = "/") -> Response:
    """The pharmacy is asked to fill this pocket."""
    await floor.reception.ask(person, RefillWanted(floor.now(), person.session, PocketId(pocket_id)))
    return go(back)
