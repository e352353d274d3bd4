"""The virtual cabinet's own hands, for the simulator and for continuous integration.

Alone knows: which act on the virtual cabinet's page is which act of a hand. Must not know: what is being proven by it.
"""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager

import httpx

from cabinet.workbench.bench import Unreachable


class VirtualHand:
    """The hands of the virtual cabinet's page, for the simulator and for continuous integration."""

    is_unattended = True
    patience_s = 10.0

    def __init__(self, page: httpx.AsyncClient) -> None:
        self._page = page
        self._undo: dict[str, tuple[str, int]] = {}

    async def ensure_at(self, drawers: Collection[str]) -> None:
        """Raises Unreachable unless a virtual cabinet answers, and it has these drawers: hands at another one open what nobody watches."""
        plant = await self._plant()
        rows = plant.get("drawers")
        if not isinstance(rows, list) or {row["id"] for row in rows} != set(drawers):
            raise Unreachable(f"what answers at {self._page.base_url} is not this cabinet's virtual one: name its page with --auto URL")

    async def _plant(self) -> dict[str, object]:
        plant: dict[str, object] = await self._ask("GET", "/api/v1/plant")
        return plant

    async def _act(self, act: str, **what: object) -> bool:
        return bool((await self._ask("POST", "/api/v1/hands", {"act": act, **what}))["is_possible"])

    async def _ask(self, method: str, path: str, body: dict[str, object] | None = None) -> dict[str, object]:
        try:
            answer = await self._page.request(method, path, json=body)
            answer.raise_for_status()
            told: dict[str, object] = answer.json()
        except (httpx.HTTPError, ValueError) as problem:
            where = self._page.base_url
            raise Unreachable(f"no virtual cabinet answers at {where}: name its page with --auto URL ({problem})") from problem
        return told

    async def _one(self, kind: str, name: str) -> dict[str, object]:
        rows = (await self._plant())[kind]
        assert isinstance(rows, list)
        row: dict[str, object] = next(row for row in rows if row["id"] == name)
        return row

    async def may_take(self) -> bool:
        """See Hand."""
        return False

    async def again(self, what: str, seen: str) -> bool:
        """See Hand: nobody is there to put anything right."""
        del what, seen
        return False

    async def is_ready(self, board: str, kind: str, within_s: int) -> bool:
        """See Hand."""
        del board, kind, within_s
        return True

    async def show(self, board: str, kind: str) -> None:
        """See Hand."""
        shown = {"act": "show_badge", "badge": BADGE} if kind == "reader" else {"act": "scan", "code": CODE}
        await self._ask("POST", "/api/v1/hands", {**shown, "device": board})

    async def is_shut(self, drawer: str, pocket: str | None, place: str) -> bool | None:
        """See Hand."""
        del place
        if pocket is None:
            return not (await self._one("drawers", drawer))["is_open"]
        return (await self._one("pockets", pocket))["lid"] == "shut"

    async def others_open(self, drawer: str, pocket: str | None, place: str) -> tuple[str, ...]:
        """See Hand."""
        del place
        plant = await self._plant()
        drawers, pockets = plant["drawers"], plant["pockets"]
        assert isinstance(drawers, list)
        assert isinstance(pockets, list)
        lids = [f"lid of {row['id']}" for row in pockets if row["lid"] == "open" and row["id"] != pocket]
        return (*(str(row["name"]) for row in drawers if pocket is None and row["is_open"] and row["id"] != drawer), *lids)

    async def pull(self, drawer: str, pocket: str | None, place: str, *, is_sprung: bool) -> None:
        """See Hand. A hand at what springs open does no harm."""
        del place, is_sprung
        await (self._act("pull", drawer=drawer) if pocket is None else self._act("lift_lid", pocket=pocket))

    async def push(self, drawer: str, pocket: str | None, place: str) -> None:
        """See Hand. Whatever else came open is shut as well, lids first."""
        del place
        plant = await self._plant()
        rows, pockets = plant["drawers"], plant["pockets"]
        assert isinstance(rows, list)
        assert isinstance(pockets, list)
        if pocket is not None:
            await self._act("close_lid", pocket=pocket)
            return
        for row in pockets:
            if row["lid"] == "open":
                await self._act("close_lid", pocket=row["id"])
        for row in rows:
            if row["is_open"] or row["id"] == drawer:
                await self._act("push", drawer=row["id"])

    async def is_lit(self, pocket: str, place: str) -> bool | None:
        """See Hand."""
        del place
        return bool((await self._one("pockets", pocket))["is_lit"])

    async def flip_eye(self, pocket: str, place: str) -> bool | None:
        """See Hand."""
        del place
        pieces = (await self._one("pockets", pocket))["pieces"]
        assert isinstance(pieces, int)
        act, units = ("take", pieces) if pieces else ("put", 1)
        self._undo[pocket] = ("put" if pieces else "take", units)
        return (act == "take") if await self._act(act, pocket=pocket, units=units) else None

    async def put_back(self, pocket: str, place: str) -> None:
        """See Hand."""
        del place
        act, units = self._undo.pop(pocket)
        await self._act(act, pocket=pocket, units=units)

    async def load(self, pocket: str, place: str) -> int | None:
        """See Hand: some pieces, which the plant weighs to the milligram."""
        del place
        before = (await self._one("pockets", pocket))["mass_mg"]
        if not await self._act("put", pocket=pocket, units=LOADED):
            return None
        after = (await self._one("pockets", pocket))["mass_mg"]
        assert isinstance(before, int)
        assert isinstance(after, int)
        return after - before

    async def unload(self, pocket: str, place: str) -> None:
        """See Hand."""
        del place
        await self._act("take", pocket=pocket, units=LOADED)


LOADED = 5
"""Pieces that make a mass of this hand's own."""
BADGE = "1"
"""A badge of nobody: that it is heard is all that a walk wants to know."""
CODE = "]d201003059103690191727063010AB12C<GS>21SN0001"


@asynccontextmanager
async def virtual_hand(page: str, drawers: Collection[str]) -> AsyncIterator[VirtualHand]:
    """The hands of the virtual cabinet whose page is there. Raises Unreachable, before anything is moved, where it is not this one."""
    async with httpx.AsyncClient(base_url=page) as client:
        hand = VirtualHand(client)
        await hand.ensure_at(drawers)
        yield hand
