"""`/api/v1/staff`, `/setup` and what sessions prove anew: people as those who enrol them, let them in and unlock them.

Alone knows: which path is which act on people. Must not know: pages and cookies, how a secret is kept, or who may do what.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, status

from cabinet.domain.people import Role, Staff
from cabinet.domain.refusal import Refusal
from cabinet.domain.vocabulary import StaffId
from cabinet.kiosk import enrolling, sign_in_view
from cabinet.kiosk.caller import Caller, Here, ensure_enrolled, requires
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.person_body import AnswerBody, BadgeBody, OwnSecretBody, SecretBody, SetupBody, StaffBody
from cabinet.kiosk.person_view import PersonView, people_view, person_view
from cabinet.kiosk.problem import Problem
from cabinet.kiosk.reception import Visit
from cabinet.kiosk.sign_in_view import SessionView
from cabinet.ports import PasskeyRefused

setup_router = APIRouter(prefix="/api/v1", tags=["people"])
router = APIRouter(prefix="/api/v1", tags=["people"], dependencies=[Depends(ensure_enrolled)])

Id = Annotated[str, Path(pattern=r"^[a-z0-9_-]{1,64}$")]
Knower = Annotated[Visit, requires("enrol", "temporary", "unlock", "audit")]
Enroller = Annotated[Visit, requires("enrol")]
Host = Annotated[Visit, requires("enrol", "temporary")]
Unlocker = Annotated[Visit, requires("unlock")]


@setup_router.get("/setup")
async def is_needed(floor: Here) -> dict[str, bool]:
    """Whether the first administrator is still to be enrolled."""
    return {"needed": enrolling.needs_setup(floor)}


@setup_router.post("/setup", status_code=status.HTTP_201_CREATED)
async def set_up(body: SetupBody, floor: Here) -> None:
    """Enrol the first administrator, with the code that `adc staff setup-code` tells at the machine."""
    record = Staff(StaffId(body.id), body.name, Role.ADMINISTRATOR)
    await enrolling.set_up(floor, body.code, record, body.badge, body.secret)


def _one(floor: Floor, person: str) -> PersonView:
    staff = floor.core.scene.staff(person)
    if staff is None:
        raise Problem(Refusal("staff.unknown"))
    return person_view(floor.core, floor.reception.directory, staff, floor.now().utc)


@router.get("/staff")
async def people(floor: Here, _visit: Knower) -> list[PersonView]:
    """Everybody on record."""
    return people_view(floor.core, floor.reception.directory, floor.now())


@router.put("/staff/{person}")
async def change(body: StaffBody, floor: Here, visit: Host, person: Id) -> PersonView:
    """Enrol a person, or change their whole record; a charge nurse lets a temporary nurse in until the end of the shift."""
    await enrolling.change(floor, visit, body.record(person))
    return _one(floor, person)


@router.post("/staff/{person}/unlock")
async def unlock(floor: Here, visit: Unlocker, person: Id) -> PersonView:
    """Let a person in again whose sign-in is locked."""
    await enrolling.unlock(floor, visit, StaffId(person))
    return _one(floor, person)


@router.post("/staff/{person}/pin")
async def set_pin(body: SecretBody, floor: Here, visit: Host, person: Id) -> PersonView:
    """Set a person's PIN."""
    _one(floor, person)
    await enrolling.set_pin(floor, visit, StaffId(person), body.secret)
    return _one(floor, person)


@router.post("/staff/{person}/temporary-pin", status_code=status.HTTP_201_CREATED)
async def issue_pin(floor: Here, visit: Host, person: Id) -> dict[str, str | None]:
    """Issue a PIN that is good for some hours, and unlock the person. It is told this once."""
    _one(floor, person)
    drawn = await enrolling.issue_pin(floor, visit, StaffId(person))
    return {"pin": drawn, "until": floor.core.state.people.pins.get(person)}


@router.post("/staff/{person}/badge")
async def set_badge(body: BadgeBody, floor: Here, visit: Host, person: Id) -> PersonView:
    """Give a person a badge, or take it."""
    _one(floor, person)
    await enrolling.set_badge(floor, visit, StaffId(person), body.badge)
    return _one(floor, person)


@router.post("/staff/{person}/passkeys/options")
async def invite(request: Request, floor: Here, _visit: Enroller, person: Id) -> dict[str, str]:
    """What `navigator.credentials.create` is asked for, as JSON text."""
    known = _one(floor, person)
    ceremony = await floor.reception.ceremony()
    try:
        return {"options": ceremony.invite(StaffId(person), known.name, origin_of(request))}
    except PasskeyRefused as why:
        raise Problem(Refusal("passkey.refused", str(why))) from why


@router.post("/staff/{person}/passkeys", status_code=status.HTTP_201_CREATED)
async def keep_passkey(body: AnswerBody, request: Request, floor: Here, visit: Enroller, person: Id) -> PersonView:
    """Keep the passkey that was made."""
    _one(floor, person)
    await enrolling.keep_passkey(floor, visit, StaffId(person), body.answer, origin_of(request))
    return _one(floor, person)


@router.delete("/staff/{person}/passkeys", status_code=status.HTTP_204_NO_CONTENT)
async def drop_passkeys(floor: Here, visit: Enroller, person: Id) -> None:
    """Keep none of a person's passkeys."""
    _one(floor, person)
    await enrolling.drop_passkeys(floor, visit, StaffId(person))


@router.post("/sessions/passkey/options")
async def ask_for_passkey(request: Request, floor: Here) -> dict[str, str]:
    """What `navigator.credentials.get` is asked for, as JSON text."""
    ceremony = await floor.reception.ceremony()
    try:
        return {"options": ceremony.ask(origin_of(request))}
    except PasskeyRefused as why:
        raise Problem(Refusal("passkey.refused", str(why))) from why


@router.post("/sessions/passkey", status_code=status.HTTP_201_CREATED)
async def open_by_passkey(body: AnswerBody, request: Request, floor: Here) -> SessionView:
    """Sign in by passkey."""
    found = await floor.reception.recognise_passkey(body.answer, origin_of(request))
    return sign_in_view.session_view(floor, *await floor.reception.let_in(found))


@router.post("/sessions/proof", status_code=status.HTTP_204_NO_CONTENT)
async def prove(body: SecretBody, floor: Here, visit: Caller) -> None:
    """Enter one's PIN once more, which a controlled item asks for after a while."""
    await floor.reception.prove(visit, body.secret)


@router.post("/sessions/pin", status_code=status.HTTP_204_NO_CONTENT)
async def change_own_pin(body: OwnSecretBody, floor: Here, visit: Caller) -> None:
    """Change one's own PIN."""
    await enrolling.change_own_pin(floor, visit, body.old, body.new)


@router.post("/accesses/{access_id}/take-over", status_code=status.HTTP_204_NO_CONTENT)
async def take_over(floor: Here, visit: Caller, access_id: Annotated[str, Path(max_length=64)]) -> None:
    """Close what another person left open: its pocket owes a count, and nobody is blamed."""
    await floor.reception.take_over(visit, access_id.lower())


def origin_of(request: Request) -> str:
    """The page's origin as its browser must see it: what it says, where that is this very host; the gate lets no other host in."""
    host, said = request.headers.get("host", ""), request.headers.get("origin", "")
    return said if said in {f"http://{host}", f"https://{host}"} else f"{request.url.scheme}://{host}"
