"""`/api/v1` of the ward's listener: its own sessions, patients, orders, stock, the queue, and accesses that wait for a badge.

Alone knows: which path answers what (contract, HTTP). Must not know: pages and cookies; any route of the kiosk.
"""

from typing import Annotated

from fastapi import APIRouter, Path, Query, status

from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import utc_text
from cabinet.kiosk import patient_view, view
from cabinet.kiosk.body import AccessBody, SessionBody
from cabinet.kiosk.pick_view import PickRow, pick_rows
from cabinet.kiosk.problem import Problem
from cabinet.ward.ahead_view import AheadView, ahead_view
from cabinet.ward.caller import Caller, Here
from cabinet.ward.queue_view import QueueView, queue_view
from cabinet.ward.session_view import WardSessionView

router = APIRouter(prefix="/api/v1")
Named = Annotated[str, Path(max_length=64)]


@router.post("/sessions", status_code=status.HTTP_201_CREATED)
async def open_session(body: SessionBody, window: Here) -> WardSessionView:
    """Sign in by badge or id and secret. The token is good at this listener alone."""
    token, onlooker = await window.entrance.sign_in(badge=body.badge, staff_id=body.id, secret=body.secret)
    timing, staff = window.core.world.timing, onlooker.staff
    ends = window.now().later(timing.ward_limit_s)
    return WardSessionView(
        token, onlooker.session, onlooker.factors, staff.id, staff.name, staff.role, timing.ward_idle_s, utc_text(ends.utc)
    )


@router.delete("/sessions", status_code=status.HTTP_204_NO_CONTENT)
async def close_session(window: Here, onlooker: Caller) -> None:
    """Sign out."""
    await window.entrance.sign_out(onlooker)


@router.get("/patients")
async def patients(window: Here, onlooker: Caller) -> list[patient_view.PatientView]:
    """The patients of this ward, this person's own first, and for a while those who have left."""
    return patient_view.listed_views(window.core, onlooker.staff.id, window.now())


@router.get("/patients/{patient_id}/orders")
async def orders(window: Here, _onlooker: Caller, patient_id: Named) -> list[patient_view.OrderView]:
    """A patient's orders, those that wait for a pharmacist among them."""
    return [patient_view.order_view(window.core, order, window.now()) for order in window.patient(patient_id).orders]


@router.get("/stock")
async def stock(
    window: Here, _onlooker: Caller, only: Annotated[str | None, Query(alias="status", max_length=20)] = None
) -> list[view.StockView]:
    """Every pocket with its status."""
    return view.stock_views(window.core, window.now(), only)


@router.get("/queue")
async def queue(window: Here, onlooker: Caller) -> QueueView:
    """Who is at the cabinet, how many picked ahead, and how long that may take."""
    return queue_view(window.core, onlooker.staff, window.now())


@router.get("/picks")
async def picks(window: Here, onlooker: Caller) -> tuple[PickRow, ...]:
    """What this person picked, here or at the cabinet, in the order of one way through the drawers."""
    return pick_rows(window.core, onlooker.staff, window.now())


@router.post("/accesses", status_code=status.HTTP_201_CREATED)
async def ask(body: AccessBody, window: Here, onlooker: Caller) -> AheadView:
    """Pick an order ahead. Nothing is reserved, and everything is asked again at the cabinet; any other access begins there alone."""
    if body.kind != "withdraw" or body.order is None:
        raise Problem(Refusal("access.at_cabinet"))
    if body.id not in window.core.state.accesses:
        await window.pick(onlooker, body.id, body.order, body.item, body.amount)
    return ahead_view(window, onlooker, body.id)


@router.get("/accesses/{access_id}")
async def access(window: Here, onlooker: Caller, access_id: Named) -> AheadView:
    """A pick, or the access that it became at the cabinet."""
    return ahead_view(window, onlooker, access_id)


@router.post("/accesses/{access_id}/cancel")
async def cancel(window: Here, onlooker: Caller, access_id: Named) -> AheadView:
    """Think better of a pick. What was begun at the cabinet is ended there."""
    if access_id in window.core.state.accesses:
        raise Problem(Refusal("access.at_cabinet"))
    await window.drop(onlooker, access_id)
    return AheadView(access_id, "withdraw", "cancelled", (), None)
