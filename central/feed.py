"""Tell open pages and subscribers that something changed, so that they ask again.

Alone knows: who listens, and that a burst of changes is one word.
Must not know: what changed in detail; pages, HTTP.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping

GATHER_S = 0.05
"""Changes within this time are told together."""

Changes = dict[str, list[str]]
"""By cabinet: facts, stock, restock, state, discrepancies, alerts."""


class Feed:
    """All listeners of one server. A slow listener is told of everything at once; nothing piles up."""

    def __init__(self) -> None:
        self._listeners: set[_Listener] = set()
        self._is_closed = False

    def tell(self, changed: Mapping[str, set[str]]) -> None:
        """Something of some cabinets changed."""
        for listener in self._listeners:
            listener.tell(changed)

    def close(self) -> None:
        """Let every listener go; a server that stops waits for none."""
        self._is_closed = True
        for listener in self._listeners:
            listener.wake()

    async def listen(self, keep_alive_s: float) -> AsyncIterator[Changes]:
        """Changes from now on; each item says what changed since the last one, an empty one that nothing did for so long."""
        listener = _Listener()
        self._listeners.add(listener)
        try:
            while not self._is_closed:
                yield await listener.next(keep_alive_s)
        finally:
            self._listeners.discard(listener)


class _Listener:
    def __init__(self) -> None:
        self._changed: dict[str, set[str]] = {}
        self._is_any = asyncio.Event()

    def tell(self, changed: Mapping[str, set[str]]) -> None:
        for cabinet, what in changed.items():
            self._changed.setdefault(cabinet, set()).update(what)
        if self._changed:
            self.wake()

    def wake(self) -> None:
        self._is_any.set()

    async def next(self, keep_alive_s: float) -> Changes:
        try:
            async with asyncio.timeout(keep_alive_s):
                await self._is_any.wait()
        except TimeoutError:
            return {}
        await asyncio.sleep(GATHER_S)
        self._is_any.clear()
        changed, self._changed = self._changed, {}
        return {cabinet: sorted(what) for cabinet, what in sorted(changed.items())}
