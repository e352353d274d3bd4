"""The pages of people: sign in, choose a secret, and the staff list with what each role may do.

Alone knows: these forms and what each page shows. Must not know: rows, how a secret is kept.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, get_args

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import ValidationError

from cabinet.messages import Malformed
from central.document.office import NotSound
from central.frame import Frame
from central.gate import COOKIE, Gate, ensure_own
from central.person.api import token_of
from central.person.person import Person
from central.person.room import PersonRoom
from central.problem import Refused
from config.document import StaffRecord
from config.schema import Role

Text = Annotated[str, Form(max_length=256)]
SHOWN = 60
POLICIES_SHOWN = 20


def make_router(room: PersonRoom, gate: Gate, frame: Frame) -> APIRouter:
    """The pages over one room."""
    pages = _Pages(room, gate, frame)
    router = APIRouter(include_in_schema=False)
    own = [Depends(ensure_own)]
    administrator = [Depends(gate.may("people"))]
    router.get("/sign-in")(pages.sign_in)
    router.post("/sign-in", dependencies=own)(pages.signed_in)
    router.post("/sign-out", dependencies=own)(pages.sign_out)
    router.get("/secret")(pages.secret)
    router.post("/secret", dependencies=own)(pages.chosen)
    router.get("/people")(pages.people)
    router.post("/people", dependencies=administrator)(pages.put)
    for act, does in (("leave", pages.leave), ("code", pages.code), ("unlock", pages.unlock)):
        router.post(f"/people/{{who}}/{act}", dependencies=administrator)(does)
    return router


class _Pages:
    def __init__(self, room: PersonRoom, gate: Gate, frame: Frame) -> None:
        self._room, self._gate, self._show = room, gate, frame.show

    # --- the door

    async def sign_in(self, request: Request, next: Annotated[str, Query(max_length=500)] = "/") -> Response:  # noqa: A002 - as the address says
        return self._show(request, "sign_in.html", next=_inside(next), is_set_up=self._gate.is_for_people, id="", refusal="")

    async def signed_in(self, request: Request, id: Text, secret: Text, next: Text = "/") -> Response:  # noqa: A002 - as the form says
        try:
            token, person = await self._room.desk.sign_in(id.strip().lower(), secret)
        except Refused as refusal:
            values = {"next": _inside(next), "refusal": refusal.detail, "id": id, "is_set_up": True}
            return self._show(request, "sign_in.html", refusal.status, **values)
        return _with_cookie("/secret" if person.must_choose else _inside(next), token)

    async def sign_out(self, request: Request) -> Response:
        self._room.desk.book.end(token_of(request))
        answer = RedirectResponse("/sign-in", 303)
        answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="strict")
        return answer

    async def secret(self, request: Request) -> Response:
        return self._show(request, "secret.html", person=self._gate.person(request), refusal="")

    async def chosen(self, request: Request, old: Text, new: Text, again: Text) -> Response:
        person = self._gate.person(request)
        if person.how != "signed_in":
            raise Refused("person.not_signed_in", "Sign in first.", 401)
        if new != again:
            return self._show(request, "secret.html", 422, person=person, refusal="The new secret was typed in two ways.")
        try:
            token = await self._room.desk.choose(person, old, new)
        except Refused as refusal:
            return self._show(request, "secret.html", refusal.status, person=person, refusal=refusal.detail)
        return _with_cookie("/", token)

    # --- the staff list

    async def people(self, request: Request, q: Annotated[str, Query(max_length=100)] = "") -> Response:
        return self._people(request, self._gate.person(request), q=q)

    def _people(self, request: Request, person: Person, status: int = 200, **values: Any) -> HTMLResponse:
        room, asked = self._room, str(values.get("q", "")).casefold()
        everybody = room.staff.people()
        found = [row for row in everybody if asked in f"{row.record.name} {row.record.id} {row.record.role}".casefold()]
        shown = {
            "q": "", "refusal": "", "code": "", "code_for": "", "everybody": len(everybody), "found": found[:SHOWN],
            "is_cut": len(found) > SHOWN, "roles": get_args(Role),
            "accounts": room.desk.book.accounts(), "is_locked": room.desk.is_locked, "rights": room.desk.rights,
            "policies": list(_policies(room)), "can_change": person.how != "signed_in" or "people" in person.may, "person": person,
        }  # fmt: skip
        return self._show(request, "people.html", status, **shown | values)

    async def put(
        self, request: Request, id: Text, full_name: Text, role: Text, areas: Text = "", until: Text = "", trained_until: Text = "",  # noqa: A002
    ) -> Response:  # fmt: skip
        """Areas are words; `until` is the last day (UTC) of a temporary account."""
        person = self._gate.person(request)
        try:
            record = StaffRecord.model_validate({
                "id": id.strip().lower(), "name": full_name.strip(), "role": role, "areas": tuple(areas.replace(",", " ").split()),
                "until": _end_of(until), "competent_until": date.fromisoformat(trained_until) if trained_until else None,
            })  # fmt: skip
            self._room.staff.put(record, by=person.not_for_oneself((record,)).answers_for(), why="staff list")
        except Refused as refusal:
            return self._people(request, person, refusal.status, refusal=refusal.detail)
        except ValidationError as problem:
            flaw = problem.errors(include_url=False)[0]
            return self._people(request, person, 422, refusal=f"{'.'.join(map(str, flaw['loc']))}: {flaw['msg']}")
        except (NotSound, Malformed, ValueError) as problem:
            return self._people(request, person, 422, refusal=str(problem))
        return RedirectResponse(f"/people?q={record.id}", 303)

    async def leave(self, request: Request, who: str) -> Response:
        self._room.staff.leave(who, by=self._gate.person(request).answers_for(), why="left")
        self._room.desk.book.forget(who)
        return RedirectResponse(f"/people?q={who}", 303)

    async def code(self, request: Request, who: str) -> Response:
        person = self._gate.person(request)
        if self._room.staff.person(who) is None:
            raise Refused("person.unlisted", f"Nobody of the staff list has the id {who}.", 404)
        code = await self._room.desk.issue_code(who, by=person.answers_for())
        return self._people(request, person, q=who, code=code, code_for=who)

    async def unlock(self, request: Request, who: str) -> Response:
        self._room.desk.unlock(who, by=self._gate.person(request).id)
        return RedirectResponse(f"/people?q={who}", 303)


def _inside(path: str) -> str:
    """A page of ours, whatever was asked to come next."""
    return path if path.startswith("/") and not path.startswith(("//", "/\\")) else "/"


def _end_of(day: str) -> datetime | None:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC) + timedelta(days=1) if day else None


def _with_cookie(path: str, token: str) -> Response:
    answer = RedirectResponse(path, 303)
    answer.set_cookie(COOKIE, token, path="/", secure=True, httponly=True, samesite="strict")
    return answer


def _policies(room: PersonRoom) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """What each role may do at the cabinets, as far as the pharmacy sent them a policy; cabinets with one table together."""
    shelf = room.documents.shelf
    alike: dict[str, list[str]] = {}
    for newest in shelf.all_newest():
        if newest.document == "policy":
            alike.setdefault(newest.sha256, []).append(newest.scope)
    tables: dict[str, tuple[list[str], list[dict[str, Any]]]] = {}
    for cabinets in sorted(map(sorted, alike.values()))[:POLICIES_SHOWN]:
        roles = shelf.whole("policy", cabinets[0]).get("policy", {}).get("role", [])
        tables.setdefault(repr(roles), ([], roles))[0].extend(cabinets)
    for cabinets, roles in tables.values():
        yield ", ".join(sorted(cabinets)), roles
