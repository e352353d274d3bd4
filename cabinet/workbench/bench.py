"""The technician's bench as a caller sees it: the kiosk's routes under `/api/v1/hardware`, through whatever carries HTTP.

Alone knows: which route is which act, and how a "no" comes back. Must not know: how results are shown, or what is done with them.

The same client speaks to the running controller by loopback and, where none runs, to one in this very process.
"""

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import httpx

Json = dict[str, Any]
ANSWERS_WITHIN_S = 60.0


class Unreachable(Exception):
    """Nobody answers at the address of the kiosk or of the virtual cabinet; says where."""


class Refused(Exception):
    """The cabinet said no. `code` is in the catalogue, `status` the answer's."""

    def __init__(self, code: str, sentence: str, remedy: str, status: int) -> None:
        super().__init__(f"{sentence} {remedy} ({code})")
        self.code = code
        self.sentence = sentence
        self.status = status


@dataclass(frozen=True)
class Bench:
    """A technician who is signed in. Every method raises Refused or Unreachable."""

    client: httpx.AsyncClient
    staff: Json

    async def stay(self) -> None:
        """Somebody is still here: what is followed for longer than a session lasts untouched says so."""
        await _answer(self.client, "POST", "/api/v1/sessions/active")

    async def picture(self) -> Json:
        """What the cabinet believes of its locks, pockets, boards and lines."""
        return await self._ask("GET", "")

    async def take(self) -> Json:
        """Take the cabinet into maintenance, or for the whole time afresh."""
        return await self._ask("POST", "/maintenance")

    async def give_back(self) -> None:
        """Give it back to the ward."""
        await self._ask_any("DELETE", "/maintenance")

    async def identify(self, board: str) -> Json:
        """Who a board says that it is."""
        return await self._ask("GET", f"/boards/{quote(board)}/identity")

    async def read(self, board: str, change: str = "") -> Json:
        """Everything that a board tells; with `change` a scale's change, `from_here` or `since` then."""
        return await self._ask("GET", f"/boards/{quote(board)}/reading", params={"change": change} if change else {})

    async def pulse(self, lock: str) -> Json:
        """Pulse one lock once; answers when looking is over."""
        return await self._ask("POST", f"/locks/{quote(lock)}/pulse")

    async def light(self, pocket: str, for_s: float) -> None:
        """Light a guide light for some seconds."""
        await self._ask_any("POST", f"/lights/{quote(pocket)}", json={"for_s": for_s})

    async def hear(self, board: str, wait_s: int) -> Json:
        """What a reader or scanner hears within some seconds."""
        return await self._ask("POST", f"/boards/{quote(board)}/hearing", params={"wait_s": wait_s})

    async def count(self, pocket: str) -> Json:
        """Weigh a pocket and count."""
        return await self._ask("GET", f"/pockets/{quote(pocket)}/count")

    async def probe(self, bus: str, address: int) -> Json:
        """See whether anybody answers at an address."""
        return await self._ask("POST", f"/lines/{quote(bus)}/probe/{address}")

    async def move(self, bus: str, source: int, target: int) -> Json:
        """Give a board another address."""
        return await self._ask("POST", f"/lines/{quote(bus)}/address", json={"source": source, "target": target})

    async def trace(self, after: int, wait_s: float) -> list[Json]:
        """Frames after a number."""
        frames: list[Json] = await self._ask_any("GET", "/trace", params={"after": after, "wait_s": wait_s})
        return frames

    async def selftest(self) -> list[str]:
        """Look at every board."""
        findings: list[str] = await self._ask_any("POST", "/selftest")
        return findings

    async def keep(self, scope: str, channels: list[Json], *, is_unattended: bool) -> Json:
        """Have the result of a walk signed and kept."""
        return await self._ask("POST", "/results", json={"scope": scope, "channels": channels, "is_unattended": is_unattended})

    async def recover(self, lock: str) -> None:
        """Say that a failed drawer was freed and pushed shut."""
        await _answer(self.client, "POST", f"/api/v1/faults/{quote(lock)}/recovery")

    async def ask(self, method: str, path: str, **rest: Any) -> Any:
        """Any other route under `/api/v1`, for whoever is signed in."""
        return await _answer(self.client, method, f"/api/v1{path}", **rest)

    async def fetch(self, path: str, **rest: Any) -> bytes:
        """A file that the cabinet hands over, for whoever is signed in."""
        return (await _reply(self.client, "GET", f"/api/v1{path}", **rest)).content

    async def _ask(self, method: str, path: str, **rest: Any) -> Json:
        told: Json = await self._ask_any(method, path, **rest)
        return told

    async def _ask_any(self, method: str, path: str, **rest: Any) -> Any:
        return await _answer(self.client, method, f"/api/v1/hardware{path}", **rest)


async def ask(client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> Any:
    """What the cabinet answers to somebody who has not signed in. Raises Refused, Unreachable."""
    return await _answer(client, method, f"/api/v1{path}", **rest)


async def _answer(client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> Any:
    answer = await _reply(client, method, path, **rest)
    return None if answer.status_code == HTTPStatus.NO_CONTENT else answer.json()


async def _reply(client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> httpx.Response:
    try:
        answer = await client.request(method, path, **rest)
    except httpx.TransportError as problem:
        raise Unreachable(f"nobody answers at {client.base_url}: {problem}") from problem
    if answer.is_success:
        return answer
    try:
        told = answer.json()
        refused = Refused(told["code"], told["title"], told["remedy"], answer.status_code)
    except (ValueError, KeyError) as odd:
        raise Unreachable(f"{client.base_url}{path} answered {answer.status_code}, and not as a cabinet does") from odd
    raise refused


def boards_of(picture: Json, names: Collection[str]) -> list[Json]:
    """The boards of these names. Raises Refused for a name that the site has not."""
    known: dict[str, Json] = {board["board"]: board for board in picture["boards"]}
    for name in names:
        if name not in known:
            raise Refused("service.no_board", f"There is no board {name}; there are {', '.join(known)}.", "", HTTPStatus.NOT_FOUND)
    return [known[name] for name in names]


@asynccontextmanager
async def signed_in(client: httpx.AsyncClient, badge: str, pin: str) -> AsyncIterator[Bench]:
    """A technician at the bench, signed out at the end (which gives the cabinet back). Raises Refused, Unreachable."""
    session = await _answer(client, "POST", "/api/v1/sessions", json={"badge": badge, "secret": pin})
    client.headers["Authorization"] = f"Bearer {session['token']}"
    try:
        yield Bench(client, session["staff"])
    finally:
        await asyncio.shield(_leave(client))


async def _leave(client: httpx.AsyncClient) -> None:
    try:
        await client.delete("/api/v1/sessions")
    except httpx.TransportError:
        return  # the controller went first, and with it the session
