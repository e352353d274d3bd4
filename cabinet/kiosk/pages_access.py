"""The page of one access, and the forms on it.

Alone knows: which form makes which event. Must not know: what the screen shows (`screens.py`), or what the core makes of an event.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

from cabinet.domain import stock
from cabinet.domain.events import (
    CancelRequested,
    CountEntered,
    MoveAsked,
    NotOpenedSaid,
    OpenAsked,
    OpenedSaid,
    QuantityEntered,
    ScanMissing,
    WitnessMissing,
    WitnessShown,
)
from cabinet.domain.placing import OF_UNITS
from cabinet.domain.vocabulary import AccessId, Units
from cabinet.kiosk import colleague, screens
from cabinet.kiosk.access_screen import access_screen
from cabinet.kiosk.answer_view import LAST_KNOWN, SHEET, AnswerScreen, question_screen, reason_screen, sheet_screen, warning_screen
from cabinet.kiosk.api import Here
from cabinet.kiosk.body import AccessForm, QuantityForm
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.pages import Person, go, show
from cabinet.kiosk.pick_view import next_pick
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.wish import Unclear, Wish

router = APIRouter()

Amount = Annotated[int, Form(ge=0, le=1_000_000)]
Text = Annotated[str, Form(max_length=200)]
Code = Annotated[str, Form(max_length=128)]
Secret = Annotated[str, Form(max_length=256)]
Level = Annotated[Literal["full", "half", "low"], Form()]


@router.post("/accesses")
async def ask(request: Request, floor: Here, person: Person, form: Annotated[AccessForm, Form()]) -> Response:
    """Ask for an access; a second touch on the same button asks for the same one. Who is in their own way is led back there."""
    wish = Wish(**form.said())
    try:
        await floor.begin(person, wish)
    except Problem as problem:
        answer = _answer(floor, person, wish, problem.body.code)
        if answer is not None:
            return show(request, "answer.html", person, status=problem.status, screen=answer)
        if isinstance(problem.__cause__, Unclear):
            raise
        asked = wish.event(floor.now(), person.session, floor.core.scene)
        lines = floor.core.state.lines.values()
        wanted = [line.pocket for line in lines if line.pocket == asked.pocket or (asked.pocket is None and line.item == asked.item)]
        mine = screens.in_the_way(floor.core, person.staff, problem.body.code, wanted)
        if mine is None:
            raise
        return show(request, "problem.html", person, status=problem.status, problem=problem.body, mine=mine)
    return go(f"/accesses/{wish.id}")


def _answer(floor: Floor, person: Visit, wish: Wish, code: str) -> AnswerScreen | None:
    """What is asked before the withdrawal goes on, where the refusal is one that an act or an answer passes."""
    if code.startswith("dose."):
        return question_screen(floor.core.scene, wish, floor.now())
    if code == LAST_KNOWN:
        return reason_screen(wish, code)
    if code not in SHEET and not code.startswith("warning."):
        return None
    event = wish.event(floor.now(), person.session, floor.core.scene)
    if code in SHEET:
        return sheet_screen(floor.core.scene, wish, event, code)
    return warning_screen(floor.core.scene, wish, event, code)


@router.get("/accesses/{access_id}")
async def look(request: Request, floor: Here, person: Person, access_id: str, no: Annotated[str, Query(max_length=64)] = "") -> Response:
    """Where an access stands; one that went on elsewhere leads there. `no` is why a colleague's signature was refused."""
    access = floor.access(person, access_id)
    if access.moved_to is not None:
        return go(f"/accesses/{access.moved_to}")
    screen = access_screen(floor.core, access, floor.live.newest(access.id), floor.now())
    onward = next_pick(floor.core, person.staff, floor.now()) if screen.step in {"done", "trouble"} else None
    return show(request, "access.html", person, screen=screen, refusal=colleague.refusal(no), shown=floor.shown.mark, onward=onward)


@router.post("/accesses/{access_id}/count")
async def count(floor: Here, person: Person, access_id: str, units: Amount = 0, level: Level | None = None) -> Response:
    """A count was typed; or of a bulk pocket, how full it is."""
    if level is not None:
        units = stock.units_of(floor.core.state.lines[floor.access(person, access_id).pocket], level)
    await floor.reception.ask(person, CountEntered(floor.now(), person.session, AccessId(access_id), Units(units)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/confirm")
async def confirm(request: Request, floor: Here, person: Person, access_id: str, said: Annotated[QuantityForm, Form()]) -> Response:
    """A quantity was confirmed. What speaks against putting it in is said first, and one touch goes on."""
    words = (said.lot.strip() or None, said.expiry.strip() or None, said.drawn.strip() or None)
    told = tuple(said.acknowledged.split())
    try:
        event = QuantityEntered(floor.now(), person.session, AccessId(access_id), Units(said.units), *words, told)
        await floor.reception.ask(person, event)
    except Problem as problem:
        if problem.body.code not in OF_UNITS:
            raise
        known = f"{said.acknowledged} {problem.body.code}".strip()
        return show(request, "caution.html", person, status=problem.status, problem=problem.body, access=access_id, said=said, known=known)
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


@router.post("/accesses/{access_id}/not-opened")
async def did_not_open(floor: Here, person: Person, access_id: str) -> Response:
    """It did not, and they will not try again."""
    await floor.reception.ask(person, NotOpenedSaid(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/elsewhere")
async def elsewhere(floor: Here, person: Person, access_id: str) -> Response:
    """From another pocket, then."""
    await floor.reception.ask(person, MoveAsked(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/witness")
async def sign(floor: Here, person: Person, access_id: str, badge: Code = "", shown: Code = "", secret: Secret = "") -> Response:
    """A second person signs this one act; the first stays signed in, and a "no" leads back to the same screen."""
    floor.access(person, access_id)
    try:
        who, factors = await colleague.recognise(floor, badge=badge, shown=shown, secret=secret, access=AccessId(access_id))
        await floor.reception.ask(person, WitnessShown(floor.now(), person.session, AccessId(access_id), who, factors))
    except Problem as problem:
        return go(f"/accesses/{access_id}?no={problem.body.code}")
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/alone")
async def nobody_here(floor: Here, person: Person, access_id: str) -> Response:
    """Nobody is there to sign: the signature is owed, where policy lets it be."""
    await floor.reception.ask(person, WitnessMissing(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/unread")
async def unread(floor: Here, person: Person, access_id: str) -> Response:
    """No code of the package can be read: they go on, and somebody else looks at it."""
    await floor.reception.ask(person, ScanMissing(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.get("/live", response_class=EventSourceResponse)
async def live(floor: Here) -> AsyncIterator[ServerSentEvent]:
    """That something changed; the page then asks for itself again."""
    async for change in floor.live.changes():
        yield ServerSentEvent(data={"seq": change.seq}, event="changed")
