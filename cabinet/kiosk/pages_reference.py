"""The pages for a patient who is not listed: added in a quarter of a minute, and merged later into the one who they turned out to be.

Alone knows: their paths. Must not know: who may, or what a merge means (`cabinet.domain.reference`).
"""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from cabinet.domain.events import PatientAddAsked, PatientMergeAsked
from cabinet.domain.vocabulary import PatientId
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.custody_view import taken_for
from cabinet.kiosk.pages import go, patient_of, show
from cabinet.kiosk.patient_view import listed_views, patient_view
from cabinet.kiosk.reception import Visit

router = APIRouter()
Admitter = Annotated[Visit, page_requires("add_patient")]
Text = Annotated[str, Form(max_length=200)]
Chosen = Annotated[str, Query(max_length=64)]


@router.get("/patients/new")
async def new(request: Request, floor: Here, person: Admitter) -> Response:
    """Three fields."""
    return show(request, "patient_new.html", person, patient_id=f"here-{floor.new_id()}"[:64].lower())


@router.post("/patients")
async def add(floor: Here, person: Admitter, patient: Text, name: Text, bed: Text, born: Text = "") -> Response:
    """Add them, and go on with them."""
    event = PatientAddAsked(floor.now(), person.session, PatientId(patient), name.strip(), born.strip() or "unknown", bed.strip())
    await floor.reception.ask(person, event)
    return go(f"/patients/{patient}")


@router.get("/patients/{patient_id}/merge")
async def choose(request: Request, floor: Here, person: Admitter, patient_id: str, into: Chosen = "") -> Response:
    """Who they turned out to be; and once that is touched, whether it is so, for nobody parts them again here."""
    who = patient_of(floor, person, patient_id)
    others = [one for one in listed_views(floor.core, person.staff.id, floor.now()) if one.id != who.id]
    chosen = next((one for one in others if one.id == into), None)
    taken = len(taken_for(floor.core, who.id, person.staff))
    return show(request, "patient_merge.html", person, patient=patient_view(who), others=others, chosen=chosen, taken=taken)


@router.post("/patients/{patient_id}/merge")
async def merge(floor: Here, person: Admitter, patient_id: str, into: Text) -> Response:
    """They are one from now on."""
    await floor.reception.ask(person, PatientMergeAsked(floor.now(), person.session, PatientId(patient_id), PatientId(into)))
    return go(f"/patients/{into}")
