"""The page of one access, and the forms on it.

Alone knows: which form makes which event. Must not know: what the screen shows (`screens.py`), or what the core makes of an event.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from cabinet.domain.events import CancelRequested, CountEntered, MoveAsked, OpenAsked, OpenedSaid, QuantityEntered
from cabinet.domain.vocabulary import AccessId, Units
from cabinet.kiosk import screens
from cabinet.kiosk.api import Here
from cabinet.kiosk.body import AccessForm
from cabinet.kiosk.pages import Person, go, show
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.wish import Wish

router = APIRouter()

Amount = Annotated[int, Form(ge=0, le=1_000_000)]
Text = Annotated[str, Form(max_length=200)]


@router.post("/accesses")
async def ask(request: Request, floor: Here, person: Person, form: Annotated[AccessForm, Form()]) -> Response:
    """Ask for an access; a second touch on the same button asks for the same one. Who is in their own way is led back there."""
    wish = Wish(**form.model_dump())
    try:
        await floor.begin(person, wish)
    except Problem as problem:
        asked = wish.event(floor.now(), person.session, floor.world)
        lines = floor.core.state.lines.values()
        wanted = [line.pocket for line in lines if line.pocket == asked.pocket or (asked.pocket is None and line.item == asked.item)]
        mine = screens.in_the_way(floor.core, person.staff, problem.body.code, wanted)
        if mine is None:
            raise
        return show(request, "problem.html", person, status=problem.status, problem=problem.body, mine=mine)
    return go(f"/accesses/{wish.id}")


@router.get("/accesses/{access_id}")
async def look(request: Request, floor: Here, person: Person, access_id: str) -> Response:
    """Where an access stands; one that went on elsewhere leads there."""
    access = floor.access(person, access_id)
    if access.moved_to is not None:
        return go(f"/accesses/{access.moved_to}")
    screen = screens.access_screen(floor.core, access, floor.live.newest(access_id), floor.now())
    return show(request, "access.html", person, screen=screen)


@router.post("/accesses/{access_id}/count")
async def count(floor: Here, person: Person, access_id: str, units: Amount) -> Response:
    """A count was typed."""
    await floor.reception.ask(person, CountEntered(floor.now(), person.session, AccessId(access_id), Units(units)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/confirm")
async def confirm(floor: Here, person: Person, access_id: str, units: Amount, lot: Text = "", expiry: Text = "") -> Response:
    """A quantity was confirmed."""
    event = QuantityEntered(
        floor.now(), person.session, AccessId(access_id), Units(units), lot.strip() or None, expiry.strip() or None
    )  # fmt: skip
    await floor.reception.ask(person, event)
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/open")
async def open_again(floor: Here, person: Person, access_id: str) -> Response:
    """Pulse the lock again."""
    await floor.reception.ask(person, OpenAsked(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/cancel")
async def cancel(floor: Here, person: Person, access_id: str) -> Response:
    """Want out."""
    await floor.reception.ask(person, CancelRequested(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/opened")
async def did_open(floor: Here, person: Person, access_id: str) -> Response:
    """It did open, and the cabinet did not see it."""
    await floor.reception.ask(person, OpenedSaid(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/elsewhere")
async def elsewhere(floor: Here, person: Person, access_id: str) -> Response:
    """From another pocket, then."""
    await floor.reception.ask(person, MoveAsked(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.get("/live", response_class=EventSourceResponse)
async def live(floor: Here) -> AsyncIterator[ServerSentEvent]:
    """That something changed; the page then asks for itself again."""
    async for change in floor.live.changes():
        yield ServerSentEvent(data={"seq": change.seq}, event="changed")
