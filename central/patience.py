"""Jobs that outlive their database: begun anew when it comes back.

Alone knows: what is waited for, and how long. Must not know: what a job does, or how it asks.

Everything that a job had done is kept, or is done again: a job holds nothing that only it knows.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError

from central.database.hand import Unreachable

Job = Callable[[], Awaitable[None]]

AGAIN_S = 1.0
AWAY = (OperationalError, InterfaceError, Unreachable)
"""What a question raises whose database went away or is busy; any other error is a defect, and ends the process."""

log = structlog.get_logger()


@contextlib.asynccontextmanager
async def at_work(name: str, *jobs: Job) -> AsyncIterator[None]:
    """Jobs, each of them patient, at work until left; what else goes wrong in one of them ends whoever is inside."""
    async with asyncio.TaskGroup() as tasks:
        running = [tasks.create_task(patient(name, job), name=name) for job in jobs]
        try:
            yield
        finally:
            for task in running:
                task.cancel()


async def patient(name: str, job: Job) -> None:
    """Run a job until it ends by itself; when its database was away, again from its beginning."""
    is_told = False
    while True:
        began_s = asyncio.get_running_loop().time()
        try:
            return await job()
        except AWAY as problem:
            if asyncio.get_running_loop().time() - began_s > AGAIN_S:
                is_told = False
            if not is_told:
                log.warning("database lost", job=name, why=str(problem))
            is_told = True
            await asyncio.sleep(AGAIN_S)
