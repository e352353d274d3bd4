"""`/api/v1/pars` of the pharmacy: advice with its reasons, what if, plans and their steps, and pharmacists' words.

Alone knows: paths and bodies. Must not know: how advice is found, tables.

`POST /pars` sends levels at once, as any other document (`central/document/api.py`); a plan tries them at one cabinet first.
"""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from cabinet.domain.vocabulary import utc_text
from central.gate import Gate
from central.par.rule import Criticality, Levels
from central.person.person import Person
from central.plan.desk import NotNow, PlanDesk, Stage
from central.plan.room import PlanRoom
from central.plan.store import Mark, Plan, PlanLine, Word
from central.plan.value import Lived, Numbers, Opinion
from central.problem import NotHeldHere, ProblemDetails, Refused
from config.schema import Id, Name, Quantity

T = TypeVar("T")
Said = Annotated[Name | None, Field(description="whose act it is, where a program says so; else who is signed in")]


class Body(BaseModel):
    """A body in which nothing unknown stands, and somebody answers for it."""

    model_config = ConfigDict(extra="forbid")


class LineBody(Body):
    """A pocket and the levels that it is to have."""

    cabinet: Id
    pocket: Id
    par: Quantity
    min: Quantity
    critical_low: Quantity


class PlanBody(Body):
    """Levels to be tried at `pilot` first."""

    pilot: Id
    by: Said = None
    why: Name
    lines: tuple[LineBody, ...]


class ActBody(Body):
    """Who does it, and why."""

    by: Said = None
    why: str = Field(default="", max_length=200)


class WordBody(Body):
    """A pharmacist's word that a pocket's levels stand; `until`: frozen, else pinned."""

    cabinet: Id
    pocket: Id
    by: Said = None
    reason: Name
    until: AwareDatetime | None = None


class MarkBody(Body):
    """How much hangs on an item."""

    item: Id
    criticality: Criticality
    by: Said = None
    reason: Name


class WhatIf(BaseModel):
    """A cabinet's own history with the pars as they are, and with others."""

    now: Lived | None
    then: Lived | None


class PlanView(BaseModel):
    """A plan, and where it stands at each cabinet."""

    plan: Plan
    stages: list[Stage]


def make_router(room: PlanRoom, gate: Gate) -> APIRouter:
    """The API over one room; `gate` says who may change something."""
    router = APIRouter(prefix="/pars", tags=["pars"], responses={403: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})
    _add_advice(router, room, gate)
    _add_plans(router, room, gate)
    _add_words(router, room, gate)
    return router


def _add_advice(router: APIRouter, room: PlanRoom, gate: Gate) -> None:
    @router.get("/advice")
    def advice(cabinet: Annotated[Id, Query(description="whose")]) -> Opinion:
        """The newest advice for a cabinet, with reasons, what is expected, and its history lived again with both sets of pars."""
        found = room.store.opinion(cabinet)
        if found is None:
            raise NotHeldHere("pars.no_advice", f"No advice was worked out for {cabinet} yet.")
        return found

    @router.post("/advice", status_code=202, dependencies=[Depends(gate.may("pars"))])
    async def work_out(cabinets: tuple[Id, ...] = (), *, more_stock: bool = False) -> dict[str, int]:
        """Work out the advice for these cabinets, or for all; `GET /pars/advice` has it when it is done."""
        wanted = cabinets or tuple(room.cabinets())
        if not room.advising.start(wanted, more_stock=more_stock):
            raise Refused("pars.busy", "Advice is being worked out already.", 409)
        return {"cabinets": len(wanted)}

    @router.post("/what-if")
    def what_if(cabinet: Id, lines: tuple[LineBody, ...]) -> WhatIf:
        """Live through the cabinet's own history with other levels. Nothing changes."""
        changes = {line.pocket: levels_of(line.par, line.min, line.critical_low) for line in lines if line.cabinet == cabinet}
        now, then = room.advising.lived(cabinet, changes)
        return WhatIf(now=now, then=then)


def _add_plans(router: APIRouter, room: PlanRoom, gate: Gate) -> None:
    ours = Depends(gate.may("pars"))
    desk: PlanDesk = room.desk

    @router.get("/plans")
    def plans() -> list[Plan]:
        """The latest plans with their steps, without their lines."""
        return [plan for plan, _ in room.store.plans()]

    @router.post("/plans", status_code=201)
    def make(body: PlanBody, person: Annotated[Person, ours]) -> PlanView:
        """A new plan; nothing is sent."""
        stood = {(line.cabinet, pocket.pocket): pocket for line in body.lines for pocket in room.pockets(line.cabinet)}
        lines = []
        for line in body.lines:
            pocket = stood.get((line.cabinet, line.pocket))
            if pocket is None:
                raise Refused("pars.no_pocket", f"{line.cabinet} has no pocket {line.pocket} that holds an item.")
            was = Numbers(pocket.levels.par, pocket.levels.min, pocket.levels.critical_low)
            to = Numbers(line.par, line.min, line.critical_low)
            lines.append(PlanLine(line.cabinet, line.pocket, pocket.item, to, was, ""))
        return _view(desk, asked(lambda: desk.make(body.pilot, lines, by=person.answers_for(body.by), why=body.why)))

    @router.get("/plans/{plan}")
    def one(plan: int) -> PlanView:
        """A plan whole, and where it stands at each cabinet."""
        return _view(desk, asked(lambda: desk.plan(plan)))

    @router.post("/plans/{plan}/pilot")
    async def to_pilot(plan: int, body: ActBody, person: Annotated[Person, ours]) -> list[str]:
        """Send it to the cabinet at which it is tried first."""
        return asked(lambda: desk.send(plan, to_rest=False, by=person.answers_for(body.by)))

    @router.post("/plans/{plan}/rest")
    async def to_rest(plan: int, body: ActBody, person: Annotated[Person, ours]) -> list[str]:
        """Send it to the others, once the first one holds it."""
        return asked(lambda: desk.send(plan, to_rest=True, by=person.answers_for(body.by)))

    @router.post("/plans/{plan}/undo")
    async def undo(plan: int, body: ActBody, person: Annotated[Person, ours]) -> list[str]:
        """Give every cabinet what stood there before; says what was left alone."""
        return asked(lambda: desk.undo(plan, by=person.answers_for(body.by), why=body.why))


def _add_words(router: APIRouter, room: PlanRoom, gate: Gate) -> None:
    ours = Depends(gate.may("pars"))

    @router.get("/words")
    def words(cabinet: Id) -> list[Word]:
        """Every pharmacist's word on a cabinet's levels, those that were lifted too."""
        return room.store.words(cabinet, is_lifted=None)

    @router.post("/words", status_code=201)
    def say(body: WordBody, person: Annotated[Person, ours]) -> None:
        """Pin or freeze a pocket's levels."""
        until = "" if body.until is None else utc_text(body.until)
        by = person.answers_for(body.by)
        asked(lambda: room.hold(body.cabinet, body.pocket, by=by, reason=body.reason, until=until))

    @router.post("/words/{number}/lift")
    def lift(number: int, body: ActBody, person: Annotated[Person, ours]) -> None:
        """It stands no more."""
        asked(lambda: room.lift(number, by=person.answers_for(body.by), why=body.why))

    @router.get("/marks")
    def marks() -> list[Mark]:
        """Every item that a pharmacist said something of."""
        return list(room.store.marks().values())

    @router.post("/marks", status_code=201)
    def mark(body: MarkBody, person: Annotated[Person, ours]) -> None:
        """Say how much hangs on an item."""
        room.mark(body.item, body.criticality, by=person.answers_for(body.by), reason=body.reason)


def levels_of(par: int, least: int, critical_low: int) -> Levels:
    """Levels, in order. Raises Refused."""
    try:
        return Levels(par, least, critical_low)
    except ValueError as problem:
        raise Refused("pars.order", "Critical low, min and par rise in this order.") from problem


def asked(act: Callable[[], T]) -> T:
    """Do it; what is not done now is refused. Raises Refused."""
    try:
        return act()
    except NotNow as problem:
        raise Refused("pars.not_now", str(problem)) from problem


def _view(desk: PlanDesk, plan: Plan) -> PlanView:
    return PlanView(plan=plan, stages=desk.stages(plan))
