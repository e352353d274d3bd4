"""Roles and acts, cell by cell, at every door: what the policy's table says is what a person of that role gets.

One data-driven test over the policy and the routes. A new route declares its act (`requires`, `page_requires`) or stands in `doors.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from cabinet.domain.core import World
from cabinet.domain.kinds import KINDS
from cabinet.domain.people import Role, Staff
from cabinet.domain.policy import ACTS
from cabinet.domain.vocabulary import StaffId
from cabinet.kiosk.caller import Allowed, AllowedOnPage
from tests.house.source import modules
from tests.stories.caller import screen, script, stranger
from tests.stories.desk import Desk, demo_world, open_desk
from tests.stories.doors import ANYBODY, ELSEWHERE, JUDGED, OPEN, OWN, PATIENT
from tests.virtual import virtual

FILLED = {"person": "nobody", "who": "new", "access_id": "a9", "patient_id": PATIENT, "address": "9"}
PLAIN = "acetaminophen-325-tab"
REFUSED = 403


def everybody() -> World:
    """The demo ward with one person of each role, named after it."""
    people = {StaffId(role): Staff(StaffId(role), role, role) for role in Role}
    return replace(demo_world(), staff=people)


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """Every route that is served."""
    for route in app.routes:
        inner = getattr(route, "original_router", None)
        yield from (one for one in (inner.routes if inner is not None else [route]) if isinstance(one, APIRoute))


def acts_of(route: APIRoute) -> tuple[str, ...]:
    """The acts that a route declares."""

    def calls(dependant: Any) -> Iterator[Any]:
        yield dependant.call
        for inner in dependant.dependencies:
            yield from calls(inner)

    return next((call.acts for call in calls(route.dependant) if isinstance(call, Allowed | AllowedOnPage)), ())


def named(route: APIRoute) -> str:
    """A route as the table names it."""
    return f"{next(iter(route.methods))} {route.path}"


def filled(route: str) -> tuple[str, str]:
    """Method and address, with something in every gap."""
    method, path = route.split(" ", 1)
    gaps = [part[1:-1] for part in path.split("/") if part.startswith("{")]
    for gap in gaps:
        path = path.replace(f"{{{gap}}}", FILLED.get(gap, "x"))
    return method, path


async def call(client: httpx.AsyncClient, route: str, body: dict[str, Any] | None = None) -> httpx.Response:
    """Ask at one door; a page is sent a form."""
    method, path = filled(route)
    if not path.startswith("/api/"):
        return await client.request(method, path, data=body or {}, follow_redirects=False)
    return await client.request(method, path, json=body or None)


def is_refused(answer: httpx.Response) -> bool:
    """Whether the role was the reason."""
    return answer.status_code == REFUSED and "policy.role" in answer.text


@virtual
async def test_every_route_declares_its_act_or_stands_in_the_table() -> None:
    """A route that nobody thought about is how a visitor opens a drawer."""
    async with open_desk() as desk:
        known = OPEN.keys() | ANYBODY | OWN | JUDGED.keys() | ELSEWHERE.keys()
        routes = {named(route): acts_of(route) for route in routes_of(desk.app)}
        assert sorted(name for name, acts in routes.items() if not acts and name not in known) == []
        assert sorted(name for name, acts in routes.items() if acts and name in known) == [], "declared acts need no row"
        assert {act for acts in routes.values() for act in acts} <= ACTS.keys() | KINDS.keys()


@virtual
async def test_a_stranger_gets_nothing_but_the_way_in() -> None:
    """No route answers without a session unless the table says so."""
    async with open_desk(everybody()) as desk, stranger(desk) as client:
        for route in [named(one) for one in routes_of(desk.app)]:
            if route in OPEN:
                continue
            answer = await call(client, route)
            expected = (401,) if " /api/" in route else (303,)
            assert answer.status_code in expected, f"{route}: {answer.status_code} {answer.text[:200]}"


async def cells(desk: Desk, role: Role, client: httpx.AsyncClient, *, is_api: bool) -> list[str]:
    """Every door of one kind, tried by one role: where it answers otherwise than the table."""
    allows, wrong = desk.world.policy.allows, []
    declared = {named(route): (acts_of(route), {}) for route in routes_of(desk.app) if acts_of(route)}
    judged = {route: ((act,), body) for route, (act, body) in JUDGED.items()}
    for route, (acts, body) in (declared | judged).items():
        if is_api is (" /api/" in route):
            answer = await call(client, route, body)
            if is_refused(answer) is any(allows(role, act) for act in acts):
                wrong.append(f"{role} at {route}: {answer.status_code}")
    return wrong


@pytest.mark.parametrize("role", list(Role))
@virtual
async def test_each_role_gets_at_the_api_what_the_table_says(role: Role) -> None:
    """S9: one cell for each role and route that declares an act or is judged by the core."""
    async with open_desk(everybody()) as desk, script(desk, role) as client:
        assert await cells(desk, role, client, is_api=True) == []


@pytest.mark.parametrize("role", list(Role))
@virtual
async def test_each_role_gets_on_the_pages_what_the_table_says(role: Role) -> None:
    """The same cells on the cabinet's own screen."""
    async with open_desk(everybody()) as desk, screen(desk, role) as browser:
        assert await cells(desk, role, browser, is_api=False) == []


@pytest.mark.parametrize("role", list(Role))
@virtual
async def test_each_role_is_granted_the_kinds_of_access_that_the_table_says(role: Role) -> None:
    """Twelve roles, every kind: whatever else is refused, the role is the reason exactly where the table has no word."""
    async with open_desk(everybody()) as desk, script(desk, role) as client:
        pocket = desk.pocket_of(PLAIN)
        for number, kind in enumerate(KINDS):
            wish = {"id": f"k{number}", "kind": kind, "item": PLAIN, "units": 1, "patient": PATIENT, "pocket": pocket}
            answer = await client.post("/api/v1/accesses", json=wish)
            said = answer.json().get("code", "")
            if desk.world.policy.allows(role, kind):
                assert said != "policy.role", f"{role} may {kind}"
            else:
                assert answer.status_code >= 400, f"{role} got {kind}"
            await client.post(f"/api/v1/accesses/k{number}/cancel")
            await desk.calm()
            desk.hardware.shut_all()
            await desk.calm()


def test_nothing_that_comes_over_mqtt_reaches_the_core() -> None:
    """No topic unlocks anything: the rooms behind the broker know neither the mailbox nor any event."""
    rooms = [*modules("cabinet/courier"), *(file for file in modules("cabinet/adapters") if "report" in file.name or "sender" in file.name)]
    assert rooms
    reached = [file.name for file in rooms if re.search(r"cabinet\.controller|domain\.events|domain import .*events", file.read_text())]
    assert reached == []
