"""The pages of what is out of order: a drawer on its way back, step by step, and how the locks wear.

Alone knows: which form makes which event. Must not know: what a step shows (`recovery_view.py`), or what the core makes of an event.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cabinet.domain.events import HelpAsked, RecoveryAsked, StuckSaid, TrialAsked
from cabinet.domain.refusal import Refusal
from cabinet.kiosk import recovery_view
from cabinet.kiosk.api import Here
from cabinet.kiosk.fault_view import lock_views
from cabinet.kiosk.pages import Back, Person, go, show
from cabinet.kiosk.problem import Problem

router = APIRouter()


@router.get("/drawers/{lock}/recovery")
async def look(request: Request, floor: Here, person: Person, lock: str) -> Response:
    """Where a drawer is on its way back."""
    found = floor.world.layout.locks.get(lock)
    if found is None:
        raise Problem(Refusal("request.unknown"))
    screen = recovery_view.recovery_screen(floor.core, person.staff, found)
    return show(request, "recovery.html", person, screen=screen, steps=recovery_view.STEPS)


@router.post("/drawers/{lock}/trial")
async def attempt(floor: Here, person: Person, lock: str) -> Response:
    """It was freed and pushed home: try it."""
    await floor.reception.ask(person, TrialAsked(floor.now(), person.session, lock))
    return go(f"/drawers/{lock}/recovery")


@router.post("/drawers/{lock}/recovered")
async def recover(floor: Here, person: Person, lock: str) -> Response:
    """A lid was freed, which cannot be tried under its drawer."""
    await floor.reception.ask(person, RecoveryAsked(floor.now(), person.session, lock))
    return go(f"/drawers/{lock}/recovery")


@router.post("/drawers/{lock}/stuck")
async def stuck(
    floor: Here,
    person: Person,
    lock: str,
    access: Annotated[str, Form(max_length=64)] = "",
    is_shut: Annotated[bool, Form()] = False,  # noqa: FBT002 - a form
) -> Response:
    """An open drawer does not close, or is shut and shown as open. Whoever said so goes on with their access."""
    await floor.reception.ask(person, StuckSaid(floor.now(), person.session, lock, is_shut))
    return go(f"/accesses/{access}" if access in floor.core.state.accesses else "/attention")


@router.post("/drawers/{lock}/help")
async def call(floor: Here, person: Person, lock: str, back: Back = "/attention") -> Response:
    """Call for help."""
    await floor.reception.ask(person, HelpAsked(floor.now(), person.session, lock))
    return go(back)


@router.post("/faults/{fault_id}/recovery")
async def mended(floor: Here, person: Person, fault_id: str) -> Response:
    """Somebody saw to it."""
    await floor.reception.ask(person, RecoveryAsked(floor.now(), person.session, fault_id))
    return go("/attention")


@router.get("/locks")
async def locks(request: Request, floor: Here, person: Person) -> Response:
    """How every lock works."""
    return show(request, "locks.html", person, locks=lock_views(floor.core))
