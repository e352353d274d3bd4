"""Where lists are being made: on a thread, one order after the other, with how far it is for everybody to see.

Alone knows: what of the making is on the loop, and that storing comes first. Must not know: rows, what a list holds.
"""

import asyncio
from collections.abc import Callable

import structlog

from central.feed import Feed
from central.restock.maker import Maker, Making, Order

TELL_S = 0.5
"""Pages are told this often how far it is."""
STEP_BACK_S = 0.5
"""Between two steps while facts wait to be stored."""

log = structlog.get_logger()


class MakingDesk:
    """Makes lists with `maker`, and calls `tell` on the loop. `making`: what is being made, None: nothing."""

    def __init__(self, maker: Maker, feed: Feed, tell: Callable[[], None]) -> None:
        self.making: Making | None = None
        self._maker, self._feed, self._tell = maker, feed, tell
        self._turn = asyncio.Lock()
        self._begun: set[asyncio.Task[Making]] = set()

    async def made(self, order: Order) -> Making:
        """Make what is ordered, once it is its turn. Raises NotDone."""
        async with self._turn:
            self.making = Making(order.round.name, order.by, len(order.stops))
            try:
                return await self._steps(order, self.making)
            finally:
                self.making = None
                self._tell()

    async def _steps(self, order: Order, making: Making) -> Making:
        loop, steps = asyncio.get_running_loop(), self._maker.steps(order)
        told_s = loop.time()
        while (step := await asyncio.to_thread(next, steps, None)) is not None:
            self.making = making = step
            if loop.time() > told_s + TELL_S:
                told_s = loop.time()
                self._tell()
            if self._feed.is_storing():
                await asyncio.sleep(STEP_BACK_S)
        return making

    def begin(self, order: Order) -> "asyncio.Task[Making]":
        """Make what is ordered while whoever asked for it goes on."""
        task = asyncio.create_task(self.made(order), name="lists")
        self._begun.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: "asyncio.Task[Making]") -> None:
        self._begun.discard(task)
        problem = None if task.cancelled() else task.exception()
        if problem is not None:
            log.warning("lists not made", why=str(problem))
