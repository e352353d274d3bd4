"""The further ingest workers of one server: each a process that takes facts, and is started again when it dies.

Alone knows: how a worker is started, and that none outlives its server. Must not know: what a worker does with a fact.

A worker keeps nothing: what it had taken and not committed when it died is sent again by its cabinets.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Callable, Sequence

import structlog

AGAIN_S = 1.0
"""A worker that died is started again after this long."""
ENDS_WITHIN_S = 5.0

log = structlog.get_logger()


class Crew:
    """Workers 1 and up of a server whose own process is worker 0; `words` start the one at a place."""

    def __init__(self, workers: int, words: Callable[[int], Sequence[str]]) -> None:
        self._workers = workers
        self._words = words

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator["Crew"]:
        """Have them work, and end them at the end."""
        async with asyncio.TaskGroup() as tasks:
            places = [tasks.create_task(self._keep(place), name=f"worker {place}") for place in range(1, self._workers)]
            try:
                yield self
            finally:
                for place in places:
                    place.cancel()

    async def _keep(self, place: int) -> None:
        """A worker that is handed a pipe nobody writes to learns by its end that its server is gone, however it went."""
        while True:
            process = await asyncio.create_subprocess_exec(*self._words(place), stdin=asyncio.subprocess.PIPE)
            try:
                status = await process.wait()
            except asyncio.CancelledError:
                await _end(process)
                raise
            log.warning("worker lost", place=place, status=status)
            await asyncio.sleep(AGAIN_S)


async def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(ENDS_WITHIN_S):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
