"""Hardware that is none: drawers that play themselves, for training at a real cabinet.

Alone knows: that a drawer which is released springs open and is shut again after a while, the lids before their drawer.
Must not know: any board, line or person. Nothing here reaches a coil.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from cabinet.domain.layout import Drawer, Lock
from cabinet.domain.vocabulary import BoardId, Channel, Weighing
from cabinet.domain.world import World
from cabinet.ports import BadReading, Watcher

OPENS_S = 0.6
SHUTS_S = 12.0
"""So long after the last opening everything is pushed shut: time to read the screen, and to count."""


def training_world(world: World) -> World:
    """A cabinet's world without what no drawer plays: scales, photo-eyes, fridge probes and the power supply."""
    return replace(world, layout=replace(world.layout, drawers=tuple(map(_bare, world.layout.drawers))), supply=None)


def _bare(drawer: Drawer) -> Drawer:
    pockets = tuple(replace(pocket, weighed=None, bin=None) for pocket in drawer.pockets)
    return replace(drawer, pockets=pockets, climate=None)


class InertHardware:
    """The Hardware port without hardware, for a `training_world`."""

    def __init__(self, world: World) -> None:
        self._locks = world.layout.locks
        self._open: dict[str, Lock] = {}
        self._watcher: Watcher | None = None
        self._timers: set[asyncio.TimerHandle] = set()
        self._shutting: asyncio.TimerHandle | None = None

    async def start(self, watcher: Watcher, on_crash: Callable[[BaseException], None]) -> None:  # noqa: ARG002 - nothing here crashes
        """See Hardware. Every door is seen shut."""
        self._watcher = watcher
        for lock in self._locks.values():
            self._tell(lock, is_shut=True)

    async def stop(self) -> None:
        """See Hardware."""
        self._watcher = None
        for timer in (*self._timers, *([] if self._shutting is None else [self._shutting])):
            timer.cancel()
        self._timers.clear()

    def release(self, coil: Channel, hold_ms: int) -> Awaitable[object]:  # noqa: ARG002 - nothing is held
        """See Hardware. The door of this coil springs open in a moment."""
        loop, lock = asyncio.get_running_loop(), self._locks[str(coil)]
        self._timers = {timer for timer in self._timers if not timer.cancelled() and timer.when() > loop.time()}
        self._timers.add(loop.call_later(OPENS_S, self._spring, lock))
        done: asyncio.Future[object] = loop.create_future()
        done.set_result(None)
        return done

    async def switch(self, light: Channel, is_on: bool) -> None:
        """See Hardware. There is no light."""

    async def weigh(self, scale: BoardId, *, is_after: bool) -> Weighing:  # noqa: ARG002 - there is nothing to wait for
        """See Hardware. There is no scale."""
        raise BadReading(str(scale), "no scale is there in training")

    async def look(self, inputs: tuple[Channel, ...]) -> tuple[tuple[Channel, bool], ...]:
        """See Hardware. Doors alone can be looked at."""
        shut = {lock.closed: lock.name not in self._open for lock in self._locks.values()}
        return tuple((channel, shut[channel]) for channel in inputs if channel in shut)

    async def all_off(self) -> None:
        """See Hardware. Nothing is on."""

    def watch_closely(self, channels: tuple[Channel, ...]) -> None:
        """See Hardware. Everything is known at once."""

    def call(self, boards: tuple[BoardId, ...]) -> None:
        """See Hardware. No board is ever out of trust."""

    def _spring(self, lock: Lock) -> None:
        self._open[lock.name] = lock
        self._tell(lock, is_shut=False)
        if self._shutting is not None:
            self._shutting.cancel()
        self._shutting = asyncio.get_running_loop().call_later(SHUTS_S, self._shut_all)

    def _shut_all(self) -> None:
        for lock in reversed(list(self._open.values())):
            del self._open[lock.name]
            self._tell(lock, is_shut=True)

    def _tell(self, lock: Lock, *, is_shut: bool) -> None:
        if self._watcher is None:
            return
        now_s = asyncio.get_running_loop().time()
        self._watcher.input_changed(lock.closed, is_shut, now_s)
        if lock.home is not None:
            self._watcher.input_changed(lock.home, is_shut, now_s)
