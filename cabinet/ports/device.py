"""What every driver is, by what its board can do.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from cabinet.domain.vocabulary import BoardId, MilliC, Power, ProbeFault, Weighing


@dataclass(frozen=True, slots=True)
class Identity:
    """Who a device says that it is; what its protocol does not tell is empty. `detail` is anything else worth a technician's look."""

    maker: str
    model: str
    firmware: str = ""
    serial: str = ""
    detail: str = ""


class Device(Protocol):
    """What every driver is, whatever else it can do."""

    async def start(self) -> None:
        """See that the board is what it should be, and make it safe. Raises DeviceFault; then nothing else is asked of it."""
        ...

    async def identify(self) -> Identity:
        """Ask the board who it is, changing nothing. Raises DeviceFault."""
        ...


class OutputBoard(Device, Protocol):
    """A board whose outputs drive locks and guide lights. Every method raises a DeviceFault when it did not succeed."""

    def pulse(self, number: int, hold_ms: int) -> Awaitable[object]:
        """Energise an output for `hold_ms`, timed by the board; await it for the matched reply. Never sent twice.

        A driver that asks nothing first orders by the call itself, and may raise by it too; one of several steps begins when awaited.
        """
        ...

    async def switch(self, number: int, is_on: bool) -> None:
        """Switch a guide light on or off."""
        ...

    async def all_off(self) -> None:
        """Switch every output off, ahead of everything else, and read back that it is so."""
        ...


class InputBoard(Device, Protocol):
    """A board whose inputs tell of doors, lids and bins."""

    async def read_inputs(self) -> tuple[bool, ...]:
        """All inputs at once, in channel order, never one alone. Raises DeviceFault."""
        ...


class Scale(Device, Protocol):
    """One weighed place. `restarts`: how often it was heard to be switched on, its zero lost; 0 for ever where it keeps it or is mute."""

    restarts: int

    async def weigh(self) -> Weighing:
        """One weight with the device's own word on whether it stood still. Raises DeviceFault."""
        ...


class Thermometer(Device, Protocol):
    """A board with one or more temperature probes."""

    async def read_temperatures(self) -> tuple[MilliC | ProbeFault, ...]:
        """Every probe in channel order: a temperature, or why there is none. Raises DeviceFault where the board itself did not answer."""
        ...


class Supply(Device, Protocol):
    """What feeds the cabinet: the mains while it is there, a battery when it is not."""

    async def read_power(self) -> Power:
        """Where the power comes from now. Raises DeviceFault; that it cannot be asked does not mean that the mains is gone."""
        ...


class BadgeDesk(Protocol):
    """The badge readers beside a screen."""

    on_badge: Callable[[BoardId, str], None]
    """Hears the reader and the number of every badge; called on the event loop."""

    def greet(self, reader: BoardId, *, is_welcome: bool) -> None:
        """Let a reader show and sound how a sign-in went, as well as it can."""
        ...
