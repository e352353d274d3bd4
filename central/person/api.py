"""`/api/v1` of people: sign in and out, and the staff list with who knows it.

Alone knows: paths and bodies. Must not know: rows, how a secret is kept.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from cabinet.messages import Malformed
from central.document.office import NotSound
from central.gate import COOKIE, Gate, ensure_own
from central.person.person import Person
from central.person.room import PersonRoom
from central.person.staff import Known
from central.problem import NotHeldHere, ProblemDetails, Refused
from config.document import StaffRecord
from config.schema import Id


class SignIn(BaseModel):
    """Who they say they are, and what proves it."""

    model_config = ConfigDict(extra="forbid")

    id: Id
    secret: str = Field(min_length=1, max_length=256)


class SignedIn(BaseModel):
    """Whose visit it is; `token` is borne by a program (Authorization: Bearer), and a browser gets it as a cookie."""

    id: str
    name: str
    role: str
    may: list[str]
    must_choose: bool
    token: str = ""


class PersonRow(BaseModel):
    """A person on the staff list, and how many cabinets know this record."""

    record: StaffRecord
    state: str
    version: int
    known_at: int
    cabinets: int
    lacking: list[str]


class Why(BaseModel):
    """Why it is done."""

    model_config = ConfigDict(extra="forbid")

    why: Annotated[str, Field(max_length=200)] = ""


class Code(BaseModel):
    """A code that is good once, for a day; told once."""

    person: str
    code: str


def token_of(request: Request) -> str:
    """The token of a visit, wherever it is borne."""
    return request.headers.get("authorization", "").removeprefix("Bearer ") or request.cookies.get(COOKIE, "")


def row_of(known: Known) -> PersonRow:
    """A person as the API tells them."""
    return PersonRow(
        record=known.record, state=known.state, version=known.version, known_at=known.known_at, cabinets=known.cabinets,
        lacking=list(known.lacking),
    )  # fmt: skip


def make_router(room: PersonRoom, gate: Gate) -> APIRouter:
    """The API over one room; `gate` says who may change something."""
    router = APIRouter(tags=["people"], responses={403: {"model": ProblemDetails}, 422: {"model": ProblemDetails}})
    _add_door(router, room, gate)
    _add_list(router, room, gate)
    _add_secrets(router, room, gate)
    return router


def _add_door(router: APIRouter, room: PersonRoom, gate: Gate) -> None:
    @router.post("/sessions", status_code=201, dependencies=[Depends(ensure_own)])
    async def sign_in(body: SignIn) -> SignedIn:
        """Sign in; the token is for `Authorization: Bearer`."""
        token, person = await room.desk.sign_in(body.id, body.secret)
        return _told(person, token)

    @router.get("/sessions")
    async def who(person: Annotated[Person, Depends(gate.person)]) -> SignedIn:
        """Who is signed in."""
        return _told(person)

    @router.delete("/sessions", status_code=204, dependencies=[Depends(gate.person)])
    async def sign_out(request: Request) -> Response:
        """Leave."""
        room.desk.book.end(token_of(request))
        return Response(status_code=204)


def _add_list(router: APIRouter, room: PersonRoom, gate: Gate) -> None:
    @router.get("/people", dependencies=[Depends(gate.person)])
    async def people() -> list[PersonRow]:
        """The staff list, and at how many cabinets each record is known."""
        return [row_of(known) for known in room.staff.people()]

    @router.put("/people/{who}")
    async def put(who: Id, body: StaffRecord, person: Annotated[Person, Depends(gate.may("people"))]) -> StaffRecord:
        """Take somebody in, or change their record: it goes to every cabinet."""
        if body.id != who:
            raise Refused("person.id", "The id of the record is another one than the path's.")
        try:
            room.staff.put(body, by=person.not_for_oneself((body,)).answers_for(), why="staff list")
        except (NotSound, Malformed) as problem:
            raise Refused("document.not_sound", str(problem)) from problem
        return body

    @router.post("/people/{who}/leave")
    async def leave(who: Id, body: Why, person: Annotated[Person, Depends(gate.may("people"))]) -> PersonRow:
        """Switch somebody off at every cabinet and here; their sessions end."""
        if room.staff.leave(who, by=person.answers_for(), why=body.why or "left") is None:
            raise NotHeldHere("person.unlisted", f"Nobody of the staff list has the id {who}.")
        room.desk.book.forget(who)
        return next(row_of(known) for known in room.staff.people() if known.record.id == who)


def _add_secrets(router: APIRouter, room: PersonRoom, gate: Gate) -> None:
    @router.post("/people/{who}/code")
    async def code(who: Id, person: Annotated[Person, Depends(gate.may("people"))]) -> Code:
        """Let somebody of the staff list choose a secret for these pages; unlocks them as well."""
        if room.staff.person(who) is None and room.desk.book.account(who) is None:
            raise NotHeldHere("person.unlisted", f"Nobody of the staff list has the id {who}.")
        return Code(person=who, code=await room.desk.issue_code(who, by=person.answers_for()))

    @router.post("/people/{who}/unlock", status_code=204)
    async def unlock(who: Id, person: Annotated[Person, Depends(gate.may("people"))]) -> Response:
        """Let somebody try again who is locked out of these pages."""
        room.desk.unlock(who, by=person.id)
        return Response(status_code=204)


def _told(person: Person, token: str = "") -> SignedIn:
    return SignedIn(id=person.id, name=person.name, role=person.role, may=sorted(person.may), must_choose=person.must_choose, token=token)
