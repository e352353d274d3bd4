"""Callers of the kiosk for the stories: a script with a bearer token, and a browser with a cookie.

Alone knows: how each proves who it is. Must not know: what is asked of the cabinet.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from cabinet.rehearsal.prescribing import prescribe
from tests.stories.desk import PIN, Desk

ORIGIN = "https://localhost"

DESKS: WeakKeyDictionary[httpx.AsyncClient, Desk] = WeakKeyDictionary()
"""The cabinet that each caller stands before."""


def known_to(desk: Desk) -> set[str]:
    """The patients of a cabinet."""
    return {patient.id for patient in desk.core.scene.patients()}


@asynccontextmanager
async def stranger(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in. Nothing is sent over a wire."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(desk.app), base_url=ORIGIN) as client:
        DESKS[client] = desk
        yield client


@asynccontextmanager
async def script(desk: Desk, who: str, *, by: str = "badge") -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the API with a token, signed in by badge or by id."""
    async with stranger(desk) as client:
        named = {"badge": f"badge-{who}"} if by == "badge" else {"id": who}
        answer = await client.post("/api/v1/sessions", json={**named, "secret": PIN})
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


@asynccontextmanager
async def screen(desk: Desk, who: str) -> AsyncIterator[httpx.AsyncClient]:
    """A browser at the cabinet with a cookie; it follows redirections as a browser does."""
    async with stranger(desk) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        client.follow_redirects = True
        answer = await client.post("/sign-in", data={"badge": f"badge-{who}", "secret": PIN})
        assert answer.status_code == 200, answer.text
        yield client


async def ordered(client: httpx.AsyncClient, wish: dict[str, Any]) -> dict[str, Any]:
    """A withdrawal for a patient that names no word to go by is ordered first, and verified."""
    desk = DESKS[client]
    if wish.get("kind") == "withdraw" and wish.get("patient") in known_to(desk) and not {"order", "authority"} & wish.keys():
        line = desk.core.state.lines.get(wish.get("pocket", ""))
        item = wish.get("item") or ("" if line is None else line.item)
        if item in desk.core.world.formulary:
            return wish | {"order": await prescribe(desk.controller, wish["patient"], item, int(wish.get("units") or 1))}
    return wish


async def asked(client: httpx.AsyncClient, access: str = "a1", **wish: Any) -> httpx.Response:
    """Ask for an access by the API."""
    return await client.post("/api/v1/accesses", json=await ordered(client, {"id": access, **wish}))


async def touched(browser: httpx.AsyncClient, wish: dict[str, Any]) -> httpx.Response:
    """Ask for an access by a page's form."""
    return await browser.post("/accesses", data=await ordered(browser, wish))
