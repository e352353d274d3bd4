"""`/api/v1/mode` and `/api/v1/freshness`: the cabinet's mode, how old the pharmacy's word is, and the last-known inventory on paper.

Alone knows: which path makes which event. Must not know: who may declare what (`cabinet.domain.mode.declaring`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from starlette.responses import Response

from cabinet.domain.events import ModeAsked, ModeEndAsked
from cabinet.domain.mode.declaring import TRAINING
from cabinet.domain.refusal import Refusal
from cabinet.kiosk.api_report import MEDIA
from cabinet.kiosk.body import Body, Text
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.mode_view import FreshnessView, ModeView, freshness_view, mode_view
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.ports import NotDrawn

router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])
Mode = Annotated[str, Path(max_length=32)]
READERS = ("report", "withdraw", "refill", "count")
"""Who needs to know where things are when no screen says so."""


class WhyBody(Body):
    """Why; training needs no reason."""

    reason: Text = ""


def shown_mode(floor: Floor, visit: Visit) -> ModeView:
    """The mode; of a kiosk in training, that."""
    seen = floor if floor.practice is None else floor.practice.real
    return mode_view(seen.core, visit.staff, floor.now())


async def declare(floor: Floor, visit: Visit, mode: str, reason: str) -> None:
    """Somebody declares a mode. In training nobody does: its end comes first. Raises Problem."""
    if floor.practice is not None:
        raise Problem(Refusal("mode.not_now", TRAINING))
    await floor.reception.ask(visit, ModeAsked(floor.now(), visit.session, mode, reason))


async def lift(floor: Floor, visit: Visit, mode: str, reason: str) -> None:
    """Somebody lifts it. Raises Problem."""
    if floor.practice is not None:
        if mode != TRAINING:
            raise Problem(Refusal("mode.not_now", TRAINING))
        await floor.practice.end(reason or "finished", visit.staff.id)
        return
    await floor.reception.ask(visit, ModeEndAsked(floor.now(), visit.session, mode, reason))


async def inventory(floor: Floor, visit: Visit, form: str) -> bytes:
    """The last-known inventory. It is drawn from this cabinet's own journal: no network is needed. Raises Problem."""
    if floor.reports is None:
        raise Problem(Refusal("request.not_offered"))
    sees_balances = floor.may(visit, "balances")
    try:
        return await floor.reports.draw("downtime", {}, form, sees_balances=sees_balances, drawn_by=visit.staff.name)
    except NotDrawn as problem:
        raise Problem(Refusal("report.failed", str(problem)), status=500) from problem


@router.get("/mode")
async def mode(floor: Here, visit: Caller) -> ModeView:
    """The cabinet's mode, what stands behind it, and what the caller may declare and lift."""
    return shown_mode(floor, visit)


@router.post("/mode/{mode}")
async def begin(body: WhyBody, floor: Here, visit: Caller, mode: Mode) -> ModeView:
    """Declare critical_override, locked_down or training."""
    await declare(floor, visit, mode, body.reason)
    return shown_mode(floor, visit)


@router.post("/mode/{mode}/end")
async def end(body: WhyBody, floor: Here, visit: Caller, mode: Mode) -> ModeView:
    """Lift it again; training may be ended by anybody."""
    await lift(floor, visit, mode, body.reason)
    return shown_mode(floor, visit)


@router.get("/freshness")
async def freshness(floor: Here, _visit: Caller) -> FreshnessView:
    """Whether the pharmacy is heard, and how old staff, orders and formulary are."""
    return freshness_view(floor.core, floor.now())


@router.get("/downtime/inventory", response_class=Response)
async def last_known(
    floor: Here,
    visit: Annotated[Visit, requires(*READERS)],
    form: Annotated[str, Query(alias="format", pattern="^(json|csv|pdf)$")] = "pdf",
) -> Response:
    """Where everything is, in large print."""
    return Response(await inventory(floor, visit, form), media_type=MEDIA[form])
