"""Callers of the kiosk for the stories: a script with a bearer token, and a browser with a cookie.

Alone knows: how each proves who it is. Must not know: what is asked of the cabinet.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from tests.stories.desk import PIN, Desk

ORIGIN = "https://localhost"


@asynccontextmanager
async def stranger(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody who has not signed in. Nothing is sent over a wire."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(desk.app), base_url=ORIGIN) as client:
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


async def asked(client: httpx.AsyncClient, access: str = "a1", **wish: Any) -> httpx.Response:
    """Ask for an access by the API."""
    return await client.post("/api/v1/accesses", json={"id": access, **wish})
