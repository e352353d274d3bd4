"""`/api/v1/kits` and `/order-sets`: sealed kits by their tags, and sets of items that are chosen together.

Alone knows: which path makes which event. Must not know: what a kit's access asks, or who may seal one.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Path, status
from pydantic import AfterValidator, Field, StringConstraints

from cabinet.domain.events import KitContentsEntered, KitSealEntered, KitShown
from cabinet.domain.facts import KitContent
from cabinet.domain.vocabulary import AccessId, ItemId, StaffId, Units
from cabinet.kiosk.access_view import AccessView
from cabinet.kiosk.body import Amount, Body, SessionBody
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled
from cabinet.kiosk.refill_view import KitView, kit_views

router = APIRouter(prefix="/api/v1", tags=["kits"], dependencies=[Depends(ensure_enrolled)])
Tag = Annotated[str, StringConstraints(strip_whitespace=True, max_length=32)]
Date = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]


class ContentBody(Body):
    """One line of what a kit holds."""

    item: Annotated[str, StringConstraints(max_length=64)]
    units: Annotated[int, Field(strict=True, ge=1, le=1_000_000)]
    lot: Annotated[str, StringConstraints(strip_whitespace=True, max_length=64)] | None = None
    expiry: Date | None = None


class KitBody(Body):
    """A kit that was filled and sealed."""

    tag: Tag
    item: Annotated[str, StringConstraints(max_length=64)]
    contents: Annotated[list[ContentBody], Field(max_length=200)]


class TagBody(Body):
    """A tag that was read, and what the seal looks like."""

    tag: Tag
    is_intact: bool


class ContentsBody(Body):
    """The controlled items inside an opened kit: item -> units found; of one that was handed out also what of it was given."""

    counts: Annotated[dict[str, Amount], Field(max_length=200)]
    given: Annotated[dict[str, Amount], Field(max_length=200)] = Field(default_factory=dict)
    witness: SessionBody | None = None
    """Who counted with them, where two are asked for."""


@dataclass(frozen=True)
class OrderSetView:
    """Items that are chosen together: (item, units)."""

    id: str
    name: str
    lines: tuple[tuple[str, int], ...]


@router.get("/kits")
async def kits(floor: Here, _visit: Caller) -> list[KitView]:
    """Every sealed kit that is known by its tag, here and elsewhere."""
    return kit_views(floor.core, floor.now())


@router.post("/kits", status_code=status.HTTP_201_CREATED)
async def seal(body: KitBody, floor: Here, visit: Caller) -> list[KitView]:
    """Enter a kit that was filled and sealed."""
    contents = tuple(KitContent(ItemId(one.item), Units(one.units), one.lot, one.expiry) for one in body.contents)
    await floor.reception.ask(visit, KitSealEntered(floor.now(), visit.session, body.tag, ItemId(body.item), contents))
    return kit_views(floor.core, floor.now())


@router.post("/accesses/{access_id}/kit")
async def show_tag(
    body: TagBody, floor: Here, visit: Caller, access_id: Annotated[str, AfterValidator(str.lower), Path(max_length=64)]
) -> AccessView:
    """Read the tag of the kit that is taken or put, and say whether its seal is intact."""
    await floor.reception.ask(visit, KitShown(floor.now(), visit.session, AccessId(access_id), body.tag, body.is_intact))
    return floor.view(visit, access_id)


@router.post("/kits/{tag}/contents")
async def count(body: ContentsBody, floor: Here, visit: Caller, tag: Annotated[str, Path(max_length=32)]) -> list[KitView]:
    """Count what is controlled inside an opened kit."""
    counts = tuple((ItemId(item), units) for item, units in body.counts.items())
    given = tuple((ItemId(item), units) for item, units in body.given.items() if units)
    who: StaffId | None = None
    factors: tuple[str, ...] = ()
    if body.witness is not None:
        who, factors = await floor.reception.witness(badge=body.witness.badge, staff_id=body.witness.id, secret=body.witness.secret)
    await floor.reception.ask(visit, KitContentsEntered(floor.now(), visit.session, tag, counts, given, who, factors))
    return kit_views(floor.core, floor.now())


@router.get("/order-sets")
async def order_sets(floor: Here, _visit: Caller) -> list[OrderSetView]:
    """The order sets of this hospital."""
    return [OrderSetView(one.id, one.name, tuple(one.lines)) for one in floor.world.order_sets]
