"""All boards of one cabinet, as the shell orders them about.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from collections.abc import Awaitable, Callable
from typing import Protocol

from cabinet.domain.vocabulary import BoardId, Channel, Weighing
from cabinet.ports.watch import Watcher


class Hardware(Protocol):
    """All boards of one cabinet, by channel. Whatever is awaited raises a DeviceFault when it did not succeed."""

    async def start(self, watcher: Watcher, on_crash: Callable[[BaseException], None]) -> None:
        """Open the lines, switch every output off before anything else, then watch the inputs for ever.

        A bug in that watching is told to `on_crash`, for nobody may go on blind.
        """
        ...

    async def stop(self) -> None:
        """Stop watching and close the lines."""
        ...

    def release(self, coil: Channel, hold_ms: int) -> Awaitable[object]:
        """Pulse one lock once; the board times it. Call it within the round that made the intent durable, and await how it went, once.

        Where nothing is to be asked first, the call itself puts the order on the line. A DeviceFault is raised by the call or the await.
        """
        ...

    async def switch(self, light: Channel, is_on: bool) -> None:
        """Switch one guide light."""
        ...

    async def weigh(self, scale: BoardId, *, is_after: bool) -> Weighing:
        """Read one scale; `is_after` gives it time to come to rest (up to 3 s) and returns the last reading, steady or not."""
        ...

    async def look(self, inputs: tuple[Channel, ...]) -> tuple[tuple[Channel, bool], ...]:
        """Read these inputs now, from replies that were asked for after this call."""
        ...

    async def all_off(self) -> None:
        """Switch every output of every board off."""
        ...

    def watch_closely(self, channels: tuple[Channel, ...]) -> None:
        """Read the boards of these inputs between every two others from now on."""
        ...

    def call(self, boards: tuple[BoardId, ...]) -> None:
        """Somebody waits for these boards (none named: for any): those out of trust are tried at once, and often for a minute."""
        ...
