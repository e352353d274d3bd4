"""The ward's listener releases nothing: every one of its routes, what each stands on, and everything that it could ever say.

Why it matters: it is the one listener that a network can reach. That no call there opens a drawer must not rest on somebody having
thought of each call; it rests on what is not in the room.
"""

import ast
from pathlib import Path
from typing import Any, get_args

import grimp
import httpx
import pytest

import cabinet.ward
from cabinet.domain import events
from cabinet.ward.desk import Said
from tests.stories.desk import NURSE, open_desk
from tests.stories.onlooker import passer_by, phone, ward_of, ward_script
from tests.stories.test_doors import FILLED, named, routes_of
from tests.virtual import virtual

OPEN = {
    "POST /api/v1/sessions": "signing in",
    "GET /healthz": "alive, and nothing else",
    "GET /": "the sign-in page",
    "POST /sign-in": "signing in",
    "POST /language": "in which language the pages go on",
    "GET /live": "that something changed, and not what",
}
"""What a stranger may ask, and what it is."""

SIGNED_IN = {
    "DELETE /api/v1/sessions", "GET /api/v1/patients", "GET /api/v1/patients/{patient_id}/orders", "GET /api/v1/stock", "GET /api/v1/queue",
    "GET /api/v1/picks", "POST /api/v1/accesses", "GET /api/v1/accesses/{access_id}", "POST /api/v1/accesses/{access_id}/cancel",
    "POST /sign-out", "POST /stay", "GET /patients/{patient_id}", "GET /picks", "POST /picks", "POST /picks/{pick_id}/drop", "GET /queue",
}  # fmt: skip
"""What somebody may who takes medicines and signed in here."""

ROOM = Path(cabinet.ward.__file__).parent
BODY: dict[str, Any] = {
    "id": "k1", "kind": "withdraw", "authority": "order", "order": "o-301-2", "item": "acetaminophen-325-tab", "units": 1,
    "patient": "p-301", "pocket": "m1-01", "reason": "pain",
}  # fmt: skip


@virtual
async def test_these_are_all_the_routes_there_are() -> None:
    """A new route is added here by somebody who asks what it opens."""
    async with open_desk() as desk:
        assert {named(route) for route in routes_of(ward_of(desk))} == OPEN.keys() | SIGNED_IN


@virtual
async def test_a_stranger_is_told_nothing_but_to_sign_in() -> None:
    """No patient, no name, no balance without a session."""
    async with open_desk() as desk, passer_by(desk) as client:
        for route in SIGNED_IN:
            method, path = route.split(" ")
            answer = await client.request(method, path.format(**FILLED, pick_id="k1"), json={} if path.startswith("/api") else None)
            assert answer.status_code in {401, 303, 422}, route
            assert "Voss" not in answer.text


@pytest.mark.parametrize("kind", ["withdraw", "emergency", "count", "refill", "return", "waste", "load", "unload"])
@virtual
async def test_no_route_moves_a_lock_whatever_is_sent_to_it(kind: str) -> None:
    """Every path, as a script and as a phone, before and after something is picked: no pulse, no access, no session at the cabinet."""
    async with open_desk() as desk, ward_script(desk, NURSE) as program, phone(desk, NURSE) as browser:
        wish = BODY | {"kind": kind}
        for _ in range(2):
            for route in sorted(SIGNED_IN - {"DELETE /api/v1/sessions", "POST /sign-out"}):
                method, path = route.split(" ")
                await _send(program if path.startswith("/api") else browser, method, path.format(**FILLED, pick_id="k1"), wish)
                await desk.calm()
        assert not desk.hardware.pulses
        assert not desk.core.state.accesses
        assert not desk.core.state.sessions


async def _send(client: httpx.AsyncClient, method: str, path: str, wish: dict[str, Any]) -> None:
    if path.startswith("/api"):
        await client.request(method, path, json=wish)
    else:
        await client.request(method, path, data={name: str(value) for name, value in wish.items()} if method == "POST" else None)


def test_the_room_stands_on_no_route_of_the_kiosk_and_holds_no_controller() -> None:
    """What is not reached by any import cannot be called by a slip: no module of the kiosk that has a route, no controller, no driver."""
    graph = grimp.build_graph("cabinet", "drivers", include_external_packages=False)
    reached = graph.find_upstream_modules("cabinet.ward", as_package=True)
    with_routes = {name for name in reached if name.startswith("cabinet.kiosk") and "APIRouter(" in _source(name)}
    assert with_routes == set()
    assert {"cabinet.controller", "cabinet.kiosk.floor", "cabinet.kiosk.reception", "cabinet.kiosk.wish"}.isdisjoint(reached)
    assert not any(name.startswith("drivers") for name in reached)


def _source(module: str) -> str:
    place = ROOM.parents[1] / module.replace(".", "/")
    return (place / "__init__.py" if place.is_dir() else place.with_suffix(".py")).read_text()


def test_the_room_makes_no_event_but_those_that_it_may_say() -> None:
    """What it imports of the core's alphabet is what stands in `desk.py`; and of commands it knows none."""
    imported = {name for file in ROOM.rglob("*.py") for module, name in _imports(file) if module.startswith("cabinet.domain.events")}
    assert imported == {event.__name__ for event in get_args(Said)}
    assert not [file.name for file in ROOM.rglob("*.py") for module, name in _imports(file) if "commands" in {module.split(".")[-1], name}]


def _imports(file: Path) -> list[tuple[str, str]]:
    return [
        (node.module or "", name.name)
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    ]


def test_the_other_tests_here_can_fail() -> None:
    """The kiosk's own room stands on all that this one may not."""
    graph = grimp.build_graph("cabinet", include_external_packages=False)
    assert "cabinet.controller" in graph.find_upstream_modules("cabinet.kiosk", as_package=True)
    assert events.AccessAsked not in get_args(Said)
