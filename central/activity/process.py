"""Following facts in a live pharmacy server: on a thread of its own, woken when facts were stored, and out of their way.

Alone knows: when it looks, when it steps back, and what happens when the database goes away. Must not know: what is made of facts.

Nothing waits for it: facts are acknowledged before they are followed, and what is behind is caught up with. While facts wait to be stored
it goes on at a fraction of its pace.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor

import structlog
from sqlalchemy.exc import SQLAlchemyError

from central.activity.follower import Follower
from central.activity.store import Store
from central.database.place import Database
from central.feed import Feed
from central.patience import AWAY, at_work

KEEP_ALIVE_S = 60.0
CALM_S = 1.0
"""Between two looks."""
STEP_BACK_S = 0.5
"""Between two runs while facts wait to be stored."""

log = structlog.get_logger()


class Following:
    """`read`: facts since the start."""

    def __init__(self, database: Database, feed: Feed) -> None:
        self.read = 0
        self._feed = feed
        self._follower = Follower(Store(database))

    async def run(self) -> None:
        """Catch up, then follow, until cancelled. A cabinet's facts that could not be read are tried again with its next ones."""
        with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pharmacy-activity") as thread:
            async for changed in self._feed.follow(KEEP_ALIVE_S):
                cabinets = [cabinet for cabinet, what in changed.items() if "facts" in what]
                if cabinets or not changed:
                    await self._catch_up(thread, cabinets or None)
                    await asyncio.sleep(CALM_S)

    async def _catch_up(self, thread: ThreadPoolExecutor, cabinets: list[str] | None) -> None:
        loop, runs = asyncio.get_running_loop(), self._follower.runs(cabinets)
        try:
            while (read := await loop.run_in_executor(thread, next, runs, None)) is not None:
                self.read += read
                if self._feed.is_storing():
                    await asyncio.sleep(STEP_BACK_S)
        except AWAY:
            raise
        except SQLAlchemyError as problem:
            log.warning("not followed", why=str(problem))


@contextlib.asynccontextmanager
async def following(database: Database, feed: Feed) -> AsyncIterator[Following]:
    """At work until left."""
    found = Following(database, feed)
    async with at_work("activity", found.run):
        yield found
