"""A person at the cabinet, asked line by line: the hands and eyes of a walk.

Alone knows: what is asked, in which words. Must not know: what an answer proves.
"""

import asyncio
from decimal import Decimal, InvalidOperation
from typing import Self

import click


class AskedHand:
    """See `cabinet.workbench.hand.Hand`. An empty answer skips where skipping is possible."""

    is_unattended = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def is_shut(self, drawer: str, pocket: str | None, place: str) -> bool | None:
        """See Hand."""
        del drawer, pocket
        return await _yes(f"{place}: is it really shut?")

    async def others_open(self, drawer: str, pocket: str | None, place: str) -> tuple[str, ...]:
        """See Hand."""
        del drawer, pocket
        other = await _line(f"{place}: did another drawer or lid open? Name it, or Enter for no")
        return (f"lid of {other}" if "lid" in place else other,) if other else ()

    async def pull(self, drawer: str, pocket: str | None, place: str) -> None:
        """See Hand."""
        del drawer, pocket
        click.echo(f">>> {place} is being released: it should open now (pull it, if it has no spring)", err=True)

    async def push(self, drawer: str, pocket: str | None, place: str) -> None:
        """See Hand."""
        del drawer, pocket
        await _line(f"{place}: push it shut, then Enter")

    async def is_lit(self, pocket: str, place: str) -> bool | None:
        """See Hand."""
        del pocket
        return await _yes(f"{place}: does its light burn?")

    async def flip_eye(self, pocket: str, place: str) -> bool | None:
        """See Hand."""
        del pocket
        answer = await _line(f"{place}: fill it if it is empty, else empty it. Is it empty now (y/n, Enter: skip)")
        return {"y": True, "n": False}.get(answer[:1].lower())

    async def put_back(self, pocket: str, place: str) -> None:
        """See Hand."""
        del pocket
        await _line(f"{place}: put it back as it was, then Enter")

    async def load(self, pocket: str, place: str) -> int | None:
        """See Hand."""
        del pocket
        answer = await _line(f"{place}: lay a known mass on it. How many grams (Enter: skip)")
        try:
            return int(Decimal(answer) * 1000) if answer else None
        except InvalidOperation:
            return None

    async def unload(self, pocket: str, place: str) -> None:
        """See Hand."""
        del pocket
        await _line(f"{place}: take it off, then Enter")


async def _line(question: str) -> str:
    """An answer, read beside the loop: doors are watched meanwhile."""
    return await asyncio.to_thread(lambda: str(click.prompt(question, default="", show_default=False, err=True)).strip())


async def _yes(question: str) -> bool:
    return await asyncio.to_thread(lambda: click.confirm(question, default=True, err=True))
