"""A person at the cabinet, asked line by line: the hands and eyes of a walk.

Alone knows: what is asked, in which words. Must not know: what an answer proves.
"""

from typing import Self

import click

from cabinet.cli.hw import asking

ASKED_FOR = {"reader": "badge", "scanner": "package with a GS1 code, lot and serial on it"}


class AskedHand:
    """See `cabinet.workbench.hand.Hand`. An empty answer skips where skipping is possible."""

    is_unattended = False
    patience_s = 60.0

    async def __aenter__(self) -> Self:
        """Nothing has to be reached."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Nothing has to be left."""

    async def may_take(self) -> bool:
        """See Hand."""
        return bool(await asking.yes("The cabinet went back to the ward: its time was over, or somebody needed it. Take it again?"))

    async def again(self, what: str, seen: str) -> bool:
        """See Hand."""
        click.echo(f"!!! {what} did not pass: {seen}", err=True)
        return bool(await asking.yes("Put it right and try it again?", empty="no, go on"))

    async def is_ready(self, board: str, kind: str, within_s: int) -> bool:
        """See Hand."""
        what = ASKED_FOR[kind]
        question = f"{board}: have a {what} at hand and press Enter; it listens for {within_s} s then (s: skip)"
        return await asking.line(question) != "s"

    async def show(self, board: str, kind: str) -> None:
        """See Hand."""
        click.echo(f">>> {'hold the badge to' if kind == 'reader' else 'scan the package with'} {board} now", err=True)

    async def is_shut(self, drawer: str, pocket: str | None, place: str) -> bool | None:
        """See Hand."""
        del drawer, pocket
        return await asking.yes(f"{place}: is it really shut?", empty="cannot tell")

    async def others_open(self, drawer: str, pocket: str | None, place: str) -> tuple[str, ...]:
        """See Hand."""
        del drawer, pocket
        answer = await asking.line(f"{place}: did anything else open? (its name, Enter: no)")
        if answer.lower() in asking.YES:
            answer = await asking.line("Which drawer or lid?") or "another one"
        return (answer,) if answer and answer.lower() not in asking.NO else ()

    async def pull(self, drawer: str, pocket: str | None, place: str, *, is_sprung: bool) -> None:
        """See Hand."""
        del drawer, pocket
        what = "it springs open" if is_sprung else "pull it open: it has no spring"
        click.echo(f">>> {place} is released now: {what}", err=True)

    async def push(self, drawer: str, pocket: str | None, place: str) -> None:
        """See Hand. Doors are watched: nobody has to say when it is done."""
        del drawer, pocket
        click.echo(f">>> push shut: {place}, and whatever else stands open in its way", err=True)

    async def is_lit(self, pocket: str, place: str) -> bool | None:
        """See Hand."""
        del pocket
        return await asking.yes(f"{place}: does its light burn?", empty="skip")

    async def flip_eye(self, pocket: str, place: str) -> bool | None:
        """See Hand."""
        del pocket
        return await asking.yes(f"{place}: fill it if it is empty, else empty it. Is it empty now?", empty="skip")

    async def put_back(self, pocket: str, place: str) -> None:
        """See Hand."""
        del pocket
        await asking.line(f"{place}: put it back as it was, then Enter")

    async def load(self, pocket: str, place: str) -> int | None:
        """See Hand."""
        del pocket
        return await asking.grams(f"{place}: lay a known mass on it. How much is it?")

    async def unload(self, pocket: str, place: str) -> None:
        """See Hand."""
        del pocket
        await asking.line(f"{place}: take it off, then Enter")
