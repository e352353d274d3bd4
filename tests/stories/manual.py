"""The steps of the manual's stories: what somebody does at the cabinet from asking to shutting, over the API.

Alone knows: which answer a person gives to what an access asks. Must not know: what any story is about.
"""

from typing import Any

import httpx

from cabinet.domain.facts import Entry, Fact
from tests.stories.caller import asked
from tests.stories.desk import PIN, Desk


def badge_of(who: str) -> dict[str, str]:
    """What a second person shows at the screen."""
    return {"badge": f"badge-{who}", "secret": PIN}


async def seen(client: httpx.AsyncClient, access: str) -> dict[str, Any]:
    """An access as its person sees it."""
    view: dict[str, Any] = (await client.get(f"/api/v1/accesses/{access}")).json()
    return view


async def said(client: httpx.AsyncClient, access: str, step: str, **body: Any) -> dict[str, Any]:
    """One answer to what an access asks."""
    answer = await client.post(f"/api/v1/accesses/{access}/{step}", json=body)
    assert answer.status_code == 200, answer.text
    view: dict[str, Any] = answer.json()
    return view


async def signed(client: httpx.AsyncClient, access: str, view: dict[str, Any], witness: str = "") -> dict[str, Any]:
    """A second person signs where one is due by now; or nobody is there, and the signature is owed."""
    if "witness" not in view["asks"]:
        return view
    return await said(client, access, "witness", **(badge_of(witness) if witness else {"is_missing": True}))


async def begun(desk: Desk, client: httpx.AsyncClient, access: str, *, witness: str = "", **wish: Any) -> dict[str, Any]:
    """An access that is asked for, signed where it must be, and open where it opens anything."""
    answer = await asked(client, access, **wish)
    assert answer.status_code == 201, answer.text
    await signed(client, access, answer.json(), witness)
    await desk.calm()
    return await seen(client, access)


async def done(
    desk: Desk, client: httpx.AsyncClient, access: str, units: int, *, count: int | None = None, lot: str | None = None,
    expiry: str | None = None, witness: str = "", **wish: Any,
) -> dict[str, Any]:  # fmt: skip
    """A whole access: counted as the record says or as `count` says, stated, shut."""
    view = await begun(desk, client, access, witness=witness, **{"units": units, **wish})
    if "count_before" in view["asks"]:
        there = desk.units_in(view["pocket"]) if count is None else count
        view = await said(client, access, "count", units=there)
    if "count_before" in view["asks"]:
        view = await said(client, access, "count", units=there)
    if "confirm" in view["asks"]:
        told = {"units": units, "lot": lot, "expiry": expiry}
        view = await said(client, access, "confirm", **{word: value for word, value in told.items() if value is not None})
    await signed(client, access, view, witness)
    await desk.shut()
    return await seen(client, access)


def entries(desk: Desk, *kinds: type[Fact]) -> list[Entry]:
    """What the journal holds of these kinds, in order, with who and when."""
    return [entry for entry in desk.journal.entries(0) if isinstance(entry.fact, kinds)]


def facts(desk: Desk, kind: type[Fact]) -> list[Any]:
    """What the journal holds of one kind."""
    return [entry.fact for entry in entries(desk, kind)]


def code(answer: httpx.Response) -> str:
    """The code of a refusal; empty where there is none."""
    body = answer.json()
    return str(body.get("code", "")) if isinstance(body, dict) and answer.status_code >= 400 else ""
