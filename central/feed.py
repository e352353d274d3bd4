"""Tell open pages and subscribers that something changed, so that they ask again.

Alone knows: who listens, that a burst of changes is one word, and that the server's own work gives way to storing.
Must not know: what changed in detail; pages, HTTP.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterator, Mapping

GATHER_S = 0.05
"""Changes within this time are told together."""
PATIENCE_S = 15.0
"""Nothing gives way to facts that wait to be stored for longer than this."""
GLANCE_S = 0.2
"""So often whoever gives way sees whether facts still wait."""

PHARMACY = ""
"""Stands where a cabinet does for what is the pharmacy's own: pick lists, recalls, people."""

Changes = dict[str, list[str]]
"""By cabinet: facts, stock, restock, state, discrepancies, alerts; what the pharmacy's own rooms tell of themselves."""


class Feed:
    """All listeners of one server. A slow listener is told of everything at once; nothing piles up.

    `is_storing`: whether facts wait to be stored, which come before whatever is made of them.
    """

    def __init__(self, is_storing: Callable[[], bool] = lambda: False) -> None:
        self.is_storing = is_storing
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
        with self._listening() as listener:
            while not self._is_closed:
                await listener.wait(keep_alive_s)
                yield listener.take()

    async def follow(self, keep_alive_s: float) -> AsyncIterator[Changes]:
        """As `listen`, for work that nobody waits for: it is told once no facts wait to be stored, or after PATIENCE_S.

        The first item comes at once and is empty: whoever then looks at everything misses nothing that comes while they look.
        """
        with self._listening() as listener:
            yield {}
            while not self._is_closed:
                await listener.wait(keep_alive_s)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(PATIENCE_S):
                        while self.is_storing():  # noqa: ASYNC110 - a storm is a matter of seconds, and whoever stores has no time to tell
                            await asyncio.sleep(GLANCE_S)
                yield listener.take()

    @contextlib.contextmanager
    def _listening(self) -> Iterator["_Listener"]:
        listener = _Listener()
        self._listeners.add(listener)
        try:
            yield listener
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

    async def wait(self, keep_alive_s: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(keep_alive_s):
                await self._is_any.wait()
            await asyncio.sleep(GATHER_S)

    def take(self) -> Changes:
        self._is_any.clear()
        changed, self._changed = self._changed, {}
        return {cabinet: sorted(what) for cabinet, what in sorted(changed.items())}
