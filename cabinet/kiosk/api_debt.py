"""`/api/v1/debts`: what is still to be done, and how it is closed: handed over, signed afterwards, linked to its order, given its reason.

Alone knows: which path makes which event. Must not know: who may close what (`cabinet.domain.debt.settling`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from cabinet.domain.events import DebtCloseAsked, DebtHandedOver, DebtWitnessed, OrderFound, PatientNamed, TakingConfirmed
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, DebtId, OrderId, PatientId
from cabinet.kiosk.body import LinkBody, NameBody, ReasonBody, SessionBody, WordBody
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled
from cabinet.kiosk.debt_view import DebtView, debt_views
from cabinet.kiosk.problem import Problem

router = APIRouter(prefix="/api/v1/debts", dependencies=[Depends(ensure_enrolled)])
Id = Annotated[str, Path(max_length=64)]


@router.get("")
async def debts(floor: Here, visit: Caller) -> list[DebtView]:
    """One's own debts; everybody's, for those who may close them; and the pockets that owe a count."""
    return debt_views(floor.core, visit.staff, floor.now())


@router.post("/{debt_id}/hand-over")
async def hand_over(body: SessionBody, floor: Here, visit: Caller, debt_id: Id) -> list[DebtView]:
    """Hand it to a colleague who is there and shows badge or id and secret."""
    to, factors = await floor.reception.witness(badge=body.badge, staff_id=body.id, secret=body.secret)
    await floor.reception.ask(visit, DebtHandedOver(floor.now(), visit.session, DebtId(debt_id), to, factors))
    return debt_views(floor.core, visit.staff, floor.now())


@router.post("/{debt_id}/witness")
async def sign(body: SessionBody, floor: Here, visit: Caller, debt_id: Id) -> list[DebtView]:
    """A second person signs afterwards."""
    who, factors = await floor.reception.witness(badge=body.badge, staff_id=body.id, secret=body.secret)
    await floor.reception.ask(visit, DebtWitnessed(floor.now(), visit.session, DebtId(debt_id), who, factors))
    return debt_views(floor.core, visit.staff, floor.now())


@router.post("/{debt_id}/word")
async def word(body: WordBody, floor: Here, visit: Caller, debt_id: Id) -> list[DebtView]:
    """Whoever is named in a late entry says whether it was they who took it."""
    await floor.reception.ask(visit, TakingConfirmed(floor.now(), visit.session, DebtId(debt_id), body.is_true))
    return debt_views(floor.core, visit.staff, floor.now())


@router.post("/{debt_id}/close")
async def close(body: ReasonBody, floor: Here, visit: Caller, debt_id: Id) -> list[DebtView]:
    """One's own reason that was owed; or another person's debt, with a reason, by those who may."""
    await floor.reception.ask(visit, DebtCloseAsked(floor.now(), visit.session, DebtId(debt_id), body.reason))
    return debt_views(floor.core, visit.staff, floor.now())


@router.post("/{debt_id}/patient")
async def name(body: NameBody, floor: Here, visit: Caller, debt_id: Id) -> list[DebtView]:
    """For whom an emergency was, which asked for no name."""
    await floor.reception.ask(visit, PatientNamed(floor.now(), visit.session, DebtId(debt_id), PatientId(body.patient)))
    return debt_views(floor.core, visit.staff, floor.now())


@router.post("/{debt_id}/order")
async def link(body: LinkBody, floor: Here, visit: Caller, debt_id: Id) -> list[DebtView]:
    """The order that a withdrawal without one followed."""
    debt = floor.core.state.debts.get(debt_id)
    if debt is None:
        raise Problem(Refusal("debt.unknown"))
    await floor.reception.ask(visit, OrderFound(floor.now(), AccessId(debt.access), OrderId(body.order), visit.session))
    return debt_views(floor.core, visit.staff, floor.now())
