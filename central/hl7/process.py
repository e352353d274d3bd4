"""Interfaces of a live pharmacy server: a thread of their own, the facts that come in, and the documents that go out.

Alone knows: what the room is plugged into. Must not know: what it does.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial

import structlog

from central.database.place import Database
from central.document.office import Approved, DocumentOffice, NotSound
from central.feed import Feed
from central.formulary.view import Items
from central.hl7.room import InterfaceRoom
from central.hl7.store import Store
from central.patience import at_work
from config.central import Central
from config.document import PatientRecord

KEEP_ALIVE_S = 60.0
WHY = "as the hospital's systems say"

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def connected(
    central: Central, database: Database, feed: Feed, documents: DocumentOffice, formulary: Items, now: Callable[[], datetime]
) -> AsyncIterator[InterfaceRoom | None]:
    """The room at work; None where the server's file names no link. Raises OSError for a port that is taken or a file that is missing."""
    settings = central.hl7
    if not settings.is_used:
        yield None
        return

    def issue(cabinet: str, records: Sequence[PatientRecord]) -> None:
        try:
            documents.issue(Approved("orders", settings.approved_by, records, cabinet=cabinet, why=WHY, is_whole=True))
        except NotSound as problem:
            log.warning("list not sent", cabinet=cabinet, why=str(problem))

    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="pharmacy-hl7") as thread:

        async def work(job: Callable[[], object]) -> object:
            return await asyncio.get_running_loop().run_in_executor(thread, job)

        room = InterfaceRoom(Store(database.engine), settings, formulary, now, work, issue)
        async with at_work("interfaces", partial(_follow, feed, room)), room.open():
            for name, port in room.ports.items():
                log.info("hl7 listens", link=name, port=port)
            yield room


async def _follow(feed: Feed, room: InterfaceRoom) -> None:
    """Where facts are stored, somebody may have to be told."""
    async for changed in feed.follow(KEEP_ALIVE_S):
        room.facts_came([cabinet for cabinet, what in changed.items() if "facts" in what])
