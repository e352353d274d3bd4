"""The pages of taking without a patient's page in front: the emergency list, and purposes that stand for a patient.

Alone knows: their paths. Must not know: what an emergency skips, or which purposes there are.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from cabinet.domain.phrase import Phrase
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import ItemId
from cabinet.domain.withdrawal.container import DISCARDED
from cabinet.kiosk import screens
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.emergency_view import emergency_rows
from cabinet.kiosk.finder import items_view
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.pages import show
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.stock_view import opened_rows
from cabinet.kiosk.word import word

router = APIRouter()
Rescuer = Annotated[Visit, page_requires("emergency")]
Taker = Annotated[Visit, page_requires("withdraw")]
Letters = Annotated[str, Query(max_length=100)]


@router.get("/emergency")
async def emergency(request: Request, floor: Here, person: Rescuer) -> Response:
    """The emergency list: one touch opens."""
    is_critical = floor.core.scene.is_in_critical_override
    return show(request, "emergency.html", person, rows=emergency_rows(floor.core, floor.now()), is_critical=is_critical)


@router.get("/purposes")
async def purposes(request: Request, floor: Here, person: Taker) -> Response:
    """What units may be taken for without a patient."""
    return show(request, "purposes.html", person, purposes=floor.world.policy.custody.purposes)


@router.get("/purposes/{purpose}/find")
async def find(request: Request, floor: Here, person: Taker, purpose: str, q: Letters = "") -> Response:
    """The safe search; a container that is opened is chosen from those that are."""
    said = _stated(floor, purpose)
    if purpose == DISCARDED:
        return show(request, "opened.html", person, rows=opened_rows(floor.core), stated=purpose)
    found = items_view(floor.core, floor.finder.find(floor.core, q, "withdraw"), floor.whereabouts, floor.now())
    screen = screens.SearchScreen(None, q, "withdraw", found, f"/purposes/{purpose}", Phrase("For no patient: {purpose}", purpose=said))
    return show(request, "find.html", person, screen=screen)


@router.get("/pockets/{pocket_id}/label")
async def label(floor: Here, person: Taker, pocket_id: str) -> Response:
    """The label of the opened container in a pocket, to be printed: until when anything may be drawn from it."""
    del person
    row = next((row for row in opened_rows(floor.core) if row.pocket == pocket_id), None)
    if row is None:
        raise Problem(Refusal("pocket.unknown", pocket_id))
    headers = {"Content-Disposition": f'inline; filename="label-{row.pocket}.pdf"'}
    from cabinet.report.label import opened_label  # noqa: PLC0415 - reportlab takes 0.2 s to import

    drawn = opened_label(row.item.title, row.use_by, f"{row.drawer_name}, {row.pocket}")
    return Response(drawn, media_type="application/pdf", headers=headers)


@router.get("/purposes/{purpose}/items/{item_id}")
async def item(request: Request, floor: Here, person: Taker, purpose: str, item_id: str) -> Response:
    """One item and how many units of it."""
    _stated(floor, purpose)
    known = floor.world.formulary.get(ItemId(item_id))
    screen = None if known is None else screens.purpose_screen(floor.core, purpose, known, floor.now())
    if screen is None:
        raise Problem(Refusal("stock.not_here", item_id))
    return show(request, "item.html", person, screen=screen)


def _stated(floor: Floor, purpose: str) -> str:
    if purpose not in floor.world.policy.custody.purposes:
        raise Problem(Refusal("request.unknown"))
    return word(purpose)
