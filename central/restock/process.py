"""Restocking in a live pharmacy server: the room at work, and its API and pages.

Alone knows: what the room is plugged into. Must not know: what it does.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime

from fastapi import FastAPI

from central.code import pages as code_pages
from central.code.desk import CodeDesk
from central.database.place import Database
from central.discrepancy import pages as discrepancy_pages
from central.document.room import DocumentRoom
from central.feed import Feed
from central.frame import Frame
from central.gate import Gate
from central.inquiry import Inquiry
from central.restock import api, pages
from central.restock.room import RestockRoom
from config.central import Central
from config.schema import Item


@contextlib.asynccontextmanager
async def restocking(
    central: Central, database: Database, documents: DocumentRoom, feed: Feed, items: Sequence[Item], now: Callable[[], datetime]
) -> AsyncIterator[RestockRoom]:
    """The room at work until left."""
    room = RestockRoom(database, documents, feed, central.restock, items, now)
    async with asyncio.TaskGroup() as tasks:
        running = tasks.create_task(room.run(), name="restock")
        try:
            yield room
        finally:
            running.cancel()


def code_desk(room: RestockRoom, database: Database, documents: DocumentRoom, feed: Feed) -> CodeDesk:
    """The desk of unknown codes over the same formulary."""
    return CodeDesk(database, documents, feed, lambda: room.items, lambda: {item: room.product(item).keys for item in room.items})


def plug(room: RestockRoom, desk: CodeDesk, inquiry: Inquiry) -> Callable[[FastAPI, Frame, Gate], None]:
    """Adds the room's API and pages to a server's, and those of unknown codes and discrepancies."""

    def add(app: FastAPI, frame: Frame, gate: Gate) -> None:
        app.include_router(api.make_router(room, gate), prefix="/api/v1")
        app.include_router(pages.make_router(room, gate, frame))
        app.include_router(code_pages.make_router(desk, gate, frame))
        app.include_router(discrepancy_pages.make_router(inquiry, frame))

    return add
