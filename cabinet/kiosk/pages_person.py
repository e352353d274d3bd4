"""The pages about people: the first administrator, the staff list, one's own PIN, a PIN asked once more, and a drawer found open.

Alone knows: their paths and forms. Must not know: who may do what, or how a secret is kept.
"""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from cabinet.domain.people import Role, Staff
from cabinet.domain.refusal import Refusal
from cabinet.domain.state import FINAL, Access
from cabinet.domain.vocabulary import StaffId, utc_text
from cabinet.kiosk import api_person, enrolling
from cabinet.kiosk.caller import COOKIE, Here, NobodyHere, Person, page_requires, visit_at_screen
from cabinet.kiosk.floor import Floor
from cabinet.kiosk.guard import ensure_same_origin
from cabinet.kiosk.pages import go, show
from cabinet.kiosk.person_body import AnswerBody
from cabinet.kiosk.person_view import people_view, person_view
from cabinet.kiosk.problem import Problem, ProblemBody
from cabinet.kiosk.reception import Visit

router = APIRouter()

Text = Annotated[str, Form(max_length=200)]
Code = Annotated[str, Form(max_length=64)]
Secret = Annotated[str, Form(max_length=256)]
Badge = Annotated[str, Form(max_length=128)]
Knower = Annotated[Visit, page_requires("enrol", "temporary", "unlock", "audit")]
Host = Annotated[Visit, page_requires("enrol", "temporary")]
Enroller = Annotated[Visit, page_requires("enrol")]
Unlocker = Annotated[Visit, page_requires("unlock")]


def signed_in(token: str, path: str = "/") -> Response:
    """On to a page with a fresh session."""
    response = go(path)
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict")
    return response


# --- the first administrator


@router.get("/setup")
async def setup(request: Request, floor: Here) -> Response:
    """The form for the first administrator, while there is none."""
    return _setup(request, floor) if enrolling.needs_setup(floor) else go("/")


@router.post("/setup")
async def set_up(  # noqa: PLR0913, PLR0917 - a form's fields
    request: Request, floor: Here, code: Code, id: Code, name: Text, secret: Secret, again: Secret, badge: Badge = "", shown: Badge = "",  # noqa: A002
) -> Response:  # fmt: skip
    """Enrol them."""
    ensure_same_origin(request.headers)
    try:
        _ensure_same(secret, again)
        record = Staff(StaffId(id.strip().lower()), name.strip(), Role.ADMINISTRATOR)
        number = _number(floor, badge, shown)
        await enrolling.set_up(floor, code, record, number, secret)
    except Problem as problem:
        return _setup(request, floor, problem, code=code, id=id, name=name, badge=badge)
    floor.shown.answer(shown, is_welcome=True)
    token, _ = await floor.reception.sign_in(badge=number, staff_id=None, secret=secret)
    return signed_in(token)


def _ensure_same(secret: str, again: str) -> None:
    if secret != again:
        raise Problem(Refusal("pin.differ"))


def _setup(request: Request, floor: Floor, problem: Problem | None = None, **typed: str) -> Response:
    """The form, with what was typed into it up to a "no", save the PIN."""
    refusal, status = (None, 200) if problem is None else (problem.body, problem.status)
    return show(request, "setup.html", None, status=status, refusal=refusal, typed=typed, shown=floor.shown.mark)


def _number(floor: Floor, badge: str, shown: str) -> str:
    """The number of the badge that was held to the reader, or else typed. Raises Problem where it is kept no more."""
    return floor.shown.number(shown) if shown else badge.strip()


# --- the staff list


@router.get("/staff")
async def people(request: Request, floor: Here, person: Knower) -> Response:
    """Everybody on record."""
    return _people(request, floor, person)


def _people(request: Request, floor: Floor, person: Visit, issued: tuple[str, str] | None = None) -> Response:
    known = people_view(floor.core, floor.reception.directory, floor.now())
    may = {act: floor.may(person, act) for act in ("enrol", "temporary", "unlock")}
    return show(request, "people.html", person, people=known, may=may, issued=issued)


@router.get("/staff/{who}")
async def one(request: Request, floor: Here, person: Host, who: str) -> Response:
    """One person's record, as a form; `new` for somebody who is not on record."""
    staff = floor.core.scene.staff(who)
    if staff is None and who != "new":
        raise Problem(Refusal("staff.unknown"))
    shown = None if staff is None else person_view(floor.core, floor.reception.directory, staff, floor.now().utc)
    rules = floor.world.policy.people
    is_enroller = floor.may(person, "enrol")
    roles = [role for role in Role if is_enroller or role in rules.temporary_roles]
    hours, mark = rules.temporary_s // 3600, floor.shown.mark if staff is not None else ""
    return show(request, "person.html", person, one=shown, roles=roles, is_enroller=is_enroller, hours=hours, shown=mark)


@router.post("/staff")
async def change(  # noqa: PLR0913, PLR0917 - a form's fields
    floor: Here, person: Host, id: Code, name: Text, role: Annotated[Role, Form()], areas: Text = "",  # noqa: A002
    hours: Annotated[int | None, Form(ge=0, le=8760)] = None, competent_until: Code = "", is_active: Annotated[bool, Form()] = False,  # noqa: FBT002
) -> Response:  # fmt: skip
    """Enrol or change a person; `hours` from now on end a temporary account, and none keep the end that it has."""
    known = floor.core.scene.staff(id.strip().lower())
    until = None if known is None or hours == 0 else known.until
    if hours:
        until = utc_text(floor.now().utc + timedelta(hours=hours))
    record = Staff(
        StaffId(id.strip().lower()), name.strip(), role, tuple(areas.replace(",", " ").split()), until, competent_until.strip() or None,
        is_active,
    )  # fmt: skip
    await enrolling.change(floor, person, record)
    return go(f"/staff/{record.id}")


@router.post("/staff/{who}/unlock")
async def unlock(floor: Here, person: Unlocker, who: str) -> Response:
    """Let a locked person in again."""
    await enrolling.unlock(floor, person, StaffId(who))
    return go("/staff")


@router.post("/staff/{who}/temporary-pin")
async def issue_pin(request: Request, floor: Here, person: Host, who: str) -> Response:
    """Issue a PIN that is good for some hours; it is shown this once."""
    staff = floor.core.scene.staff(who)
    if staff is None:
        raise Problem(Refusal("staff.unknown"))
    return _people(request, floor, person, (staff.name, await enrolling.issue_pin(floor, person, staff.id)))


@router.post("/staff/{who}/secrets")
async def set_secrets(floor: Here, person: Host, who: str, badge: Badge = "", shown: Badge = "", secret: Secret = "") -> Response:
    """Set a person's badge, PIN, or both; what is left empty stays."""
    number = _number(floor, badge, shown)
    if number:
        await enrolling.set_badge(floor, person, StaffId(who), number)
        floor.shown.answer(shown, is_welcome=True)
    if secret:
        await enrolling.set_pin(floor, person, StaffId(who), secret)
    return go(f"/staff/{who}")


# --- passkeys, which a script of the page carries


@router.post("/passkey/options")
async def ask_for_passkey(request: Request, floor: Here) -> dict[str, str]:
    """What the browser asks an authenticator for."""
    ensure_same_origin(request.headers)
    return await api_person.ask_for_passkey(request, floor)


@router.post("/passkey", status_code=204)
async def open_by_passkey(body: AnswerBody, request: Request, response: Response, floor: Here) -> None:
    """Sign in by passkey."""
    ensure_same_origin(request.headers)
    token, _ = await floor.reception.let_in(await floor.reception.recognise_passkey(body.answer, api_person.origin_of(request)))
    response.set_cookie(COOKIE, token, secure=True, httponly=True, samesite="strict")


@router.post("/staff/{who}/passkeys/options")
async def invite(request: Request, floor: Here, person: Enroller, who: str) -> dict[str, str]:
    """What the browser asks an authenticator to make."""
    return await api_person.invite(request, floor, person, who)


@router.post("/staff/{who}/passkeys", status_code=204)
async def keep_passkey(body: AnswerBody, request: Request, floor: Here, person: Enroller, who: str) -> None:
    """Keep the passkey that was made."""
    await api_person.keep_passkey(body, request, floor, person, who)


# --- oneself


@router.get("/me")
async def me(request: Request, floor: Here, person: Person) -> Response:
    """One's own PIN; and the way to everybody's records, for those who keep them."""
    return show(request, "me.html", person, may_staff=floor.may(person, "enrol", "temporary", "unlock", "audit"))


@router.post("/step-aside")
async def step_aside(_person: Person) -> Response:
    """Somebody needs the cabinet: this screen forgets who is here, and their session makes way once the other has signed in."""
    response = go("/")
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="strict")
    return response


@router.post("/me/pin")
async def change_own_pin(floor: Here, person: Person, old: Secret, new: Secret, again: Secret) -> Response:
    """Change it."""
    _ensure_same(new, again)
    await enrolling.change_own_pin(floor, person, old, new)
    return go("/")


@router.post("/me/proof")
async def prove(floor: Here, person: Person, secret: Secret) -> Response:
    """A controlled item asks who one is once more."""
    await floor.reception.prove(person, secret)
    return go("/")


# --- a drawer that was found open


def _left(request: Request, floor: Floor) -> tuple[Visit, Access]:
    """Whose time is over with a drawer open, and the access that it is, or was, open for. Raises NobodyHere where nothing is."""
    visit = visit_at_screen(request, floor) or floor.reception.left_behind()
    access = None if visit is None else floor.reception.left_open(visit)
    if visit is None or access is None:
        raise NobodyHere
    return visit, access


async def show_found_open(request: Request, _found: Exception) -> Response:
    """'I am the first person', or 'I am someone else: close it'."""
    return _found_open(request, None)


def _found_open(request: Request, refusal: ProblemBody | None, status: int = 200) -> Response:
    floor: Floor = request.app.state.floor
    visit, access = _left(request, floor)
    known, is_open = visit_at_screen(request, floor), floor.core.scene.holds_open(access)
    said = {"name": visit.staff.name, "is_open": is_open, "is_over": access.phase in FINAL}
    return show(request, "found_open.html", known, status=status, refusal=refusal, shown=floor.shown.mark, **said)


@router.post("/found-open/mine")
async def is_mine(request: Request, floor: Here, secret: Secret) -> Response:
    """The first person is back."""
    ensure_same_origin(request.headers)
    visit, access = _left(request, floor)
    try:
        await floor.reception.prove(visit, secret)
    except Problem as problem:
        return _found_open(request, problem.body, problem.status)
    if visit_at_screen(request, floor) is None:
        return signed_in(floor.reception.welcome_back(visit), f"/accesses/{access.id}")
    return go(f"/accesses/{access.id}")


@router.post("/found-open/other")
async def is_another(request: Request, floor: Here, secret: Secret, badge: Badge = "", shown: Badge = "") -> Response:
    """Somebody else is here: they sign in, and what was left open is closed as owing a count."""
    ensure_same_origin(request.headers)
    _, access = _left(request, floor)
    try:
        number = floor.shown.number(shown) if shown else badge.strip()
        token, visit = await floor.reception.sign_in(badge=number, staff_id=None, secret=secret)
    except Problem as problem:
        floor.shown.answer(shown, is_welcome=False)
        return _found_open(request, problem.body, problem.status)
    floor.shown.answer(shown, is_welcome=True)
    if access.staff == visit.staff.id:
        return signed_in(token, f"/accesses/{access.id}")
    if access.phase not in FINAL:
        await floor.reception.take_over(visit, access.id)
    return signed_in(token)
