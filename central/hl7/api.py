"""`/api/v1/interfaces`: how each link is, what came and what became of it, and what waits for a pharmacist.

Alone knows: paths and bodies. Must not know: sockets, rows, how a message is read.
"""

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field

from central.gate import Gate
from central.hl7.port import Kept
from central.hl7.roll import Roll, StandingOrder
from central.hl7.room import InterfaceRoom, LinkState
from central.person.person import Person
from central.problem import NotHeldHere, ProblemDetails
from config.schema import Id, Name

Limit = Annotated[int, Query(ge=1, le=1000)]


class MessageRow(BaseModel):
    """A message and its verdict, without its content."""

    number: int
    link: str
    received_at: str
    piece: str
    sender: str
    control: str
    name: str
    code: str
    reason: str
    words: str
    repeats: int | None


class MessageWhole(MessageRow):
    """A message whole. What is no text stands as backslash escapes."""

    content: str
    answers: list[str]


class WaitingOrder(BaseModel):
    """An order that no cabinet can be sent yet."""

    order: str
    patient: str
    drug: str
    said: str
    """What a link names: `system:code`, or the code."""
    dose: str
    at: str


class MissingRow(BaseModel):
    """What the cabinets of an area could not be sent, and why."""

    area: str
    patient: str
    order: str
    why: str


class RefusedRow(BaseModel):
    """A message that its peer refused, and its answer."""

    number: int
    control: str
    source: str
    at: str
    answer: str


class LinkBody(BaseModel):
    """A pharmacist compared: this code is this item."""

    model_config = ConfigDict(extra="forbid")

    said: Name = Field(description="the drug's code, or system:code")
    item: Id
    approved_by: Name | None = Field(default=None, description="who answers for it, where a program says so; else who is signed in")


class Reread(BaseModel):
    """How many patients and orders are known."""

    records: int


class Linked(BaseModel):
    """How many orders have an item by it."""

    mapped: int


def make_router(room: InterfaceRoom, gate: Gate) -> APIRouter:
    """The API over one room; `gate` says who may change something, and who may read a message whole."""
    router = APIRouter(
        prefix="/interfaces", tags=["interfaces"], responses={403: {"model": ProblemDetails}, 404: {"model": ProblemDetails}}
    )

    @router.get("")
    async def links() -> list[LinkState]:
        """How every link is."""
        return room.states()

    @router.get("/messages")
    async def messages(after: Annotated[int, Query(ge=0)] = 0, limit: Limit = 100) -> list[MessageRow]:
        """What came, by number, with its verdict."""
        return [MessageRow(**_row(kept)) for kept in room.store.messages(after, limit)]

    @router.get("/messages/{number}", dependencies=[Depends(gate)])
    async def one(number: int) -> MessageWhole:
        """One message whole, as it came and as it was answered."""
        kept = next(iter(room.store.messages(number - 1, 1)), None)
        if kept is None or kept.number != number:
            raise NotHeldHere("interface.message", f"No message has the number {number}.")
        return MessageWhole(**_row(kept), content=text_of(kept.content), answers=[text_of(answer) for answer in kept.answers])

    @router.get("/unmapped")
    async def unmapped() -> list[WaitingOrder]:
        """Orders whose drug is no item: each waits until somebody links its code."""
        return await room.roll(lambda roll: [_waiting(known) for known in roll.unmapped()])

    @router.get("/unmatched")
    async def unmatched() -> list[WaitingOrder]:
        """Orders of patients whom no ADT message named."""
        return await room.roll(_unmatched)

    @router.get("/missing")
    async def missing() -> list[MissingRow]:
        """What the last lists had to leave out."""
        return [MissingRow(area=area, **asdict(row)) for area, rows in sorted(room.missing.items()) for row in rows]

    @router.get("/{link}/refused")
    async def refused(link: Id, limit: Limit = 100) -> list[RefusedRow]:
        """Messages that a peer refused, newest first."""
        rows = room.store.settled(link, "refused", limit)
        return [
            RefusedRow(number=one.number, control=one.control, source=one.source, at=at, answer=text_of(answer)) for one, answer, at in rows
        ]

    _add_changes(router, room, gate)
    return router


def _add_changes(router: APIRouter, room: InterfaceRoom, gate: Gate) -> None:
    @router.post("/{link}/refused/{number}/again", status_code=204, dependencies=[Depends(gate.may("interfaces"))])
    async def again(link: Id, number: int) -> Response:
        """Send a message once more that its peer refused: what it lacked is mended there."""
        if not room.send_again(link, number):
            raise NotHeldHere("interface.message", f"{link} refused no message {number}.")
        return Response(status_code=204)

    @router.post("/replay", dependencies=[Depends(gate.may("interfaces"))])
    async def replay() -> Reread:
        """Make everything that is known of patients and orders anew from all messages that are kept; lists follow."""
        return Reread(records=await room.reread())

    @router.post("/links")
    async def link(body: LinkBody, person: Annotated[Person, Depends(gate.may("interfaces"))]) -> Linked:
        """Say which item a code means: orders that waited for it are sent."""
        return Linked(mapped=await room.link(body.said, body.item, person.answers_for(body.approved_by)))


def _row(kept: Kept) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in MessageRow.model_fields}


def _unmatched(roll: Roll) -> list[WaitingOrder]:
    return [_waiting(known) for known in roll.unmatched()]


def _waiting(known: StandingOrder) -> WaitingOrder:
    order, drug = known.order, known.order.drug
    said = f"{drug.system}:{drug.code}" if drug.system else drug.code
    return WaitingOrder(order=order.order, patient=order.patient, drug=drug.text, said=said, dose=order.dose, at=known.at)


def text_of(content: bytes) -> str:
    """A message as it can be shown: what is no text as backslash escapes."""
    return content.decode("utf-8", "backslashreplace")
