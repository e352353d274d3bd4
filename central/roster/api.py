"""`/api/v1/people/roster`: a staff list as CSV, looked at first and then taken.

Alone knows: paths and bodies. Must not know: how a list is read, or what a difference is.
"""

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field

from cabinet.messages import Malformed
from central.document.office import NotSound
from central.gate import Gate
from central.person.person import Person
from central.problem import ProblemDetails, Refused
from central.roster.difference import Difference, TooMany
from central.roster.room import RosterRoom
from central.roster.table import Flaw, read_table
from config.schema import Id

LONGEST = 4_000_000


class RosterBody(BaseModel):
    """A list, and what is to be done with it."""

    model_config = ConfigDict(extra="forbid")

    csv: Annotated[str, Field(max_length=LONGEST)]
    source: Id = Field(default="csv", description="where the list comes from: it speaks of those whom the same source brought before")
    whole: bool = Field(default=False, description="whom it lacks of these has left")
    is_look: bool = Field(default=True, description="say what would change, and change nothing")
    many: bool = Field(default=False, description="it is meant that many leave at once")


class Taken(BaseModel):
    """What changes or changed, by id; with flaws nothing does."""

    new: list[str] = []
    other: list[str] = []
    left: list[str] = []
    same: int = 0
    flaws: list[Flaw] = []
    unread: list[str] = []
    is_done: bool = False


def make_router(room: RosterRoom, gate: Gate) -> APIRouter:
    """The API over one room; `gate` says who may change something."""
    router = APIRouter(tags=["people"], responses={403: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})

    @router.post("/people/roster")
    async def roster(body: RosterBody, person: Annotated[Person, Depends(gate.may("people"))]) -> Taken:
        """Compare a staff list with the present one and, unless only looked at, make it so: one document to every cabinet."""
        return take(room, body, person)

    return router


def take(room: RosterRoom, body: RosterBody, person: Person) -> Taken:
    """Look at a list, or take it in this person's name. Raises Refused."""
    read = read_table(body.csv, room.words)
    if read.flaws or body.is_look:
        return _told(room.compare(body.source, read.people, is_whole=body.whole), read.flaws, read.unread, is_done=False)
    by = person.not_for_oneself(read.people.values()).answers_for()
    try:
        found = room.take(body.source, read.people, by=by, why=f"list from {body.source}", is_whole=body.whole, is_meant=body.many)
    except TooMany as problem:
        raise Refused("roster.too_many", f"{problem}.") from problem
    except (NotSound, Malformed) as problem:
        raise Refused("document.not_sound", str(problem)) from problem
    return _told(found, [], read.unread, is_done=True)


def _told(found: Difference, flaws: list[Flaw], unread: list[str], *, is_done: bool) -> Taken:
    ids = ([record.id for record in records] for records in (found.new, found.other, found.left))
    new, other, left = ids
    return Taken(new=new, other=other, left=left, same=found.same, flaws=flaws, unread=unread, is_done=is_done)
