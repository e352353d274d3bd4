"""The pages of what is still to be done: my shift, end of shift, and one debt with the ways to settle it.

Alone knows: which form makes which event. Must not know: what a page shows (`shift_view.py`), or who may settle what.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from cabinet.domain.events import DebtCloseAsked, DebtHandedOver, DebtWitnessed, OrderFound, PatientNamed, TakingConfirmed
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, DebtId, OrderId, PatientId
from cabinet.kiosk import colleague, shift_view
from cabinet.kiosk.bag_end import end_bag
from cabinet.kiosk.caller import Here, Person, page_requires
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

router = APIRouter()
Code = Annotated[str, Form(max_length=128)]
Secret = Annotated[str, Form(max_length=256)]
Text = Annotated[str, Form(max_length=200)]
Step = Annotated[Literal["", "sign", "hand-over"], Query(alias="do")]
No = Annotated[str, Query(max_length=64)]


@router.get("/shift")
async def mine(request: Request, floor: Here, person: Person) -> Response:
    """One's own debts, the oldest first, and what one took out."""
    shift = shift_view.shift_of(floor.core, person.staff, floor.now())
    return show(request, "shift.html", person, shift=shift, is_end=False, may_count=floor.may(person, "count"))


@router.get("/shift/end")
async def end(request: Request, floor: Here, person: Annotated[Visit, page_requires("close_debt")]) -> Response:
    """Everybody's, for who answers for the shift."""
    shift = shift_view.end_of_shift(floor.core, person.staff, floor.now())
    return show(request, "shift.html", person, shift=shift, is_end=True, may_count=floor.may(person, "count"))


@router.get("/debts/{debt_id}")
async def debt(request: Request, floor: Here, person: Person, debt_id: str, step: Step = "", no: No = "") -> Response:
    """One debt; `do` is the form for a colleague's badge, `no` why it was refused. Of one that is settled, what is left to do."""
    known = floor.core.state.debts.get(debt_id)
    if known is None:
        return await mine(request, floor, person)
    if known.staff != person.staff.id and not floor.may(person, "close_debt"):
        raise Problem(Refusal("debt.unknown"))
    screen = shift_view.debt_screen(floor.core, known, person.staff, floor.now())
    refusal, mark = colleague.refusal(no), floor.shown.mark
    return show(request, "debt.html", person, screen=screen, step=step, refusal=refusal, shown=mark)


@router.post("/debts/{debt_id}/hand-over")
async def hand_over(floor: Here, person: Person, debt_id: str, badge: Code = "", shown: Code = "", secret: Secret = "") -> Response:
    """A colleague who is here takes it over."""
    try:
        to, factors = await colleague.recognise(floor, badge=badge, shown=shown, secret=secret)
        await floor.reception.ask(person, DebtHandedOver(floor.now(), person.session, DebtId(debt_id), to, factors))
    except Problem as problem:
        return go(f"/debts/{debt_id}?do=hand-over&no={problem.body.code}")
    return go("/shift")


@router.post("/debts/{debt_id}/witness")
async def sign(floor: Here, person: Person, debt_id: str, badge: Code = "", shown: Code = "", secret: Secret = "") -> Response:
    """A second person signs afterwards."""
    try:
        who, factors = await colleague.recognise(floor, badge=badge, shown=shown, secret=secret)
        await floor.reception.ask(person, DebtWitnessed(floor.now(), person.session, DebtId(debt_id), who, factors))
    except Problem as problem:
        return go(f"/debts/{debt_id}?do=sign&no={problem.body.code}")
    return go("/shift")


@router.post("/debts/{debt_id}/word")
async def word(floor: Here, person: Person, debt_id: str, is_true: Annotated[bool, Form()] = False) -> Response:  # noqa: FBT002 - a form's field
    """Whether they took what a colleague entered for them."""
    await floor.reception.ask(person, TakingConfirmed(floor.now(), person.session, DebtId(debt_id), is_true))
    return go("/shift")


@router.post("/debts/{debt_id}/ended")
async def ended(
    floor: Here,
    person: Annotated[Visit, page_requires("waste")],
    debt_id: str,
    amount: Code,
    unit: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """The bag of an infusion ran in, and what was left of it."""
    known = floor.core.state.debts.get(debt_id)
    if known is None:
        return go("/shift")
    await end_bag(floor, person, known.access, f"{amount} {unit}".strip())
    return go("/shift")


@router.post("/debts/{debt_id}/close")
async def close(floor: Here, person: Person, debt_id: str, reason: Text = "", other_reason: Text = "") -> Response:
    """The reason that was owed; or somebody else's debt, by those who may close it."""
    known = floor.core.state.debts.get(debt_id)
    is_own = known is not None and known.staff == person.staff.id
    said = (reason or other_reason).strip()
    await floor.reception.ask(person, DebtCloseAsked(floor.now(), person.session, DebtId(debt_id), said))
    return go("/shift" if is_own else "/shift/end")


@router.post("/debts/{debt_id}/patient")
async def name(floor: Here, person: Person, debt_id: str, patient: Code) -> Response:
    """For whom an emergency was."""
    await floor.reception.ask(person, PatientNamed(floor.now(), person.session, DebtId(debt_id), PatientId(patient)))
    return go(f"/debts/{debt_id}")


@router.post("/debts/{debt_id}/order")
async def link(floor: Here, person: Person, debt_id: str, order: Code) -> Response:
    """The order that it followed."""
    known = floor.core.state.debts.get(debt_id)
    if known is None:
        raise Problem(Refusal("debt.unknown"))
    await floor.reception.ask(person, OrderFound(floor.now(), AccessId(known.access), OrderId(order), person.session))
    return go("/shift" if known.staff == person.staff.id else "/shift/end")
