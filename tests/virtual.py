"""Tests in virtual time: `@virtual` runs an async test, with its fixtures, on a loop that never waits."""

import asyncio
import functools
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import Any

from cabinet.rehearsal.virtual_time import run_virtual


def virtual(test: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
    """Run this test in virtual time; an hour's time-out is the guard against waiting for ever."""

    @functools.wraps(test)
    def run(*args: Any, **kwargs: Any) -> None:
        run_virtual(test(*args, **kwargs))

    return run


@asynccontextmanager
async def running(*mains: Coroutine[Any, Any, object]) -> AsyncIterator[None]:
    """Have these run beside the test, and cancel them after it."""
    tasks = [asyncio.ensure_future(main) for main in mains]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
