"""`/api/v1` of the kiosk's listener, except accesses: sessions, items, patients, stock, needs, faults, changes.

Alone knows: which path answers what (contract, HTTP). Must not know: pages and cookies; every call here bears a token.
"""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Query, status
from fastapi.sse import EventSourceResponse, ServerSentEvent

from cabinet.domain.events import HelpAsked, RecoveryAsked, SessionActive, StuckSaid, TrialAsked
from cabinet.domain.refusal import Refusal
from cabinet.kiosk import patient_view, view
from cabinet.kiosk.body import SessionBody, StuckBody
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.fault_view import FaultView, LockWear, faults_for, lock_views
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.sign_in_view import SessionView, session_view

__all__ = ["Caller", "Here", "ensure_enrolled", "router"]

router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])

Taker = Annotated[Visit, requires("withdraw")]
"""Who takes medicines for patients, and so may see who they are."""


@router.post("/sessions", status_code=status.HTTP_201_CREATED)
async def open_session(body: SessionBody, floor: Here) -> SessionView:
    """Sign in by badge or id and secret."""
    return session_view(floor, *await floor.reception.sign_in(badge=body.badge, staff_id=body.id, secret=body.secret))


@router.delete("/sessions", status_code=status.HTTP_204_NO_CONTENT)
async def close_session(floor: Here, visit: Caller) -> None:
    """Sign out."""
    await floor.reception.sign_out(visit)


@router.post("/sessions/active", status_code=status.HTTP_204_NO_CONTENT)
async def keep_session(floor: Here, visit: Caller) -> None:
    """Let the idle time start afresh."""
    await floor.reception.ask(visit, SessionActive(floor.now(), visit.session))


@router.get("/patients")
async def patients(floor: Here, visit: Taker) -> list[patient_view.PatientView]:
    """The patients of this ward, and for a while those who have left, for those who take medicines for them: `is_mine` first."""
    return patient_view.listed_views(floor.core, visit.staff.id, floor.now())


@router.get("/patients/{patient_id}/orders")
async def orders(floor: Here, _visit: Taker, patient_id: str) -> list[patient_view.OrderView]:
    """A patient's orders, those that wait for a pharmacist among them."""
    patient = floor.core.scene.patient(patient_id)
    if patient is None:
        raise Problem(Refusal("access.patient_unknown"))
    return [patient_view.order_view(floor.core, order, floor.now()) for order in patient.orders]


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


@router.get("/faults")
async def faults(floor: Here, visit: Caller) -> list[FaultView]:
    """Drawers, lids and devices that do not do as they should, with cause and remedy; a scale's doubts for those who serve or fill."""
    return faults_for(floor.core, visit.staff)


@router.post("/faults/{fault_id}/recovery")
async def recover(floor: Here, visit: Caller, fault_id: str) -> list[FaultView]:
    """Say that a failed drawer or lid was freed and pushed shut: it may be released again, and what it holds owes a count."""
    await floor.reception.ask(visit, RecoveryAsked(floor.now(), visit.session, fault_id))
    return faults_for(floor.core, visit.staff)


@router.post("/faults/{fault_id}/trial")
async def attempt(floor: Here, visit: Caller, fault_id: str) -> list[FaultView]:
    """The same, and have it pulsed once: its fault is over when it opens and is shut after that."""
    await floor.reception.ask(visit, TrialAsked(floor.now(), visit.session, fault_id))
    return faults_for(floor.core, visit.staff)


@router.post("/drawers/{lock}/help")
async def call_for_help(floor: Here, visit: Caller, lock: str) -> list[FaultView]:
    """Call for help before a drawer or lid, named by its lock: the technicians' list and the pharmacy have it until it is seen to."""
    await floor.reception.ask(visit, HelpAsked(floor.now(), visit.session, lock))
    return faults_for(floor.core, visit.staff)


@router.post("/faults/{fault_id}/stuck")
async def stuck(body: StuckBody, floor: Here, visit: Caller, fault_id: str) -> list[FaultView]:
    """Say that an open drawer or lid (its lock, or a fault of it) cannot be shut, or is shut and shown as open."""
    await floor.reception.ask(visit, StuckSaid(floor.now(), visit.session, fault_id, body.is_shut))
    return faults_for(floor.core, visit.staff)


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
