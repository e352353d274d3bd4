"""The par workbench: advice for each cabinet, what if, plans sent to one cabinet first, and what pharmacists said.

Alone knows: what these pages show, and how their forms become acts. Must not know: how advice is found, tables.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from cabinet.domain.vocabulary import is_id
from central.frame import Frame
from central.gate import Gate
from central.par.rule import Criticality, Levels
from central.person.person import Person
from central.plan import api
from central.plan.desk import NotNow, Stage
from central.plan.room import PlanRoom
from central.plan.store import PlanLine
from central.plan.value import Numbers, Opinion
from central.plug import Plug, plugged
from central.problem import NotHeldHere
from config.schema import Id

MOST_NAME = 64
PLANS_SHOWN = 12
SHOWN = 100
SEE_OTHER = 303
NOTHING = Numbers(0, 0, 0)
"""The levels of a pocket that is refilled no more."""


async def _form(request: Request) -> FormData:
    return await request.form(max_fields=10_000)


Form = Annotated[FormData, Depends(_form)]


def plug(room: PlanRoom) -> Plug:
    """API and pages of one room."""
    return plugged(lambda gate: api.make_router(room, gate), lambda gate, frame: make_router(room, gate, frame))


def make_router(room: PlanRoom, gate: Gate, frame: Frame) -> APIRouter:
    """The pages over one room."""
    router = APIRouter(include_in_schema=False)
    _add_overview(router, room, gate, frame)
    _add_cabinets(router, room, gate, frame)
    _add_plans(router, room, gate, frame)
    _add_words(router, room, gate)
    return router


def _add_overview(router: APIRouter, room: PlanRoom, gate: Gate, frame: Frame) -> None:
    @router.get("/pars")
    def overview(request: Request, said: str = "", after: Annotated[str, Query(max_length=64)] = "") -> HTMLResponse:
        made = room.store.made()
        cabinets = room.cabinets()
        rows = [(cabinet, *made.get(cabinet, ("", 0, 0))) for cabinet in cabinets if cabinet > after][:SHOWN]
        more = rows[-1][0] if rows and rows[-1][0] != cabinets[-1] else ""
        plans, marks = room.store.plans(PLANS_SHOWN), list(room.store.marks().values())
        job, fault = room.advising.job, room.advising.fault
        return frame.show(
            request,
            "pars.html",
            rows=rows,
            more=more,
            plans=plans,
            marks=marks,
            said=said[:300],
            names=room.advising.names,
            job=job,
            fault=fault,
            is_over=False,
        )

    @router.get("/parts/pars/progress")
    def progress(request: Request) -> HTMLResponse:
        return frame.show(request, "pars_progress.html", job=room.advising.job, fault=room.advising.fault, is_over=True)

    @router.post("/pars/advice", dependencies=[Depends(gate.may("pars"))])
    async def work_out(form: Form) -> Response:
        cabinet = str(form.get("cabinet", ""))
        wanted = [cabinet] if cabinet else room.cabinets()
        room.advising.start(wanted, more_stock="more_stock" in form)
        return _see(f"/pars/cabinets/{cabinet}" if is_id(cabinet) else "/pars")


def _add_cabinets(router: APIRouter, room: PlanRoom, gate: Gate, frame: Frame) -> None:
    ours = Depends(gate.may("pars"))

    @router.get("/pars/cabinets/{cabinet}")
    def one_cabinet(request: Request, cabinet: Id, said: str = "") -> HTMLResponse:
        return _cabinet(request, room, frame, cabinet, said=said[:300])

    @router.post("/pars/cabinets/{cabinet}")
    def act_on_cabinet(request: Request, cabinet: Id, form: Form, person: Annotated[Person, ours]) -> Response:
        """What if, or make a plan: the two buttons under the lines."""
        opinion = room.store.opinion(cabinet)
        if opinion is None:
            raise NotHeldHere("pars.no_advice", f"No advice was worked out for {cabinet} yet.")
        try:
            typed = _typed(opinion, form)
            if form.get("do") == "what_if":
                now, then = room.advising.lived(cabinet, {name: Levels(to.par, to.min, to.critical_low) for name, to in typed.items()})
                return _cabinet(request, room, frame, cabinet, typed=typed, lived=(now, then))
            lines = [_line(cabinet, opinion, name, to) for name, to in typed.items()]
            if "everywhere" in form:
                lines += _alike(room, cabinet, {line.item for line in lines})
            plan = room.desk.make(cabinet, lines, by=_name(form, person), why=_why(form))
        except (NotNow, ValueError) as problem:
            return _see(f"/pars/cabinets/{cabinet}?said={quote(str(problem))}")
        return _see(f"/pars/plans/{plan.plan}")


def _add_plans(router: APIRouter, room: PlanRoom, gate: Gate, frame: Frame) -> None:
    ours = Depends(gate.may("pars"))

    @router.get("/pars/plans/{number}")
    def one_plan(request: Request, number: int, said: str = "") -> HTMLResponse:
        try:
            plan = room.desk.plan(number)
        except NotNow as problem:
            raise NotHeldHere("pars.no_plan", str(problem)) from problem
        stages = room.desk.stages(plan)
        return frame.show(
            request, "pars_plan.html", plan=plan, stages=stages, next=_next(stages), names=room.advising.names, said=said[:500]
        )

    @router.post("/pars/plans/{number}")
    async def act_on_plan(number: int, form: Form, person: Annotated[Person, ours]) -> Response:
        try:
            if form.get("do") == "undo":
                left = room.desk.undo(number, by=_name(form, person), why=_why(form))
                said = "; ".join(left)
            else:
                room.desk.send(number, to_rest=form.get("do") == "rest", by=_name(form, person))
                said = ""
        except (NotNow, ValueError) as problem:
            said = str(problem)
        return _see(f"/pars/plans/{number}" + (f"?said={quote(said)}" if said else ""))


def _add_words(router: APIRouter, room: PlanRoom, gate: Gate) -> None:
    ours = Depends(gate.may("pars"))

    @router.post("/pars/words")
    def say(form: Form, person: Annotated[Person, ours]) -> Response:
        cabinet, said = str(form.get("cabinet", "")), ""
        try:
            if form.get("lift"):
                room.lift(int(str(form["lift"])), by=_name(form, person), why=_why(form))
            else:
                day = str(form.get("until", ""))
                until = f"{day}T23:59:59.000000Z" if day else ""
                room.hold(cabinet, str(form.get("pocket", "")), by=_name(form, person), reason=_why(form), until=until)
        except (NotNow, ValueError) as problem:
            said = f"?said={quote(str(problem))}"
        return _see(f"/pars/cabinets/{cabinet if is_id(cabinet) else ''}{said}")

    @router.post("/pars/marks")
    def mark(form: Form, person: Annotated[Person, ours]) -> Response:
        item, said = str(form.get("item", "")), ""
        try:
            room.mark(_item(item), Criticality(str(form.get("criticality"))), by=_name(form, person), reason=_why(form))
        except ValueError as problem:
            said = f"?said={quote(str(problem))}"
        return _see(f"/pars{said}")


def _cabinet(
    request: Request, room: PlanRoom, frame: Frame, cabinet: str, *, said: str = "", typed: dict[str, Numbers] | None = None,
    lived: tuple[object, object] | None = None,
) -> HTMLResponse:  # fmt: skip
    opinion = room.store.opinion(cabinet)
    if opinion is None and cabinet not in room.cabinets():
        raise NotHeldHere("cabinet.unknown", f"No cabinet {cabinet} has reported.")
    words = {word.pocket: word for word in reversed(room.store.words(cabinet))}
    job = room.advising.job
    return frame.show(
        request, "pars_cabinet.html", cabinet=cabinet, opinion=opinion, words=words, said=said, typed=typed, lived=lived,
        job=job, fault=room.advising.fault, is_over=False,
    )  # fmt: skip


def _typed(opinion: Opinion, form: FormData) -> dict[str, Numbers]:
    """By pocket, the levels that were typed in each line that was chosen. Raises ValueError."""
    known = {one.pocket for one in opinion.pockets}
    chosen = [str(name) for name in form.getlist("choose") if name in known]
    given_up = {str(item) for item in form.getlist("out")}
    found = {one.pocket: NOTHING for one in opinion.pockets if one.item in given_up}
    if not chosen and not found:
        raise ValueError("Choose at least one line.")
    for name in (one for one in chosen if one not in found):
        try:
            numbers = [int(str(form[f"{level}:{name}"])) for level in ("par", "min", "critical_low")]
            Levels(*numbers)
        except (KeyError, ValueError) as problem:
            raise ValueError(f"Pocket {name}: whole numbers, critical low up to min up to par.") from problem
        found[name] = Numbers(*numbers)
    return found


def _line(cabinet: str, opinion: Opinion, pocket: str, to: Numbers) -> PlanLine:
    advised = next(one for one in opinion.pockets if one.pocket == pocket)
    idle = next((one.reason for one in opinion.ranged if one.item == advised.item and not one.is_added), "")
    if idle and to == NOTHING:
        return PlanLine(cabinet, pocket, advised.item, to, advised.now, f"To be taken out. {idle}")
    reason = advised.reason if to == advised.advised else f"Typed by hand. {advised.reason}"
    return PlanLine(cabinet, pocket, advised.item, to, advised.now, reason)


def _alike(room: PlanRoom, pilot: str, items: set[str]) -> list[PlanLine]:
    """What is advised for the same items at the other cabinets, where nothing holds it."""
    found = []
    for cabinet in room.cabinets():
        opinion = None if cabinet == pilot else room.store.opinion(cabinet)
        wanted = [one for one in (() if opinion is None else opinion.pockets) if one.item in items and one.is_change and not one.is_held]
        found += [PlanLine(cabinet, one.pocket, one.item, one.advised or one.now, one.now, one.reason) for one in wanted]
    return found


def _item(name: str) -> str:
    if not is_id(name):
        raise ValueError("Name the item by its id.")
    return name


def _next(stages: list[Stage]) -> str:
    """Which step comes next: pilot, wait, rest or none."""
    pilot, rest = stages[0], stages[1:]
    if pilot.state in {"waiting", "undone"}:
        return "pilot"
    if any(stage.state in {"waiting", "undone"} for stage in rest):
        return "rest" if pilot.state == "taken" else "wait"
    return "none"


def _name(form: FormData, person: Person) -> str:
    name = " ".join(str(form.get("by", "")).split())
    if person.how != "signed_in" and (not name or len(name) > MOST_NAME):
        raise ValueError("Say who does it.")
    return person.answers_for(name or None)


def _why(form: FormData) -> str:
    why = " ".join(str(form.get("why", "")).split())
    if not why:
        raise ValueError("Say why.")
    return why[:200]


def _see(path: str) -> Response:
    return RedirectResponse(path, status_code=SEE_OTHER)
