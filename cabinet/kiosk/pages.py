"""The kiosk's pages: plain forms in, whole pages out; whatever changes is a POST from the cabinet's own screen.

Alone knows: which path shows which screen, and the cookie. Must not know: what a screen shows (`screens.py`), any rule.

A page that a finger asked for is a sign of life and lets the idle time start afresh; one that a script asks for to stay up to
date (`Kiosk-Refresh`) is not.
"""

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from cabinet.domain.case.reconciling import case_of
from cabinet.domain.events import SessionActive
from cabinet.domain.orders import Patient
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import Instant, ItemId
from cabinet.kiosk import pocket_list, screens, task_view
from cabinet.kiosk.attention import debt_rows, fault_rows, kit_rows
from cabinet.kiosk.caller import COOKIE, LANGUAGE, FoundOpen, Here, Person, page_requires, person_of, visit_at_screen
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.mode_view import stale_orders
from cabinet.kiosk.pick_view import picked_orders
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.stock_view import blocked_rows
from cabinet.kiosk.supply_view import Elsewhere, ask_view, elsewhere
from cabinet.kiosk.surroundings import fridge_views
from cabinet.kiosk.template import filled_in

__all__ = ["Back", "Person", "answer", "go", "patient_of", "router", "show"]

router = APIRouter()
Back = Annotated[str, Form(max_length=200, pattern=r"^/([^/\\].*)?$")]
"""The way back to where something was touched: a path of this kiosk, never another host's address."""


def show(request: Request, template: str, visit: Visit | None, *, status: int = 200, **values: Any) -> HTMLResponse:
    """One screen, with the line above it."""
    floor: Floor = request.app.state.floor
    now = floor.now()
    left_s = 0.0 if visit is None else floor.reception.left_s(visit)
    bar = screens.bar(floor.core, None if visit is None else visit.staff, left_s, floor.live.forgotten, now, floor.site_time)
    if floor.practice is not None:
        bar = replace(bar, alarms=(*bar.alarms, *floor.practice.alarms()), mode="training")
    said = {
        "bar": bar,
        "new_id": floor.new_id,
        "time": floor.site_time,
        "term": floor.world.terms,
        "method": request.method,
    }
    said |= {"here": _path(request), "languages": floor.languages.offered, "stale_orders": stale_orders(floor.core, now, floor.site_time)}
    if visit is not None:
        said |= _beside(floor, visit, now)
    language = floor.languages.of(None if visit is None else visit.staff.id, request.cookies.get(LANGUAGE))
    return HTMLResponse(filled_in(template, language, said | values), status)


def _path(request: Request) -> str:
    """The page that is shown, as a path of this kiosk."""
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path


def _beside(floor: Floor, visit: Visit, now: Instant) -> dict[str, Any]:
    """What any page may say of a pocket, an item or a patient: who asked for a refill, where else it is, and the case they are in."""

    def where_else(item: str, besides: str = "") -> Elsewhere:
        return elsewhere(floor.core, floor.whereabouts, floor.world.formulary[ItemId(item)], besides, now)

    return {
        "refill_ask": lambda pocket: ask_view(floor.core, visit.staff, pocket, now),
        "where_else": where_else,
        "case_of": lambda patient: case_of(floor.core.scene, patient),
    }


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
    if floor.reception.is_fresh:
        return go("/setup")
    token = request.cookies.get(COOKIE)
    visit = visit_at_screen(request, floor)
    if visit is None and floor.reception.left_behind() is not None:
        raise FoundOpen
    if visit is None:
        former = floor.reception.former(token) if ended else None
        is_owed = former is not None and screens.owes_what_was_not_stated(floor.core, former.session)
        return show(request, "sign_in.html", None, ended=ended, is_owed=is_owed, refusal=None, shown=floor.shown.mark)
    visit = await person_of(request, floor)
    wanted = request.cookies.get(LANGUAGE, "")
    floor.languages.remember(visit.staff.id, wanted)
    response = show(request, "home.html", visit, home=screens.home(floor.core, visit.staff, floor.now()))
    if wanted:
        response.delete_cookie(LANGUAGE, secure=True, httponly=True, samesite="strict")
    return response


@router.get("/more")
async def more(request: Request, floor: Here, person: Person) -> Response:
    """Every other task."""
    tasks = task_view.more(floor.core, person.staff, screens.waiting(floor.core, person.staff, floor.now()))
    return show(request, "more.html", person, tasks=tasks)


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
    patient = floor.core.scene.patient(patient_id)
    if patient is None:
        raise Problem(Refusal("access.patient_unknown"))
    return patient


@router.get("/patients/{patient_id}")
async def patient(request: Request, floor: Here, person: Person, patient_id: str) -> Response:
    """A patient's orders."""
    who = patient_of(floor, person, patient_id)
    screen, picked = screens.patient_screen(floor.core, who, person.staff, floor.now()), picked_orders(floor.core, person.staff)
    return show(request, "patient.html", person, screen=screen, picked=picked)


@router.get("/count")
async def count(
    request: Request, floor: Here, person: Annotated[Visit, page_requires("count")], of: Annotated[str, Query(max_length=64)] = ""
) -> Response:  # fmt: skip
    """The pockets to count: all, or those of one round."""
    found = pocket_list.count_list(floor.core, floor.now(), of)
    return show(request, "count.html", person, list=found, groups=pocket_list.count_groups(floor.core, of))


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
        kits=kit_rows(floor.core, floor.now()),
        blocked=blocked_rows(floor.core, floor.now()),
        may_pull=floor.may(person, "expire"),
        faults=fault_rows(floor.core, person.staff),
        fridges=fridge_views(floor.core, floor.now()),
        may_decide=floor.may(person, "decide"),
        is_technical=floor.world.policy.allows(person.staff.role, "maintain"),
    )
