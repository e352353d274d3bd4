"""Time that jumps: an asyncio event loop that never waits, for rehearsals and tests in which everything is in one process.

Alone knows: that a loop with nothing ready may go straight to its next timer, and that a loop without any timer waits for ever.
Must not know: what runs on it.

The same code runs here and on a real loop, because all of it waits by the loop's own time. There are no threads, signals or
sockets in virtual time: nothing outside could wake a loop that never waits.
"""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")


class TimeStandsStill(RuntimeError):
    """Every task waits for something, and no timer is set that could bring it about."""


class _Jump(selectors.SelectSelector):
    """A selector that passes the time by adding to it."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise TimeStandsStill("all tasks wait, and no timer is set")
        if timeout > 0:
            self.now_s += timeout
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` starts at `start_s` and moves only from timer to timer."""

    def __init__(self, start_s: float = 0.0) -> None:
        self._jump = _Jump()
        self._jump.now_s = start_s
        super().__init__(self._jump)

    def time(self) -> float:
        """Virtual seconds."""
        return self._jump.now_s

    def run_in_executor(self, *_: object) -> NoReturn:
        """Refuse: a thread takes real time, of which there is none here."""
        raise RuntimeError("no threads in virtual time")


def run_virtual(main: Coroutine[Any, Any, T], start_s: float = 0.0) -> T:
    """Run `main` to its end in virtual time. Raises TimeStandsStill when it can never end."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(start_s)) as runner:
        return runner.run(main)
