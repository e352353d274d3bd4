"""The kiosk's pages: plain forms in, whole pages out; whatever changes is a POST from the cabinet's own screen.

Alone knows: which path shows which screen, and the cookie. Must not know: what a screen shows (`screens.py`), any rule.

A page that a finger asked for is a sign of life and lets the idle time start afresh; one that a script asks for to stay up to
date (`Kiosk-Refresh`) is not.
"""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cabinet.domain import search
from cabinet.domain.events import SessionActive
from cabinet.domain.orders import Patient
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId, PatientId
from cabinet.kiosk import pocket_list, screens, view
from cabinet.kiosk.api import Here
from cabinet.kiosk.attention import debt_rows, fault_rows
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.surroundings import fridge_views, may_decide

COOKIE = "__Host-session"
"""A cookie of this name is bound to this very host and path, and is never sent in clear beyond the machine itself."""

REFRESH = "kiosk-refresh"

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
    lstrip_blocks=True, enable_async=False, auto_reload=False,
)  # fmt: skip

router = APIRouter()


class NobodyHere(Exception):
    """A page was asked for without a session: the sign-in screen is shown instead."""


def visit_of(request: Request, floor: Floor) -> Visit | None:
    """Who holds the cookie. One whose time is over and whom maintenance alone keeps is not at the screen: whoever passes may be."""
    visit = floor.reception.visit(request.cookies.get(COOKIE))
    held = floor.core.state.maintenance
    is_left = visit is not None and held is not None and held.session == visit.session
    return None if is_left and visit is not None and visit.is_over(floor.now().mono_s, floor.world.timing) else visit


async def person_of(request: Request, floor: Here) -> Visit:
    """Who holds the cookie; a finger on the screen keeps their session. Raises NobodyHere, Problem."""
    visit = visit_of(request, floor)
    if visit is None:
        raise NobodyHere
    if request.method != "GET":
        ensure_same_origin(request.headers)
    elif REFRESH not in request.headers:
        await floor.reception.ask(visit, SessionActive(floor.now(), visit.session))
    return visit


Person = Annotated[Visit, Depends(person_of)]


def show(request: Request, template: str, visit: Visit | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """One screen, with the line above it."""
    floor: Floor = request.app.state.floor
    now = floor.now()
    left_s = 0.0 if visit is None else visit.left_s(now.mono_s, floor.world.timing)
    bar = screens.bar(floor.core, None if visit is None else visit.staff, left_s, floor.live.forgotten, now)
    html = _templates.get_template(template).render(bar=bar, new_id=floor.new_id, method=request.method, **values)
    return HTMLResponse(html, status)


def answer(request: Request, problem: Problem) -> Response:
    """A "no" as a screen: what happened, what was recorded, what to do now, the code, and a way on."""
    if problem.body.code in {"session.missing", "session.unknown"}:
        return go("/?ended=1")
    floor: Floor = request.app.state.floor
    visit = floor.reception.visit(request.cookies.get(COOKIE))
    return show(request, "problem.html", visit, status=problem.status, problem=problem.body, mine=None)


def go(path: str) -> RedirectResponse:
    """On to another page."""
    return RedirectResponse(path, 303)


@router.get("/")
async def start(request: Request, floor: Here, ended: Annotated[bool, Query()] = False) -> Response:  # noqa: FBT002 - a query
    """The sign-in screen, or what the person who is signed in can begin."""
    token = request.cookies.get(COOKIE)
    visit = visit_of(request, floor)
    if visit is None:
        former = floor.reception.former(token) if ended else None
        is_owed = former is not None and screens.owes_what_was_not_stated(floor.core, former.session)
        return show(request, "sign_in.html", None, ended=ended, is_owed=is_owed, refusal=None, shown=floor.shown.mark)
    visit = await person_of(request, floor)
    return show(request, "home.html", visit, home=screens.home(floor.core, visit.staff, floor.now()))


@router.post("/sign-in")
async def sign_in(
    request: Request,
    floor: Here,
    badge: Annotated[str, Form(max_length=128)] = "",
    secret: Annotated[str, Form(max_length=256)] = "",
    shown: Annotated[str, Form(max_length=128)] = "",
) -> Response:
    """Recognise a badge and a PIN. `shown` is the mark of the badge that was held to the reader, whose number no page knows."""
    ensure_same_origin(request.headers)
    try:
        number = floor.shown.number(shown) if shown else badge.strip()
        token, _ = await floor.reception.sign_in(badge=number, staff_id=None, secret=secret)
    except Problem as problem:
        floor.shown.answer(shown, is_welcome=False)
        again = {"ended": False, "is_owed": False, "refusal": problem.body, "shown": floor.shown.mark}
        return show(request, "sign_in.html", None, status=problem.status, **again)
    floor.shown.answer(shown, is_welcome=True)
    response = go("/")
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict")
    return response


@router.post("/sign-out")
async def sign_out(floor: Here, person: Person) -> Response:
    """Leave."""
    await floor.reception.sign_out(person)
    response = go("/")
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")
    return response


@router.post("/stay", status_code=204)
async def stay(floor: Here, person: Person) -> None:
    """One touch extends the session."""
    await floor.reception.ask(person, SessionActive(floor.now(), person.session))


def patient_of(floor: Floor, person: Visit, patient_id: str) -> Patient:
    """A patient, for those who take medicines for them. Raises Problem."""
    floor.refuse_unless(person, "withdraw")
    patient = floor.world.patients.get(PatientId(patient_id))
    if patient is None:
        raise Problem(Refusal("access.patient_unknown"))
    return patient


@router.get("/patients/{patient_id}")
async def patient(request: Request, floor: Here, person: Person, patient_id: str) -> Response:
    """A patient's orders."""
    who = patient_of(floor, person, patient_id)
    return show(request, "patient.html", person, screen=screens.patient_screen(floor.core, who, floor.now()))


@router.get("/patients/{patient_id}/find")
async def find(request: Request, floor: Here, person: Person, patient_id: str, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """The safe search."""
    who = patient_of(floor, person, patient_id)
    core = floor.core
    found = search.find(core.world.formulary, view.stocked(core), q, "withdraw")
    message = floor.answer(found) if q.strip() else "Type the first letters of the name."
    return show(request, "find.html", person, screen=screens.search_screen(core, who, q, message, found, floor.now()))


@router.get("/patients/{patient_id}/items/{item_id}")
async def item(request: Request, floor: Here, person: Person, patient_id: str, item_id: str) -> Response:
    """One item and how many units of it."""
    who = patient_of(floor, person, patient_id)
    known = floor.world.formulary.get(ItemId(item_id))
    screen = None if known is None else screens.item_screen(floor.core, who, known, floor.now())
    if screen is None:
        raise Problem(Refusal("stock.not_here", item_id))
    return show(request, "item.html", person, screen=screen)


@router.get("/refill")
async def refill(request: Request, floor: Here, person: Person) -> Response:
    """The refill list."""
    floor.refuse_unless(person, "refill")
    return show(request, "refill.html", person, list=pocket_list.refill_list(floor.core, floor.now()))


@router.get("/count")
async def count(request: Request, floor: Here, person: Person) -> Response:
    """The pockets to count."""
    floor.refuse_unless(person, "count")
    return show(request, "count.html", person, list=pocket_list.count_list(floor.core, floor.now()))


@router.get("/attention")
async def attention(request: Request, floor: Here, person: Person) -> Response:
    """The list of things to mend."""
    screen = pocket_list.attention(floor.core, person.staff, floor.now())
    return show(
        request,
        "attention.html",
        person,
        screen=screen,
        debts=debt_rows(floor.core),
        faults=fault_rows(floor.core, person.staff),
        fridges=fridge_views(floor.core, floor.now()),
        may_decide=may_decide(person.staff),
        is_technical=person.staff.role in floor.world.policy.service_roles,
    )
