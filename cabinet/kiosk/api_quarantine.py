"""`/api/v1/quarantines` and `/api/v1/pulls`: what must not be used, and what is to be taken out.

Alone knows: which path makes which event. Must not know: what a quarantine blocks (`cabinet.domain.quarantine`).
"""

from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, status
from pydantic import Field

from cabinet.domain.events import QuarantineAsked, QuarantineLiftAsked
from cabinet.domain.quarantine import judging
from cabinet.domain.vocabulary import ItemId
from cabinet.kiosk.body import Body, Id, ReasonBody
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1", dependencies=[Depends(ensure_enrolled)])

Puller = Annotated[Visit, requires("expire", "unload", "quarantine")]


class QuarantineBody(Body):
    """What is to be blocked, and why. `item` goes with a lot; `recall` is the number under which the maker or the agency calls it back."""

    id: Id
    scope: Literal["pocket", "item", "ndc", "lot"]
    value: Annotated[str, Field(min_length=1, max_length=64)]
    why: Annotated[str, Field(min_length=1, max_length=200)]
    item: Id | None = None
    recall: Annotated[str, Field(max_length=64)] | None = None


@dataclass(frozen=True)
class QuarantineView:
    """One block, and the pockets that it keeps shut."""

    id: str
    scope: str
    value: str
    item: str | None
    why: str
    recall: str | None
    at: str
    pockets: tuple[str, ...]


def _views(floor: Here) -> list[QuarantineView]:
    state, formulary = floor.core.state, floor.world.formulary
    return [
        QuarantineView(
            one.id, one.scope, one.value, one.item, one.why, one.recall, one.at,
            tuple(
                line.pocket for line in state.lines.values()
                if ItemId(line.item) in formulary and judging.blocks(one, line, formulary[ItemId(line.item)])
            ),
        )
        for one in state.quarantines.values()
    ]  # fmt: skip


@router.get("/quarantines")
async def quarantines(floor: Here, _visit: Caller) -> list[QuarantineView]:
    """What must not be used now, and where it lies."""
    return _views(floor)


@router.post("/quarantines", status_code=status.HTTP_201_CREATED)
async def begin(body: QuarantineBody, floor: Here, visit: Caller) -> list[QuarantineView]:
    """Block a pocket, an item, an NDC or a lot. The same id again changes nothing."""
    event = QuarantineAsked(
        floor.now(), visit.session, body.id, body.scope, body.value, body.why, None if body.item is None else ItemId(body.item), body.recall
    )  # fmt: skip
    await floor.reception.ask(visit, event)
    return _views(floor)


@router.post("/quarantines/{quarantine_id}/lift")
async def lift(body: ReasonBody, floor: Here, visit: Caller, quarantine_id: Annotated[str, Path(max_length=64)]) -> list[QuarantineView]:
    """Let it be used again."""
    await floor.reception.ask(visit, QuarantineLiftAsked(floor.now(), visit.session, quarantine_id, body.reason))
    return _views(floor)


@router.get("/pulls")
async def pulls(
    floor: Here, _visit: Annotated[Visit, requires("expire", "unload", "quarantine")], days: Annotated[int, Query(ge=0, le=400)] = 8
) -> list[dict[str, object]]:
    """What is to be taken out: blocked stock, and what expires within so many days; 8 as hospitals do, more around holidays."""
    until = (floor.now().utc.date() + timedelta(days=days)).isoformat()
    return [asdict(pull) for pull in judging.pulls(floor.core.state, floor.world.formulary, until)]
