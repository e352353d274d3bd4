"""The pages for a phone and for a desk's screen: sign-in, patients, a patient's orders, what was picked, the queue.

Alone knows: which path shows which page, and the cookie. Must not know: what a page shows (the kiosk's views, `queue_view.py`), any rule.
"""

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cabinet.domain.case.reconciling import case_of
from cabinet.domain.core import Core
from cabinet.domain.neighbour import Whereabouts
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import Instant, ItemId
from cabinet.kiosk import patient_view, screens
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.mode_view import stale_orders
from cabinet.kiosk.pick_view import pick_rows, picked_orders
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.supply_view import Elsewhere, elsewhere
from cabinet.kiosk.template import FOLDER, filler
from cabinet.ward.caller import COOKIE, LANGUAGE, Here, Person
from cabinet.ward.entrance import Onlooker
from cabinet.ward.queue_view import queue_view
from cabinet.ward.window import Window

TEMPLATES = Path(__file__).parent / "templates"
LANGUAGE_S = 300
"""A choice at the sign-in page is its chooser's; whoever comes later begins in the site's language."""

FOLLOWS_S = 2.0
"""A withdrawal is a dozen rounds of facts within seconds, and twenty phones follow it on the loop that watches its drawer."""

router = APIRouter()
filled_in = filler(TEMPLATES, FOLDER)
Word = Annotated[str, Form(max_length=64)]


def show(request: Request, template: str, onlooker: Onlooker | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """One page, with the line above it. What calls out at the cabinet is for whoever stands before it."""
    window: Window = request.app.state.window
    now, staff = window.now(), None if onlooker is None else onlooker.staff
    left_s = 0.0 if onlooker is None else window.entrance.left_s(onlooker)
    bar = screens.bar(window.core, staff, left_s, window.live.forgotten, now, window.site_time)
    bar = replace(bar, warn_s=30, is_held=False, leaves_owing=False, alarms=(), notices=())
    said = {"bar": bar, "new_id": window.new_id, "time": window.site_time, "term": window.core.world.terms, "method": request.method}
    said |= {"languages": window.languages.offered, "stale_orders": stale_orders(window.core, now, window.site_time)}
    said |= {"where_else": partial(_where_else, window.core, now), "case_of": partial(case_of, window.core.scene)}
    said |= {"picked": {} if staff is None else picked_orders(window.core, staff), "path": request.url.path}
    language = window.languages.of(None if staff is None else staff.id, request.cookies.get(LANGUAGE))
    return HTMLResponse(filled_in(template, language, said | values), status)


def _where_else(core: Core, now: Instant, item: str, besides: str = "") -> Elsewhere:
    """Where else an item is."""
    return elsewhere(core, Whereabouts(core.world.neighbours), core.world.formulary[ItemId(item)], besides, now)


def answer(request: Request, problem: Problem) -> Response:
    """A "no" as a page."""
    if problem.body.code in {"session.missing", "session.unknown"}:
        return go("/?ended=1")
    window: Window = request.app.state.window
    onlooker = window.entrance.onlooker(request.cookies.get(COOKIE))
    return show(request, "ward_problem.html", onlooker, status=problem.status, problem=problem.body)


def go(path: str) -> RedirectResponse:
    """On to another page."""
    return RedirectResponse(path, 303)


@router.get("/")
async def start(request: Request, window: Here, ended: Annotated[bool, Query()] = False) -> Response:  # noqa: FBT002 - a query
    """The sign-in page, or the patients."""
    onlooker = window.entrance.onlooker(request.cookies.get(COOKIE))
    if onlooker is None:
        return show(request, "ward_sign_in.html", None, ended=ended, refusal=None)
    await window.entrance.touch(onlooker)
    return show(request, "ward_patients.html", onlooker, patients=patient_view.listed_views(window.core, onlooker.staff.id, window.now()))


@router.post("/sign-in")
async def sign_in(request: Request, window: Here, id: Word, secret: Annotated[str, Form(max_length=256)]) -> Response:  # noqa: A002 - the form's field
    """Recognise an id and a PIN: a phone has no badge reader, and nothing is taken here."""
    ensure_same_origin(request.headers)
    try:
        token, onlooker = await window.entrance.sign_in(badge=None, staff_id=id.strip().lower(), secret=secret)
    except Problem as problem:
        return show(request, "ward_sign_in.html", None, status=problem.status, ended=False, refusal=problem.body)
    window.languages.remember(onlooker.staff.id, request.cookies.get(LANGUAGE, ""))
    response = go("/")
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict")
    return response


@router.post("/sign-out")
async def sign_out(window: Here, person: Person) -> Response:
    """Leave."""
    await window.entrance.sign_out(person)
    response = go("/")
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")
    return response


@router.post("/stay", status_code=204)
async def stay(_person: Person) -> None:
    """One touch extends the session."""


@router.post("/language")
async def choose_language(request: Request, window: Here, language: Annotated[str, Form(max_length=16)]) -> Response:
    """In which language the pages go on."""
    ensure_same_origin(request.headers)
    response = go("/")
    if language in window.languages.offered:
        response.set_cookie(LANGUAGE, language, max_age=LANGUAGE_S, secure=True, httponly=True, samesite="strict")
    return response


@router.get("/patients/{patient_id}")
async def patient(request: Request, window: Here, person: Person, patient_id: str) -> Response:
    """A patient's orders, each with a button that picks it."""
    screen = screens.patient_screen(window.core, window.patient(patient_id), person.staff, window.now())
    return show(request, "ward_patient.html", person, screen=screen)


@router.get("/picks")
async def picks(request: Request, window: Here, person: Person) -> Response:
    """What this person picked."""
    return show(request, "ward_picks.html", person, rows=pick_rows(window.core, person.staff, window.now()))


@router.post("/picks")
async def choose(window: Here, person: Person, id: Word, order: Word, item: Word = "", amount: Word = "") -> Response:  # noqa: A002 - the form's field
    """Pick an order, or think better of it; then back to its patient."""
    known, picked = window.core.scene.order(order), picked_orders(window.core, person.staff)
    if known is None:
        raise Problem(Refusal("order.unknown", order))
    if order in picked:
        await window.drop(person, picked[order])
    else:
        await window.pick(person, id, order, item or None, amount or None)
    return go(f"/patients/{known.patient}")


@router.post("/picks/{pick_id}/drop")
async def drop(window: Here, person: Person, pick_id: str) -> Response:
    """Think better of one."""
    await window.drop(person, pick_id)
    return go("/picks")


@router.get("/queue")
async def queue(request: Request, window: Here, person: Person) -> Response:
    """Who is at the cabinet, and how long it may take."""
    return show(request, "ward_queue.html", person, queue=queue_view(window.core, person.staff, window.now()))


@router.get("/live", response_class=EventSourceResponse)
async def live(window: Here) -> AsyncIterator[ServerSentEvent]:
    """That something changed, and not what; the page then asks for itself again. Every two seconds will do on the ward."""
    async for change in window.live.changes(FOLLOWS_S):
        yield ServerSentEvent(data={"seq": change.seq}, event="changed")
