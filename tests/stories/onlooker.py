"""People who look in from the ward, for the stories: a phone with a cookie, a script with a token, both at the ward's listener.

Alone knows: how each proves who it is there. Must not know: what is asked of the cabinet.
"""

import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from weakref import WeakKeyDictionary

import httpx
from fastapi import FastAPI

from cabinet.ward.app import create_ward
from tests.stories.caller import ORIGIN
from tests.stories.desk import PIN, Desk

WARDS: WeakKeyDictionary[Desk, FastAPI] = WeakKeyDictionary()


def ward_of(desk: Desk) -> FastAPI:
    """The ward's listener of a cabinet: one for all who look in."""
    if desk not in WARDS:
        numbers, floor = itertools.count(1), desk.app.state.floor
        WARDS[desk] = create_ward(
            desk.controller, floor.reception.directory, floor.live,
            new_token=lambda: f"ward-token-{next(numbers)}", new_id=lambda: f"ahead-{next(numbers)}",
        )  # fmt: skip
    return WARDS[desk]


@asynccontextmanager
async def passer_by(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """Somebody on the ward's network who has not signed in. Nothing is sent over a wire."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(ward_of(desk)), base_url=ORIGIN) as client:
        yield client


@asynccontextmanager
async def ward_script(desk: Desk, who: str) -> AsyncIterator[httpx.AsyncClient]:
    """A caller of the ward's API with a token of that listener."""
    async with passer_by(desk) as client:
        answer = await client.post("/api/v1/sessions", json={"id": who, "secret": PIN})
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


@asynccontextmanager
async def phone(desk: Desk, who: str) -> AsyncIterator[httpx.AsyncClient]:
    """A phone with a cookie; it follows redirections as a browser does."""
    async with passer_by(desk) as client:
        client.headers["Sec-Fetch-Site"] = "same-origin"
        client.follow_redirects = True
        answer = await client.post("/sign-in", data={"id": who, "secret": PIN})
        assert answer.status_code == 200, answer.text
        yield client
