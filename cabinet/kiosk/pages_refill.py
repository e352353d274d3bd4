"""The pages of lines that could not be filled as they stood, of sealed kits, and of order sets.

Alone knows: which form makes which event. Must not know: what the core makes of it.
"""

from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Form, Query, Request
from starlette.datastructures import ImmutableMultiDict
from starlette.responses import Response

from cabinet.domain.authority import needs_no_order
from cabinet.domain.events import CodeDismissAsked, CodeLinkAsked, CodeParkAsked, KitContentsEntered, KitShown, NotFilledSaid
from cabinet.domain.kit.order_set import expand, new_choice, next_due
from cabinet.domain.package.parking import REASONS
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import AccessId, ItemId, PocketId
from cabinet.kiosk import colleague
from cabinet.kiosk.api_discrepancy import NOBODY
from cabinet.kiosk.caller import Here, Person, page_requires
from cabinet.kiosk.pages import go, patient_of, show
from cabinet.kiosk.pages_discrepancy import OF_SECOND
from cabinet.kiosk.pages_search import Purpose
from cabinet.kiosk.patient_view import patient_view
from cabinet.kiosk.pocket_list import refill_list
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.refill_view import kit_views, line_notes, parked_views
from cabinet.kiosk.unit_view import amount
from cabinet.kiosk.view import stocked

router = APIRouter()
LONGEST_NUMBER = 4
Text = Annotated[str, Form(max_length=200)]


@router.get("/refill")
async def refill(request: Request, floor: Here, person: Annotated[Visit, page_requires("refill")]) -> Response:
    """The refill list, with what is said of lines that could not be filled."""
    core = floor.core
    return show(request, "refill.html", person, list=refill_list(core, floor.now()), notes=line_notes(core), reasons=REASONS)


@router.get("/parked")
async def parked(request: Request, floor: Here, person: Person) -> Response:
    """The codes that nobody knew, for who fills and for the pharmacist who compares."""
    may_link = floor.world.policy.allows(person.staff.role, "items")
    return show(request, "parked.html", person, rows=parked_views(floor.core), may_link=may_link)


@router.post("/accesses/{access_id}/park")
async def park(floor: Here, person: Person, access_id: str) -> Response:
    """One touch."""
    await floor.reception.ask(person, CodeParkAsked(floor.now(), person.session, AccessId(access_id)))
    return go(f"/accesses/{access_id}")


@router.post("/accesses/{access_id}/kit")
async def show_tag(
    floor: Here,
    person: Person,
    access_id: str,
    tag: Annotated[str, Form(max_length=32)] = "",
    is_intact: Annotated[bool, Form()] = True,  # noqa: FBT002 - a form
) -> Response:
    """A kit's tag was read."""
    await floor.reception.ask(person, KitShown(floor.now(), person.session, AccessId(access_id), tag.strip(), is_intact))
    return go(f"/accesses/{access_id}")


@router.post("/parked/{key}/link")
async def link(floor: Here, person: Person, key: str, item: Text) -> Response:
    """It is this item."""
    await floor.reception.ask(person, CodeLinkAsked(floor.now(), person.session, key, ItemId(item)))
    return go("/parked")


@router.post("/parked/{key}/dismissal")
async def dismiss(floor: Here, person: Person, key: str, reason: Text = "") -> Response:
    """It is not."""
    await floor.reception.ask(person, CodeDismissAsked(floor.now(), person.session, key, reason.strip() or "another item"))
    return go("/parked")


@router.post("/pockets/{pocket}/not-filled")
async def not_filled(floor: Here, person: Person, pocket: str, reason: Text, note: Text = "") -> Response:
    """Why a pocket was not filled."""
    await floor.reception.ask(person, NotFilledSaid(floor.now(), person.session, PocketId(pocket), reason, note.strip() or None))
    return go("/refill")


@router.get("/kits")
async def kits(request: Request, floor: Here, person: Person) -> Response:
    """Every sealed kit."""
    return show(request, "kits.html", person, kits=kit_views(floor.core, floor.now()), may_count=floor.may(person, "count"), signing="")


@router.get("/kits/{tag}/signature")
async def signature(request: Request, floor: Here, person: Person, tag: str, no: Annotated[str, Query(max_length=64)] = "") -> Response:
    """The form for who counted with them, who sees what they sign; `no` is why a colleague was refused."""
    told = {kind: _told(request.query_params, f"{kind}:") for kind in ("left", "given")}
    known = floor.world.formulary
    rows = [(kind, item, known[item].title, units) for kind, lines in told.items() for item, units in lines if item in known]
    refusal, mark = colleague.refusal(no), floor.shown.mark
    return show(request, "kits.html", person, kits=(), may_count=False, signing=tag, rows=rows, refusal=refusal, shown=mark)


@router.post("/kits/{tag}/contents")
async def contents(request: Request, floor: Here, person: Person, tag: str) -> Response:
    """What is left of what is controlled in an opened kit, and what of one that was out was given; who counted with them comes next."""
    form = await request.form()
    told = {kind: _told(form, f"{kind}:") for kind in ("left", "given")}
    badge, shown, secret = (str(form.get(name, ""))[:256] for name in ("badge", "shown", "secret"))
    given = tuple((item, units) for item, units in told["given"] if units)
    said = urlencode({f"{kind}:{item}": units for kind, lines in told.items() for item, units in lines})
    try:
        who, factors = await colleague.recognise(floor, badge=badge, shown=shown, secret=secret) if secret else NOBODY
        await floor.reception.ask(person, KitContentsEntered(floor.now(), person.session, tag, told["left"], given, who, factors))
    except Problem as problem:
        code = problem.body.code
        if code == "witness.needed":
            return go(f"/kits/{quote(tag)}/signature?{said}")
        if secret and code.partition(".")[0] in OF_SECOND:
            return go(f"/kits/{quote(tag)}/signature?{said}&no={code}")
        raise
    return go("/kits")


def _told(form: ImmutableMultiDict[str, Any], before: str) -> tuple[tuple[ItemId, int], ...]:
    """The numbers of those fields whose name begins so, by item. Raises Problem."""
    found = {name.removeprefix(before): str(said).strip() for name, said in form.items() if name.startswith(before)}
    if not all(said.isdecimal() and len(said) <= LONGEST_NUMBER for said in found.values()):
        raise Problem(Refusal("access.units"))
    return tuple((ItemId(item), int(said)) for item, said in found.items())


@router.get("/patients/{patient_id}/sets/{set_id}")
async def order_set(
    request: Request,
    floor: Here,
    person: Person,
    patient_id: str,
    set_id: str,
    choice: Annotated[str, Query(max_length=60)] = "",
    purpose: Purpose = "withdraw",
) -> Response:
    """One order set for a patient: how far somebody has got, and what comes next."""
    who = patient_of(floor, person, patient_id)
    chosen = next((one for one in floor.world.order_sets if one.id == set_id), None)
    if chosen is None:
        raise Problem(Refusal("request.unknown"))
    if not choice:
        return go(f"/patients/{patient_id}/sets/{set_id}?choice={new_choice(chosen, floor.new_id())}&for={purpose}")
    core = floor.core
    parts = expand(chosen, choice, core.world.formulary, stocked(core).__contains__, core.state.accesses)
    rows = [(part, amount(part.units, part.item)) for part in parts]
    due, rules = next_due(parts), core.world.policy.authority
    word = "withdraw" if due is not None and needs_no_order(rules, due.item, who) else purpose
    return show(
        request, "order_set.html", person, patient=patient_view(who), chosen=chosen, rows=rows, due=due, purpose=word, reasons=rules.reasons
    )  # fmt: skip
