"""What changed, told to every screen and script that listens: ids only, never a name.

Alone knows: who listens, which fact was the newest of an access, and which doors have been open for too long.
Must not know: what a change means, or how it is sent.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from dataclasses import dataclass

from cabinet.domain.core import Core
from cabinet.domain.facts import DrawerLeftOpen, DrawerMoved, Entry
from cabinet.domain.state import FINAL

BACKLOG = 64
"""A listener that is this far behind misses changes; the one it reads next makes it look at everything anyway."""
REMEMBERED = 512


@dataclass(frozen=True)
class Change:
    """What a round of facts touched. `seq` is the newest of them."""

    seq: int
    mode: str
    accesses: tuple[str, ...]
    pockets: tuple[str, ...]


class Live:
    """A commit listener that passes on what changed."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._queues: set[asyncio.Queue[Change]] = set()
        self._newest: OrderedDict[str, int] = OrderedDict()
        self.forgotten: set[str] = set()
        """The locks that stand open and have called out. A start looks again and forgets them."""

    def committed(self, entries: tuple[Entry, ...]) -> None:
        """These facts are durable."""
        for entry in entries:
            if isinstance(entry.fact, DrawerLeftOpen):
                self.forgotten.add(entry.fact.lock)
            elif isinstance(entry.fact, DrawerMoved):
                self.forgotten.discard(entry.fact.lock)
        accesses = {str(entry.access): entry.seq for entry in entries if entry.access is not None}
        self._remember(accesses)
        pockets = {str(pocket) for entry in entries if (pocket := getattr(entry.fact, "pocket", None))}
        self._pass_on(Change(entries[-1].seq, self._core.state.mode, tuple(sorted(accesses)), tuple(sorted(pockets))))

    def nudge(self) -> None:
        """Have every screen ask for itself again although no fact says why: a badge was held to the reader."""
        self._pass_on(Change(self._core.state.seq, self._core.state.mode, (), ()))

    def _pass_on(self, change: Change) -> None:
        for queue in self._queues:
            if not queue.full():
                queue.put_nowait(change)

    def newest(self, access: str) -> int:
        """The number of the newest fact of an access; 0 where none was seen since the start."""
        return self._newest.get(access, 0)

    async def changes(self, every_s: float = 0.0) -> AsyncIterator[Change]:
        """Every change from now on; with `every_s` one in so many seconds at most, and then the newest."""
        queue: asyncio.Queue[Change] = asyncio.Queue(BACKLOG)
        self._queues.add(queue)
        try:
            while True:
                change = await queue.get()
                while every_s and not queue.empty():
                    change = queue.get_nowait()
                yield change
                if every_s:
                    await asyncio.sleep(every_s)
        finally:
            self._queues.discard(queue)

    async def wait_for(self, access: str, after: int, wait_s: float) -> None:
        """Return once an access has a fact newer than `after`, is over, or `wait_s` seconds have passed."""
        state = self._core.state.accesses.get(access)
        if self.newest(access) > after or state is None or state.phase in FINAL:
            return
        queue: asyncio.Queue[Change] = asyncio.Queue()
        self._queues.add(queue)
        try:
            async with asyncio.timeout(wait_s):
                while access not in (await queue.get()).accesses:
                    pass
        except TimeoutError:
            return
        finally:
            self._queues.discard(queue)

    def _remember(self, accesses: dict[str, int]) -> None:
        for access, seq in accesses.items():
            self._newest[access] = seq
            self._newest.move_to_end(access)
        while len(self._newest) > REMEMBERED:
            self._newest.popitem(last=False)
