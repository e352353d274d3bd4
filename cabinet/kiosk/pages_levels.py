"""The page on which a pocket's levels are changed: typed, looked at with what they come to, then set.

Alone knows: its path. Must not know: who may, or the forecast.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from starlette.responses import Response

from cabinet.domain.events import LevelsChangeAsked
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import PocketId, Units
from cabinet.kiosk.caller import Here, page_requires
from cabinet.kiosk.levels_view import figure, levels_screen
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

MOST = 2_000
router = APIRouter()
Stocker = Annotated[Visit, page_requires("pars")]
Typed = Annotated[int | None, Query(ge=0, le=MOST)]
Level = Annotated[int, Form(ge=0, le=MOST)]


@router.get("/pockets/{pocket_id}/levels")
async def look(
    request: Request, floor: Here, person: Stocker, pocket_id: str, par: Typed = None, least: Annotated[Typed, Query(alias="min")] = None,
    critical_low: Typed = None,
) -> Response:  # fmt: skip
    """What the levels are, and what those that were typed come to."""
    line = floor.core.state.lines.get(pocket_id)
    if line is None or PocketId(pocket_id) not in floor.world.layout.pockets:
        raise Problem(Refusal("pocket.unassigned", pocket_id))
    typed = None if par is None or least is None or critical_low is None else (par, least, critical_low)
    screen = levels_screen(floor.core, line, typed, floor.now())
    return show(request, "levels.html", person, screen=screen, figure=figure)


@router.post("/pockets/{pocket_id}/levels")
async def change(
    floor: Here, person: Stocker, pocket_id: str, par: Level, least: Annotated[Level, Form(alias="min")], critical_low: Level,
) -> Response:  # fmt: skip
    """They hold from now on."""
    levels = Units(par), Units(least), Units(critical_low)
    await floor.reception.ask(person, LevelsChangeAsked(floor.now(), person.session, PocketId(pocket_id), *levels))
    return go(f"/pockets/{pocket_id}")
