"""`/api/v1/patients/{id}/mine`: the patients whom a person has in this shift.

Alone knows: which path makes which event. Must not know: what being mine means (`cabinet.domain.caseload`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from cabinet.domain.events import PatientChooseAsked, PatientLetGoAsked
from cabinet.domain.vocabulary import PatientId
from cabinet.kiosk.caller import Here, ensure_enrolled, requires
from cabinet.kiosk.patient_view import PatientView, listed_views
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])
Taker = Annotated[Visit, requires("withdraw")]
Id = Annotated[str, Path(max_length=64)]


@router.put("/patients/{patient_id}/mine")
async def choose(floor: Here, visit: Taker, patient_id: Id) -> list[PatientView]:
    """Have a patient in this shift: theirs come first on the list. It grants nothing. Tells who they all are."""
    await floor.reception.ask(visit, PatientChooseAsked(floor.now(), visit.session, PatientId(patient_id)))
    return [one for one in listed_views(floor.core, visit.staff.id, floor.now()) if one.is_mine]


@router.delete("/patients/{patient_id}/mine")
async def let_go(floor: Here, visit: Taker, patient_id: Id) -> list[PatientView]:
    """Have them no more, also where they were only served."""
    await floor.reception.ask(visit, PatientLetGoAsked(floor.now(), visit.session, PatientId(patient_id)))
    return [one for one in listed_views(floor.core, visit.staff.id, floor.now()) if one.is_mine]
