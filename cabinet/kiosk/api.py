"""`/api/v1` of the kiosk's listener, except accesses: sessions, items, patients, stock, needs, faults, changes.

Alone knows: which path answers what (contract, HTTP). Must not know: pages and cookies; every call here bears a token.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Security, status
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cabinet.domain import search
from cabinet.domain.events import RecoveryAsked, SessionActive, StuckSaid, TrialAsked
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import PatientId, utc_text
from cabinet.kiosk import view
from cabinet.kiosk.body import SessionBody, StuckBody
from cabinet.kiosk.fault_view import FaultView, LockWear, fault_views, lock_views
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

_bearer = HTTPBearer(auto_error=False, description="the token of `POST /sessions`")


async def floor_of(request: Request) -> Floor:
    """The kiosk behind a request."""
    floor: Floor = request.app.state.floor
    return floor


Here = Annotated[Floor, Depends(floor_of)]


async def ensure_enrolled(floor: Here) -> None:
    """A fresh cabinet knows nobody, and does nothing for anybody. Raises Problem."""
    if not floor.world.staff:
        raise Problem(Refusal("cabinet.no_staff"))


router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])


async def token_of(bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]) -> str:
    """The token that a call bears. Raises Problem."""
    if bearer is None:
        raise Problem(Refusal("session.missing"))
    return bearer.credentials


async def visit_of(floor: Here, token: Annotated[str, Depends(token_of)]) -> Visit:
    """Who calls. Raises Problem."""
    visit = floor.reception.visit(token)
    if visit is None:
        raise Problem(Refusal("session.unknown"))
    return visit


Caller = Annotated[Visit, Depends(visit_of)]


@dataclass(frozen=True)
class StaffView:
    """Who signed in, and which kinds of access their role may ask for."""

    id: str
    name: str
    role: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class SessionView:
    """A session. It ends after `idle_s` seconds without a call, at `expires_at` at the latest, never while its drawer is open."""

    token: str
    session: str
    factors: tuple[str, ...]
    staff: StaffView
    idle_s: float
    expires_at: str


@dataclass(frozen=True)
class ItemsView:
    """The items that the typed letters may show; `message` says why there are none, or that more letters are needed."""

    items: tuple[view.ItemView, ...]
    needs_more_letters: bool
    message: str


@router.post("/sessions", status_code=status.HTTP_201_CREATED)
async def open_session(body: SessionBody, floor: Here) -> SessionView:
    """Sign in by badge or id and secret."""
    token, visit = await floor.reception.sign_in(badge=body.badge, staff_id=body.id, secret=body.secret)
    timing, staff = floor.world.timing, visit.staff
    kinds = tuple(sorted(floor.world.policy.kinds.get(staff.role, ())))
    ends = floor.now().later(visit.opened_s + timing.session_limit_s - floor.now().mono_s)
    return SessionView(
        token, visit.session, visit.factors, StaffView(staff.id, staff.name, staff.role, kinds), timing.session_idle_s, utc_text(ends.utc)
    )


@router.delete("/sessions", status_code=status.HTTP_204_NO_CONTENT)
async def close_session(floor: Here, visit: Caller) -> None:
    """Sign out."""
    await floor.reception.sign_out(visit)


@router.post("/sessions/active", status_code=status.HTTP_204_NO_CONTENT)
async def keep_session(floor: Here, visit: Caller) -> None:
    """Let the idle time start afresh."""
    await floor.reception.ask(visit, SessionActive(floor.now(), visit.session))


@router.get("/items")
async def items(
    floor: Here,
    _visit: Caller,
    q: Annotated[str, Query(max_length=100)] = "",
    purpose: Annotated[str, Query(alias="for", max_length=20)] = "withdraw",
) -> ItemsView:
    """The safe search: items of this cabinet whose generic or brand name begins with the typed letters."""
    core, now = floor.core, floor.now()
    found = search.find(core.world.formulary, view.stocked(core), q, purpose)
    return ItemsView(tuple(view.item_view(core, item, now) for item in found.items), found.needs_more, floor.answer(found))


@router.get("/patients")
async def patients(floor: Here, visit: Caller) -> list[view.PatientView]:
    """The patients of this ward, for those who take medicines for them."""
    floor.refuse_unless(visit, "withdraw")
    return [view.patient_view(patient) for patient in floor.world.patients.values()]


@router.get("/patients/{patient_id}/orders")
async def orders(floor: Here, visit: Caller, patient_id: str) -> list[view.OrderView]:
    """A patient's orders, those that wait for a pharmacist among them."""
    floor.refuse_unless(visit, "withdraw")
    patient = floor.world.patients.get(PatientId(patient_id))
    if patient is None:
        raise Problem(Refusal("access.patient_unknown"))
    return [view.order_view(floor.core, order, floor.now()) for order in patient.orders]


@router.get("/stock")
async def stock(
    floor: Here, _visit: Caller, only: Annotated[str | None, Query(alias="status", max_length=20)] = None
) -> list[view.StockView]:
    """Every pocket with its status."""
    return view.stock_views(floor.core, floor.now(), only)


@router.get("/restock")
async def restock(floor: Here, _visit: Caller) -> list[view.NeedView]:
    """What is needed to bring pockets to par, most urgent first."""
    return view.need_views(floor.core, floor.now())


@router.get("/discrepancies")
async def discrepancies(floor: Here, _visit: Caller) -> list[view.DiscrepancyView]:
    """The discrepancies that nobody has explained yet."""
    return [view.discrepancy_view(floor.core, found) for found in floor.core.state.discrepancies.values() if found.is_open]


@router.post("/discrepancies/{discrepancy_id}/resolution")
async def resolve(floor: Here, _visit: Caller, discrepancy_id: str) -> None:
    """Not offered at this cabinet yet."""
    code = "request.not_offered" if discrepancy_id in floor.core.state.discrepancies else "request.unknown"
    raise Problem(Refusal(code))


@router.get("/debts")
async def debts(floor: Here, _visit: Caller) -> list[view.DebtView]:
    """The pockets that owe a count."""
    return view.debt_views(floor.core)


@router.get("/faults")
async def faults(floor: Here, _visit: Caller) -> list[FaultView]:
    """Drawers, lids and devices that do not do as they should, with cause and remedy; what is out of use first."""
    return fault_views(floor.core)


@router.post("/faults/{fault_id}/recovery")
async def recover(floor: Here, visit: Caller, fault_id: str) -> list[FaultView]:
    """Say that a failed drawer or lid was freed and pushed shut: it may be released again, and what it holds owes a count."""
    await floor.reception.ask(visit, RecoveryAsked(floor.now(), visit.session, fault_id))
    return fault_views(floor.core)


@router.post("/faults/{fault_id}/trial")
async def attempt(floor: Here, visit: Caller, fault_id: str) -> list[FaultView]:
    """The same, and have it pulsed once: its fault is over when it opens and is shut after that."""
    await floor.reception.ask(visit, TrialAsked(floor.now(), visit.session, fault_id))
    return fault_views(floor.core)


@router.post("/faults/{fault_id}/stuck")
async def stuck(body: StuckBody, floor: Here, visit: Caller, fault_id: str) -> list[FaultView]:
    """Say that an open drawer or lid (its lock, or a fault of it) cannot be shut, or is shut and shown as open."""
    await floor.reception.ask(visit, StuckSaid(floor.now(), visit.session, fault_id, body.is_shut))
    return fault_views(floor.core)


@router.get("/locks")
async def locks(floor: Here, _visit: Caller) -> list[LockWear]:
    """How every lock works: openings, time from order to opening, misses, and whether that predicts a failure."""
    return lock_views(floor.core)


@router.get("/events", response_class=EventSourceResponse)
async def changes(floor: Here, visit: Caller) -> AsyncIterator[ServerSentEvent]:
    """What changed, as it changes: `seq`, `mode`, and the ids of accesses and pockets. Ends with the session."""
    async for change in floor.live.changes():
        if visit.session not in floor.core.state.sessions:
            return
        yield ServerSentEvent(data=change, event="changed", id=str(change.seq))
