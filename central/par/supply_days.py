"""The rule of thumb that pars are mostly set by: so many days of mean use to fill up to, so many to refill at.

Alone knows: that rule. Must not know: anything else about demand.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil

from central.par.history import History
from central.par.rule import Levels


@dataclass(frozen=True, slots=True)
class SupplyDays:
    """par = `par_days` of mean daily use, min = `min_days` of it, both rounded up; min below par."""

    par_days: float = 7.0
    min_days: float = 2.5

    def levels(self, history: Iterable[History]) -> dict[str, Levels]:
        """The levels of each item that anybody asked for."""
        found = {}
        for one in history:
            if one.demands:
                daily = one.units / one.days
                par = max(1, ceil(self.par_days * daily))
                least = min(ceil(self.min_days * daily), par - 1)
                found[one.item] = Levels(par, least, 0)
        return found

    def times(self, factor: float) -> "SupplyDays":
        """The same rule with more or less of both."""
        return SupplyDays(self.par_days * factor, self.min_days * factor)
