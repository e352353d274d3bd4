"""`/api/v1/discrepancies`: what is open, all that is known of one, and how it is settled.

Alone knows: which path makes which event. Must not know: who may settle what (`cabinet.domain.discrepancy.resolving`).
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from pydantic import Field, StringConstraints, model_validator

from cabinet.domain.discrepancy.memory import Discrepancy
from cabinet.domain.events import ResolutionEntered
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import DiscrepancyId, StaffId
from cabinet.kiosk import view
from cabinet.kiosk.body import Body, Id
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled
from cabinet.kiosk.discrepancy_view import DiscrepancyDetail, detail
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit

router = APIRouter(prefix="/api/v1/discrepancies", dependencies=[Depends(ensure_enrolled)])

Name = Annotated[str, Path(max_length=64)]


class ResolutionBody(Body):
    """How a discrepancy is explained: a reason of the policy's list, words, and the second person where one is due.

    `together` are others that are settled with it, as a pair of neighbours; `cause` the kind of a suggested cause.
    """

    reason: Id
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""
    cause: Annotated[str, StringConstraints(max_length=40)] = ""
    together: Annotated[tuple[Annotated[str, StringConstraints(max_length=64)], ...], Field(max_length=8)] = ()
    badge: Annotated[str, StringConstraints(max_length=128)] | None = None
    id: Annotated[str, StringConstraints(max_length=64)] | None = None
    secret: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None

    @model_validator(mode="after")
    def _whole_person(self) -> "ResolutionBody":
        if (self.secret is not None) != ((self.badge is None) != (self.id is None)):
            raise ValueError("a witness is a badge or an id, with its secret")
        return self


def find(floor: Floor, name: str) -> Discrepancy:
    """A discrepancy by its id. Raises Problem."""
    found = floor.core.state.discrepancies.get(name)
    if found is None:
        raise Problem(Refusal("discrepancy.unknown"))
    return found


NOBODY: tuple[StaffId | None, tuple[str, ...]] = (None, ())


async def settle(
    floor: Floor, visit: Visit, name: str, body: ResolutionBody, signer: tuple[StaffId | None, tuple[str, ...]] = NOBODY
) -> None:
    """Settle it, before the second person who was recognised already or is named in the body. Raises Problem."""
    find(floor, name)
    witness, factors = signer
    if body.secret is not None:
        witness, factors = await floor.reception.witness(badge=body.badge, staff_id=body.id, secret=body.secret)
    together = tuple(DiscrepancyId(one) for one in body.together)
    event = ResolutionEntered(
        floor.now(), visit.session, DiscrepancyId(name), body.reason, body.note, body.cause, together, witness, factors
    )  # fmt: skip
    await floor.reception.ask(visit, event)


@router.get("")
async def discrepancies(floor: Here, _visit: Caller) -> list[view.DiscrepancyView]:
    """The discrepancies that nobody has explained yet."""
    return [view.discrepancy_view(floor.core, found) for found in floor.core.state.discrepancies.values() if found.is_open]


@router.get("/{discrepancy_id}")
async def one(floor: Here, visit: Caller, discrepancy_id: Name) -> DiscrepancyDetail:
    """Expected, entered and sensed, the interval with every access and opening in it, likely causes, and how it was settled."""
    return detail(floor.core, visit.staff, find(floor, discrepancy_id), floor.now())


@router.post("/{discrepancy_id}/resolution")
async def resolve(body: ResolutionBody, floor: Here, visit: Caller, discrepancy_id: Name) -> DiscrepancyDetail:
    """Settle it, and those that are settled together with it: all or none."""
    await settle(floor, visit, discrepancy_id, body)
    return detail(floor.core, visit.staff, find(floor, discrepancy_id), floor.now())
