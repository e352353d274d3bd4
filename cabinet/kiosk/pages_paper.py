"""The pages of sheets on their way, of blocked items, and of cases.

Alone knows: which form makes which event. Must not know: what a page shows (`paper_view.py`), or what the core makes of an event.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from cabinet.domain.dose.amount import Unreadable
from cabinet.domain.dose.portion import units_m
from cabinet.domain.events import (
    CaseBeginAsked,
    CaseEndAsked,
    GivenSaid,
    QuarantineAsked,
    QuarantineLiftAsked,
    SheetAnnounced,
    SheetCloseAsked,
)
from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId, PatientId, Units
from cabinet.kiosk import paper_view, screens
from cabinet.kiosk.caller import Here, Person, page_requires
from cabinet.kiosk.finder import items_view
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.patient_view import listed_views
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.sheet_view import sheet_rows

router = APIRouter()
Carrier = Annotated[Visit, page_requires("refill", "resolve", "report")]
Announcer = Annotated[Visit, page_requires("refill")]
Closer = Annotated[Visit, page_requires("resolve")]
Blocker = Annotated[Visit, page_requires("quarantine")]
Taker = Annotated[Visit, page_requires("withdraw")]
Text = Annotated[str, Form(max_length=200)]
Code = Annotated[str, Form(max_length=64)]
Amount = Annotated[int, Form(ge=0, le=1_000_000)]
Arrived = Annotated[int | None, Form(ge=0, le=1_000_000)]


# --- numbered sheets


@router.get("/sheets")
async def sheets(request: Request, floor: Here, person: Carrier) -> Response:
    """What is on its way."""
    may = {act: floor.may(person, act) for act in ("refill", "resolve")}
    return show(request, "sheets.html", person, rows=sheet_rows(floor.core), may=may)


@router.get("/sheets/new")
async def choose(request: Request, floor: Here, person: Announcer, q: Annotated[str, Query(max_length=100)] = "") -> Response:
    """Which item a sheet that the vault has not sent is about."""
    items = items_view(floor.core, floor.finder.find(floor.core, q, "load"), floor.whereabouts, floor.now())
    return show(request, "find.html", person, screen=screens.SearchScreen(None, q, "load", items, "/sheets/new", Phrase("A sheet of")))


@router.get("/sheets/new/items/{item_id}")
async def sheet(request: Request, floor: Here, person: Announcer, item_id: str) -> Response:
    """The sheet as it stands on paper."""
    item = floor.world.formulary.get(ItemId(item_id))
    if item is None:
        raise Problem(Refusal("item.unknown", item_id))
    return show(request, "sheet_new.html", person, item=item)


@router.post("/sheets")
async def announce(floor: Here, person: Announcer, sheet: Code, item: Code, units: Amount, issued_by: Code, carried_by: Code) -> Response:
    """Type it in."""
    event = SheetAnnounced(
        floor.now(), person.session, sheet.strip().lower(), ItemId(item), Units(units), issued_by.strip(), carried_by.strip()
    )  # fmt: skip
    await floor.reception.ask(person, event)
    return go("/sheets")


@router.post("/sheets/{sheet_id}/close")
async def close(floor: Here, person: Closer, sheet_id: str, reason: Text, received: Arrived = None) -> Response:
    """Close one of which not everything arrived here, or one that went away: with the number that was counted there."""
    arrived = None if received is None else Units(received)
    await floor.reception.ask(person, SheetCloseAsked(floor.now(), person.session, sheet_id, reason.strip(), arrived))
    return go("/sheets")


# --- what must not be used


@router.get("/quarantines")
async def blocks(request: Request, floor: Here, person: Person) -> Response:
    """What is blocked."""
    may_lift = floor.may(person, "quarantine")
    return show(request, "quarantines.html", person, rows=paper_view.block_rows(floor.core), may_lift=may_lift)


@router.get("/quarantines/new")
async def block_form(request: Request, floor: Here, person: Blocker, pocket: Annotated[str, Query(max_length=64)] = "") -> Response:
    """From one pocket: it alone, its item, its NDC or a lot."""
    line = floor.core.state.lines.get(pocket)
    if line is None:
        raise Problem(Refusal("pocket.unknown", pocket))
    return show(request, "quarantine_new.html", person, screen=paper_view.block_form(floor.core, line))


@router.post("/quarantines")
async def block(  # noqa: PLR0913, PLR0917 - a form's fields
    floor: Here, person: Blocker, id: Code, what: Text, item: Code, why: Text = "", other_reason: Text = "", recall: Code = "",  # noqa: A002
) -> Response:  # fmt: skip
    """Block it. `what` is scope and value."""
    scope, _, value = what.partition(":")
    about = ItemId(item) if scope == "lot" else None
    said = (why or other_reason).strip()
    if not said:
        raise Problem(Refusal("withdrawal.reason"))
    await floor.reception.ask(
        person, QuarantineAsked(floor.now(), person.session, id, scope, value, said, about, recall.strip() or None)
    )  # fmt: skip
    return go("/quarantines")


@router.post("/quarantines/{quarantine_id}/lift")
async def lift(floor: Here, person: Blocker, quarantine_id: str, reason: Text) -> Response:
    """Let it be used again."""
    await floor.reception.ask(person, QuarantineLiftAsked(floor.now(), person.session, quarantine_id, reason.strip()))
    return go("/quarantines")


# --- cases


@router.get("/cases")
async def cases(request: Request, floor: Here, person: Taker) -> Response:
    """Those that are not over, and whose next one may begin."""
    known = paper_view.case_views(floor.core, person.staff)
    busy = {case.patient.id for case in known if case.patient is not None}
    here = (one for one in listed_views(floor.core, person.staff.id, floor.now()) if one.left is None)
    others = [one for one in here if one.id not in busy]
    return show(request, "cases.html", person, cases=known, others=others)


@router.get("/cases/{case_id}")
async def case(request: Request, floor: Here, person: Taker, case_id: str) -> Response:
    """One case, withdrawal by withdrawal; of one that is over, those that are not."""
    known = floor.core.state.cases.get(case_id)
    if known is None:
        return await cases(request, floor, person)
    return show(request, "case.html", person, case=paper_view.case_view(floor.core, known, person.staff))


@router.post("/cases")
async def begin(floor: Here, person: Taker, id: Code, patient: Code) -> Response:  # noqa: A002 - the form's field
    """Begin one."""
    await floor.reception.ask(person, CaseBeginAsked(floor.now(), person.session, id, PatientId(patient)))
    return go(f"/cases/{id}")


@router.post("/cases/{case_id}/end")
async def end(floor: Here, person: Taker, case_id: str) -> Response:
    """End it; what nobody spoke for is owed."""
    await floor.reception.ask(person, CaseEndAsked(floor.now(), person.session, case_id))
    return go("/shift")


@router.post("/cases/{case_id}/withdrawals/{access_id}/given")
async def given(
    floor: Here, person: Taker, case_id: str, access_id: str, amount: Code, unit: Annotated[str, Form(max_length=20)] = ""
) -> Response:
    """How much of it was given."""
    known = floor.core.state.withdrawals.get(access_id)
    item = None if known is None else floor.world.formulary.get(ItemId(known.item))
    if item is None:
        raise Problem(Refusal("withdrawal.unknown"))
    said = f"{amount} {unit}".strip()
    much = 0 if amount.strip() == "0" else units_m(item, said, of_units=True)
    if isinstance(much, Unreadable):
        raise Problem(Refusal("withdrawal.amount", said))
    await floor.reception.ask(person, GivenSaid(floor.now(), person.session, AccessId(access_id), much, said))
    return go(f"/cases/{case_id}")
