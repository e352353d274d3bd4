"""What passes between the rooms of pars: a pocket as it is advised on, the advice for it, and what a cabinet would live through.

Alone knows: the shapes, which are also what is kept and what the API shows. Must not know: how any of it is found.
"""

from dataclasses import dataclass

from central.par.replay import Outcome

ENOUGH_DAYS = 28
"""A history that is shorter has hardly seen each weekday twice, and few patients."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """critical low <= min <= par."""

    par: int
    min: int
    critical_low: int


@dataclass(frozen=True, slots=True)
class Expected:
    """What levels lead to: refused of all withdrawals; a year's calls, refills and outdated units; the mean stock."""

    stock_out_rate: float
    calls_per_year: float
    refills_per_year: float
    outdates_per_year: float
    stock: float


@dataclass(frozen=True, slots=True)
class Advised:
    """One pocket's advice. `advised` is None where nothing is known: what stands there stays."""

    pocket: str
    item: str
    name: str
    now: Numbers
    advised: Numbers | None
    reason: str
    criticality: str
    is_held: bool
    capacity: int | None
    units_per_day: float
    family: str
    expected_now: Expected | None
    expected: Expected | None

    @property
    def is_change(self) -> bool:
        """Whether following it changes anything."""
        return self.advised is not None and self.advised != self.now


@dataclass(frozen=True, slots=True)
class Lived:
    """A cabinet's own history lived again with other pars."""

    days: float
    attempts: int
    refused: int
    trips: int
    calls: int
    refills: int
    outdates: int
    stock: float

    @classmethod
    def of(cls, outcome: Outcome) -> "Lived":
        """What is shown of a replay."""
        return cls(
            outcome.days, outcome.attempts, outcome.refused, outcome.trips, outcome.calls, outcome.refills, outcome.outdates,
            outcome.stock_value,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ranged:
    """An item to take in or out of a cabinet."""

    item: str
    name: str
    is_added: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """All that is advised for a cabinet, from how many days of its history, and what both sets of pars would have come to in them."""

    cabinet: str
    made_at: str
    days: float
    pockets: tuple[Advised, ...]
    ranged: tuple[Ranged, ...]
    lived_now: Lived | None
    lived: Lived | None

    @property
    def is_young(self) -> bool:
        """Whether so little is known that nobody should follow it unasked."""
        return self.days < ENOUGH_DAYS

    @property
    def changes(self) -> int:
        """How many pockets would be changed."""
        return sum(one.is_change for one in self.pockets)
