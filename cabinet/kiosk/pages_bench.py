"""The technician's page at the kiosk, and the button that gives a cabinet back to its ward.

Alone knows: which path shows what was found at the bench. Must not know: what is done there (`api_bench.py`).
"""

from fastapi import APIRouter, Request
from starlette.responses import Response

from cabinet.domain import service
from cabinet.domain.events import MaintenanceAsked, MaintenanceEndAsked
from cabinet.domain.phrase import Phrase
from cabinet.kiosk import bench_view
from cabinet.kiosk.api import Here
from cabinet.kiosk.pages import Person, go, show
from cabinet.kiosk.problem import Problem

router = APIRouter(prefix="/bench")


@router.get("")
async def bench(request: Request, floor: Here, person: Person) -> Response:
    """What the last walk and the last self-test found."""
    refusal = service.judge_person(floor.core.scene, floor.core.state.sessions.get(person.session))
    if refusal is not None:
        raise Problem(refusal)
    state = floor.core.state
    walker = None if state.commissioning is None else floor.core.scene.staff(state.commissioning.staff)
    is_rewired = floor.technics is not None and state.commissioning is not None and state.commissioning.wiring != floor.technics.wiring
    return show(
        request, "bench.html", person, commissioning=state.commissioning, is_rewired=is_rewired, selftest=state.selftest,
        walker=Phrase("somebody") if walker is None else walker.name,
        maintenance=bench_view.maintenance_view(floor.core), failures=state.failures,
    )  # fmt: skip


@router.post("/take")
async def take(floor: Here, person: Person) -> Response:
    """Take the cabinet from the ward."""
    await floor.reception.ask(person, MaintenanceAsked(floor.now(), person.session))
    return go("/bench")


@router.post("/give-back")
async def give_back(floor: Here, person: Person) -> Response:
    """Give the cabinet back to the ward; whoever is signed in may."""
    await floor.reception.ask(person, MaintenanceEndAsked(floor.now(), person.session))
    return go("/")
