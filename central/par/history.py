"""What a cabinet lived through with one item: what was asked of it, met or refused, and when it had none to give.

Alone knows: the shape of a history, and how what was asked falls into stretches of time. Must not know: where histories are kept.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

DAY_MIN = 24 * 60
WEEK_MIN = 7 * DAY_MIN


@dataclass(frozen=True, slots=True)
class Demand:
    """Whole units that somebody came for. `patient` is any mark that tells patients apart ("" where nobody knows); a refusal counts."""

    at_min: int
    units: int
    patient: str = ""
    is_met: bool = True


@dataclass(frozen=True, slots=True)
class Outage:
    """From when until when the pocket could give nothing: what would have been asked in it is known only in part."""

    from_min: int
    to_min: int


@dataclass(frozen=True, slots=True)
class History:
    """One item at one cabinet. Minutes count from the midnight of some Monday; demands are in order of time."""

    item: str
    from_min: int
    to_min: int
    demands: tuple[Demand, ...]
    outages: tuple[Outage, ...] = ()

    @property
    def days(self) -> float:
        """How long it is."""
        return (self.to_min - self.from_min) / DAY_MIN

    @property
    def units(self) -> int:
        """All that was asked."""
        return sum(demand.units for demand in self.demands)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The units asked in one stretch of time; `is_least` where an outage fell in it, so that it may have been more."""

    units: int
    is_least: bool


def stretches(history: History, spans: Sequence[tuple[int, int]]) -> list[Stretch]:
    """What was asked from `start` to just before `end` of each span; without those that an outage touched and nobody came in."""
    times = [demand.at_min for demand in history.demands]
    sums = [0, *accumulate(demand.units for demand in history.demands)]
    found = []
    for start, end in spans:
        units = sums[bisect_left(times, end)] - sums[bisect_left(times, start)]
        is_least = any(outage.from_min < end and outage.to_min > start for outage in history.outages)
        if units or not is_least:
            found.append(Stretch(units, is_least))
    return found


def patients_behind(history: History) -> float:
    """How many equal patients the demand is worth (Kish's effective number): 500 doses for one patient say little about the next.

    Where patients are not told apart, each day stands for one. Kish, L. (1965), Survey Sampling, 11.7.
    """
    by_patient: Counter[str] = Counter()
    for demand in history.demands:
        by_patient[demand.patient or f"day {demand.at_min // DAY_MIN}"] += demand.units
    squares = sum(units * units for units in by_patient.values())
    return by_patient.total() ** 2 / squares if squares else 0.0
