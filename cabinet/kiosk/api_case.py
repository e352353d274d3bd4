"""`/api/v1/cases`: pull many, reconcile at the end; and how much of a withdrawal was given.

Alone knows: which path makes which event. Must not know: what is owed afterwards (`cabinet.domain.case`).
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, status

from cabinet.domain.case import reconciling
from cabinet.domain.dose.amount import Unreadable
from cabinet.domain.dose.portion import units_m
from cabinet.domain.events import CaseBeginAsked, CaseEndAsked, GivenSaid
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId, PatientId
from cabinet.domain.withdrawal.memory import Withdrawal
from cabinet.kiosk.body import Body, Id, Text
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])
Taker = Annotated[Visit, requires("withdraw")]
Named = Annotated[str, Path(max_length=64)]


class CaseBody(Body):
    """A case of a patient."""

    id: Id
    patient: Id


class GivenBody(Body):
    """How much was given, in the person's words: `2 mg`, `0.5 mL`, `1`."""

    amount: Text


@dataclass(frozen=True)
class CaseView:
    """A case that is not over, and what was withdrawn for it."""

    id: str
    patient: str
    staff: str
    at: str
    withdrawals: tuple[Withdrawal, ...]


def _views(floor: Here) -> list[CaseView]:
    scene = floor.core.scene
    return [
        CaseView(case.id, case.patient, case.staff, case.at, tuple(reconciling.belonging(scene, case)))
        for case in scene.state.cases.values()
    ]


@router.get("/cases")
async def cases(floor: Here, _visit: Taker) -> list[CaseView]:
    """The cases that are not over."""
    return _views(floor)


@router.post("/cases", status_code=status.HTTP_201_CREATED)
async def begin(body: CaseBody, floor: Here, visit: Caller) -> list[CaseView]:
    """Begin a case: what is withdrawn for this patient is reconciled at its end."""
    await floor.reception.ask(visit, CaseBeginAsked(floor.now(), visit.session, body.id, PatientId(body.patient)))
    return _views(floor)


@router.post("/cases/{case_id}/end")
async def end(floor: Here, visit: Caller, case_id: Named) -> list[CaseView]:
    """End a case; what nobody spoke for is owed."""
    await floor.reception.ask(visit, CaseEndAsked(floor.now(), visit.session, case_id))
    return _views(floor)


@router.post("/withdrawals/{access_id}/given")
async def given(body: GivenBody, floor: Here, visit: Caller, access_id: Named) -> Withdrawal:
    """Say how much of a withdrawal of a case was given."""
    known = floor.core.state.withdrawals.get(access_id)
    item = None if known is None else floor.world.formulary.get(ItemId(known.item))
    if known is None or item is None:
        raise Problem(Refusal("withdrawal.unknown"))
    much = units_m(item, body.amount, of_units=True)
    if isinstance(much, Unreadable):
        raise Problem(Refusal("withdrawal.amount", body.amount))
    await floor.reception.ask(visit, GivenSaid(floor.now(), visit.session, AccessId(access_id), much, body.amount))
    return known
