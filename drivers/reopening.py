"""A line that is kept open for as long as somebody wants it, however often it is lost.

Alone knows: that a lost line is tried again, ever more slowly, for ever.
Must not know: what is said on it, or by whom.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from cabinet.ports import LineLost
from drivers.line import Line

REOPEN_S = (0.25, 8.0)
"""How long is waited before the next try: at first, and at the longest."""


async def keep_open(
    line: Line,
    gone: asyncio.Event,
    on_open: Callable[[], None],
    on_missing: Callable[[str], None],
    reopen_s: tuple[float, float] = REOPEN_S,
    wanted: asyncio.Event | None = None,
    was_good: Callable[[], bool] = lambda: True,
) -> NoReturn:
    """Open the line, and again whenever `gone` is set; until cancelled, and then closed.

    `on_open` hears that it is there, after `gone` was cleared; `on_missing` hears why it is not, after each try. `was_good` tells whether
    the line was of any use while it was open: only then the waiting begins anew. Whoever sets `wanted` ends a wait.
    """
    wanted = wanted or asyncio.Event()
    shortest_s, longest_s = reopen_s
    backoff_s = shortest_s
    try:
        while True:
            try:
                await line.open()
            except LineLost as fault:
                on_missing(fault.detail)
            else:
                gone.clear()
                on_open()
                await gone.wait()
                if was_good():
                    backoff_s = shortest_s
            wanted.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(backoff_s):
                    await wanted.wait()
            backoff_s = min(backoff_s * 2, longest_s)
    finally:
        line.close()
