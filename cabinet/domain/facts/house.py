"""What is true for ever of the cabinet as a whole: its journal, its starts, its mode, and what each pocket is meant to hold.

Alone knows: which of these facts exist and what each one says. Must not know: what is done about them.
"""

from dataclasses import dataclass

from cabinet.domain.facts.alphabet import Fact
from cabinet.domain.vocabulary import DrawerId, ItemId, PocketId, Units


@dataclass(frozen=True)
class JournalBegun(Fact):
    """The first fact of an epoch. `after_*` name the last fact of the copy it goes on from, where there is one."""

    journal: str
    cabinet: str
    software: str
    after_epoch: int | None = None
    after_seq: int | None = None
    after_hash: str | None = None


@dataclass(frozen=True)
class CabinetStarted(Fact):
    """The controller came up for the `boot`-th time with this configuration."""

    boot: int
    software: str
    config: str


@dataclass(frozen=True)
class ModeChanged(Fact):
    """The cabinet's mode changed."""

    source: str
    target: str
    why: str


@dataclass(frozen=True)
class PocketAssigned(Fact):
    """A pocket holds this item from now on, with these levels (in the item's smallest unit)."""

    pocket: PocketId
    drawer: DrawerId
    item: ItemId
    par: Units
    min: Units
    critical_low: Units
    count_mode: str


@dataclass(frozen=True)
class PocketUnassigned(Fact):
    """A pocket holds no item any more."""

    pocket: PocketId
    item: ItemId
