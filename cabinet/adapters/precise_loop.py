"""An event loop whose timers keep the silences of a serial line to some tens of microseconds.

Alone knows: that epoll rounds a wait up to whole milliseconds and select does not, how Linux is asked for finer timers, and that a
processor that sleeps takes its time to wake.
Must not know: what waits.

A t3.5 of 1.75 ms that ends a millisecond late costs a quarter of a fast line's time; one that ends early makes boards glue frames together.
select serves up to 1,024 file descriptors, far more than one cabinet has.
"""

import asyncio
import ctypes
import selectors
import sys
import time

AWAKE_S = 0.000_15
"""The end of every wait is spent awake, looking for bytes: waking takes this long. A hundred timers a second cost 1.5 % of a core."""
_PR_SET_TIMERSLACK = 29
_SLACK_NS = 1


class _Wakeful(selectors.SelectSelector):
    """A selector that goes to sleep for all of a wait but its end."""

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        end_s = time.monotonic() + timeout  # noqa: TID251 - the clock of the loop itself, which this is a part of
        ready = super().select(timeout - AWAKE_S) if timeout > AWAKE_S else []
        while not ready and time.monotonic() < end_s:  # noqa: TID251 - as above
            ready = super().select(0)
        return ready


def precise_loop() -> asyncio.AbstractEventLoop:
    """Make such a loop; for `asyncio.Runner(loop_factory=precise_loop)`. Asks Linux not to lump this thread's timers together (50 us)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_TIMERSLACK, _SLACK_NS, 0, 0, 0)
    return asyncio.SelectorEventLoop(_Wakeful())
