"""Both clocks: the machine's own, and the event loop's for time that jumps.

Alone knows: where the time of day and the monotonic time are read. Must not know: what they are used for.
"""

import asyncio
import time
from datetime import UTC, datetime, timedelta

from cabinet.domain.vocabulary import Instant


class SystemClock:
    """The machine's clocks. Its monotonic seconds are those of asyncio's own loops (`loop.time()`)."""

    def now(self) -> Instant:
        """The present moment."""
        return Instant(datetime.now(UTC), time.monotonic())  # noqa: TID251 - the one place where the machine's clocks are read


class LoopClock:
    """The time of one event loop, told as if it had been `start` (aware, UTC) when this clock was made."""

    def __init__(self, loop: asyncio.AbstractEventLoop, start: datetime) -> None:
        self._loop = loop
        self._start = start
        self._start_s = loop.time()

    def now(self) -> Instant:
        """The present moment: UTC and monotonic time go on together and never jump apart."""
        mono_s = self._loop.time()
        return Instant(self._start + timedelta(seconds=mono_s - self._start_s), mono_s)
