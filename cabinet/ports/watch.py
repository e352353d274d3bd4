"""Who hears what is watched, and how good it is.

Alone knows: these shapes. Must not know: any board, library, file or address.
"""

from enum import StrEnum
from typing import NamedTuple, Protocol

from cabinet.domain.vocabulary import BoardId, Channel, MilliC, Power, ProbeFault
from cabinet.ports.fault import DeviceFault


class Quality(StrEnum):
    """How good what is known of an input is: `stale` is the last that was known, and decides nothing any more."""

    GOOD = "good"
    STALE = "stale"
    UNKNOWN = "unknown"


class Sensed(NamedTuple):
    """What is known of one input (None: nothing), how good that is, and how long ago it was heard."""

    value: bool | None
    quality: Quality
    age_s: float


class InputWatcher(Protocol):
    """Who hears what the scan of the inputs sees. Called on the event loop, never from a thread."""

    def input_changed(self, channel: Channel, is_on: bool, mono_s: float) -> None:
        """An input holds a new value (or its first one), confirmed by a second reading; `mono_s` is when it was first seen."""
        ...

    def board_lost(self, board: BoardId, fault: DeviceFault) -> None:
        """A board no longer answers: its inputs are unknown from now on. Said once for each loss."""
        ...

    def board_back(self, board: BoardId) -> None:
        """A lost board answers again; its inputs follow as `input_changed`, each one."""
        ...

    def health_changed(self, part: str, before: str, after: str, why: str) -> None:
        """A board or a line went from one state of health to another (`drivers/part.py` has the table)."""
        ...


class InstrumentWatcher(Protocol):
    """Who hears what slow instruments tell. Called on the event loop; their losses are told as those of boards are."""

    def temperature_read(self, probe: Channel, reading: MilliC | ProbeFault) -> None:
        """A probe was read; said every time."""
        ...

    def power_read(self, supply: BoardId, power: Power) -> None:
        """A supply was read; said every time."""
        ...


class Watcher(InputWatcher, InstrumentWatcher, Protocol):
    """Who hears everything that is watched."""
