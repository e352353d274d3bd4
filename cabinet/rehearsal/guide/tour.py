"""Where a visitor is in the script: each move ends when it is recognised, whether a hand did it or "next".

Alone knows: which move is the present one, and what was seen since it began.
Must not know: what the moves are, or how they are shown.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cabinet.adapters.journal_reader import read_journal
from cabinet.domain.facts import Entry, SessionOpened, SessionResumed
from cabinet.ports import JournalBroken
from cabinet.rehearsal.guide.look import Look
from cabinet.rehearsal.guide.move import Move, Stage, never
from cabinet.rehearsal.guide.script import MOVES
from cabinet.rehearsal.guide.visitor import Refused, TookTooLong, Visitor

LOOK_S = 0.4
SEEN_LOOKS = 40
KEEP_S = 20.0
"""A session ends after a minute without a touch; whoever reads the script meanwhile has not gone."""


@dataclass(frozen=True, slots=True)
class Network:
    """The cabinet's network cable."""

    pull: Callable[[], None]
    plug: Callable[[], None]
    is_plugged: Callable[[], bool]


@dataclass
class Tour:
    """One walk through the script.

    `said` is why the last "next" went wrong, or what it was told; `screen` is the kiosk's page that it led to.
    """

    visitor: Visitor
    network: Network
    journal: Path
    at: int = 0
    said: str = ""
    screen: str = "/"
    turn: int = 0
    """Grows with every change that a page must follow."""
    is_busy: bool = False
    _entries: list[Entry] = field(default_factory=list)
    _begun: tuple[int, int] = (0, 0)
    _since: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def move(self) -> Move | None:
        """The present move; None at the end."""
        return MOVES[self.at] if self.at < len(MOVES) else None

    async def begin(self, at: int = 0) -> None:
        """Stand before a move; what happened until now counts no more, except at a step back or ahead."""
        with contextlib.closing(read_journal(self.journal)) as journal:
            head = journal.head
        if at == 0:
            self._entries.clear()
            self._begun = (head.epoch, head.seq)
        await self._stand(at, head.seq)

    async def do(self, name: str) -> None:
        """Do the present move for the visitor, and go on to the next one; nothing, where it is over already by what was done by hand."""
        move = self.move
        if move is None or move.id != name or self.is_busy:
            return
        self.is_busy, self.said, self.visitor.heard = True, "", ""
        await self._tell()
        try:
            self.screen = await move.perform(self._stage())
            await self._recognise(move)
        except (Refused, TookTooLong, httpx.HTTPError, LookupError, StopIteration) as problem:
            self.said = f"This did not work: {problem}. Do it by hand, or press next again."
        else:
            await self._go_on(move)
        finally:
            self.is_busy, self.said = False, self.said or self.visitor.heard
            await self._tell()

    async def _recognise(self, move: Move) -> None:
        """Wait until what was done is seen as what a hand would have done. Raises TookTooLong."""
        if move.is_done is never:
            return
        for _ in range(SEEN_LOOKS):
            if move.is_done(await self.look()):
                return
            await asyncio.sleep(LOOK_S / 2)
        raise TookTooLong("nothing shows that it happened")

    async def watch(self) -> None:
        """Recognise what is done by hand, for ever; one round costs a look at the three parts."""
        kept_s, loop, prepared = 0.0, asyncio.get_running_loop(), self.move
        while True:
            await asyncio.sleep(LOOK_S)
            move = self.move
            with contextlib.suppress(httpx.HTTPError, Refused):
                if loop.time() > kept_s + KEEP_S and self.visitor.token:
                    kept_s = loop.time()
                    await self.visitor.is_there()
                if move is not prepared:
                    prepared = move
                    await self._prepare()
                if move is not None and not self.is_busy and move.is_done(await self.look()):
                    await self._go_on(move)

    async def look(self) -> Look:
        """What is to be seen now."""
        with contextlib.suppress(JournalBroken), contextlib.closing(read_journal(self.journal)) as journal:
            epoch, seq = (self._entries[-1].epoch, self._entries[-1].seq) if self._entries else self._begun
            self._entries.extend(journal.history(epoch, seq))
        plant, cabinet = await self.visitor.plant(), self.visitor.places.cabinet
        stock = await self.visitor.pharmacy("/stock", cabinet=cabinet)
        held = await self.visitor.pharmacy(f"/cabinets/{cabinet}")
        units = {row["pocket"]: row["units"] for row in stock}
        return Look(tuple(self._entries), self._since, plant, units, held["seq"], self.network.is_plugged())

    def adopt(self, token: str | None) -> None:
        """The screen's own session, which a visitor may have opened by hand: whoever signed in last is there."""
        if token and token != self.visitor.token:
            came = [entry.staff for entry in self._entries if isinstance(entry.fact, (SessionOpened, SessionResumed))]
            self.visitor.token, self.visitor.who = token, str(came[-1]) if came else ""

    async def changes(self) -> AsyncIterator[int]:
        """The turn at once, and again whenever a page must follow."""
        shown = -1
        while True:
            async with self._changed:
                await self._changed.wait_for(lambda: self.turn != shown)  # noqa: B023 - looked at while it waits
                shown = self.turn
            yield shown

    def _stage(self) -> Stage:
        return Stage(self.visitor, self.network.pull, self.network.plug, self.look)

    async def _prepare(self) -> None:
        if self.move is not None and self.move.prepare is not None:
            await self.move.prepare(self._stage())

    async def _go_on(self, move: Move) -> None:
        if self.move is move:
            await self._stand(self.at + 1, self._entries[-1].seq if self._entries else self._since)

    async def _stand(self, at: int, since: int) -> None:
        self.at, self._since, self.said = at, since, ""
        await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self.turn += 1
            self._changed.notify_all()
