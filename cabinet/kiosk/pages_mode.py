"""The pages of the cabinet's mode, of late entries, and of the end of training.

Alone knows: which form makes which event. Must not know: what a screen shows (`mode_view.py`), or what the core makes of an event.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from pydantic import Field
from starlette.responses import Response

from cabinet.domain.kinds import LATE
from cabinet.domain.mode.declaring import DECLARED
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId
from cabinet.kiosk import api_mode
from cabinet.kiosk.body import MOST, Body, Id, Text
from cabinet.kiosk.caller import COOKIE, Here, Person, page_requires
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.mode_view import DOCUMENTS, ENDINGS
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.patient_view import listed_views
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.wish import Wish

router = APIRouter()
Reason = Annotated[str, Form(max_length=200)]


@router.get("/mode")
async def look(request: Request, floor: Here, person: Person) -> Response:
    """The mode, the ages, and what may be declared."""
    view = api_mode.shown_mode(floor, person)
    return show(
        request, "mode.html", person, view=view, titles={mode: row.title for mode, row in DECLARED.items()}, documents=DOCUMENTS,
        endings=ENDINGS, may_print=floor.may(person, *api_mode.READERS), may_enter=floor.may(person, "late_entry"),
    )  # fmt: skip


@router.post("/mode/{mode}")
async def begin(floor: Here, person: Person, mode: str, reason: Reason = "") -> Response:
    """A mode is declared. Training begins with nobody signed in: whoever practises does so under their own name."""
    await api_mode.declare(floor, person, mode, reason)
    return go("/" if mode == "training" else "/mode")


@router.post("/mode/{mode}/end")
async def end(floor: Here, person: Person, mode: str, reason: Reason = "") -> Response:
    """A mode is lifted."""
    await api_mode.lift(floor, person, mode, reason)
    return go("/" if mode == "training" else "/mode")


@router.get("/mode/inventory")
async def inventory(floor: Here, person: Annotated[Visit, page_requires(*api_mode.READERS)]) -> Response:
    """The last-known inventory, to be printed."""
    headers = {"Content-Disposition": 'inline; filename="last-known.pdf"'}
    return Response(await api_mode.inventory(floor, person, "pdf"), media_type="application/pdf", headers=headers)


@router.post("/training/end")
async def end_training(request: Request, floor: Here) -> Response:
    """One touch of anybody who stands there."""
    ensure_same_origin(request.headers)
    if floor.practice is not None:
        visit = floor.reception.visit(request.cookies.get(COOKIE))
        await floor.practice.end("one touch at the kiosk", None if visit is None else visit.staff.id)
    return go("/")


@router.get("/late")
async def late(request: Request, floor: Here, person: Annotated[Visit, page_requires("late_entry")]) -> Response:
    """The form of a late entry."""
    now, core = floor.now(), floor.core
    items = core.world.formulary
    pockets = [(line.pocket, items[ItemId(line.item)].title) for line in core.state.lines.values() if ItemId(line.item) in items]
    patients = listed_views(core, person.staff.id, now)
    people = [(one.id, one.name) for one in core.scene.everybody() if one.is_active and one.id != person.staff.id]
    return show(
        request, "late.html", person, pockets=sorted(pockets, key=lambda one: one[1].lower()), patients=patients, people=people,
        purposes=core.world.policy.custody.purposes, latest=floor.site_time.field(now.utc),
    )  # fmt: skip


class LateForm(Body):
    """What was taken, when, by whom and for whom: a patient's id, or `for:` and a purpose."""

    id: Id
    pocket: Id
    units: Annotated[int, Field(ge=0, le=MOST)]
    moment: Text
    who_for: Annotated[str, Field(max_length=64)] = ""
    taken_by: Annotated[str, Field(max_length=64)] = ""
    reason: Text = ""

    def wish(self, true_at: str) -> Wish:
        """The access that is entered."""
        is_purpose = self.who_for.startswith("for:")
        return Wish(
            self.id, "withdraw", LATE, pocket=self.pocket, units=self.units, patient=None if is_purpose else self.who_for or None,
            purpose=self.who_for.removeprefix("for:") if is_purpose else None, reason=self.reason or None, true_at=true_at,
            taken_by=self.taken_by or None,
        )  # fmt: skip


@router.post("/late")
async def enter(floor: Here, person: Annotated[Visit, page_requires("late_entry")], form: Annotated[LateForm, Form()]) -> Response:
    """What was taken is entered; where a second person must sign, the access's page asks."""
    await floor.begin(person, form.wish(_true_at(floor, form.moment)))
    return go(f"/accesses/{form.id}")


def _true_at(floor: Floor, moment: str) -> str:
    try:
        return floor.site_time.utc(moment)
    except ValueError:
        raise Problem(Refusal("late.moment", moment)) from None
