"""One pocket's demand put beside its calendar and rules: what each possible par and min would cost, and what is to be expected of it.

Alone knows: how demand, calendar, pocket and rules become numbers. Must not know: which numbers are chosen, or how the choice is told.
Whoever calls it loads scipy.
"""

from dataclasses import dataclass
from math import ceil, inf

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from central.par.calendar import Calendar
from central.par.demand import YEAR_DAYS, Outlook, outlook
from central.par.history import DAY_MIN, History, stretches
from central.par.rule import Criticality, Elsewhere, Levels, Pocket, Rules
from central.par.table import Chances, Table, table

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
ENOUGH, LEAST_ROOM, MOST_ROOM = 6, 12, 600
"""No par beyond six times the most that was ever asked in a protection interval is thought about: more is no longer a matter of chance."""
TAIL = 8
"""Chances are worked out up to so many times that most."""


@dataclass(frozen=True, slots=True)
class Prospect:
    """What levels lead to: refused of all withdrawals; a year's calls, refills and outdated units; the value of the mean stock."""

    stock_out_rate: float
    calls_per_year: float
    refills_per_year: float
    outdates_per_year: float
    stock_value: float


@dataclass(frozen=True, slots=True)
class Study:
    """All that is known before a choice. `costs` are minutes of work at each list, without the shelf's price."""

    history: History
    pocket: Pocket
    rules: Rules
    calendar: Calendar
    outlook: Outlook
    table: Table
    critical_low: int
    refused_per_call: float
    outdates_per_day: Vector
    costs: Matrix

    @property
    def room(self) -> int:
        """The largest par that is thought about."""
        return len(self.outdates_per_day)

    @property
    def lists_per_day(self) -> float:
        """How often a refill list is drawn up."""
        return _lists_per_day(self.calendar)

    def prospect(self, levels: Levels) -> Prospect:
        """What levels lead to; where par is beyond the room that is thought about, as at its edge."""
        row = min(max(levels.par, 1), self.room) - 1
        column = min(max(levels.par - levels.min, 1), row + 1) - 1
        calls, refills, stock = (float(matrix[row, column]) for matrix in (self.table.calls, self.table.refills, self.table.stock))
        lists = self.calendar.rounds_per_year
        value = (stock + max(levels.par - self.room, 0)) * self.pocket.unit_value
        outdates = float(self.outdates_per_day[row]) * YEAR_DAYS
        rate = calls * self.refused_per_call * self.lists_per_day / self.outlook.attempts_per_day
        return Prospect(min(1.0, rate), calls * lists, refills * lists, outdates, value)


def study(history: History, calendar: Calendar, pocket: Pocket, rules: Rules, elsewhere: Elsewhere | None = None) -> Study | None:
    """Everything about one pocket; None where neither this cabinet nor the hospital knows of any demand."""
    found = outlook(history, calendar, rules, elsewhere)
    if found is None:
        return None
    most = max(found.most, ceil(found.protected.units))
    room = max(1, min(pocket.capacity, MOST_ROOM, max(LEAST_ROOM, ENOUGH * most)))
    size = max(room + 2, TAIL * most)
    chances = Chances(*(one.chances(size) for one in (found.between, found.protected, found.leading)))
    pairs = table(chances, room)
    refused = 1 + found.attempts_per_day * calendar.call_min / DAY_MIN
    outdates = _outdates(found, pocket, room)
    costs = _costs(pairs, rules, refused, outdates[:, None] * pocket.unit_value / _lists_per_day(calendar))
    return Study(history, pocket, rules, calendar, found, pairs, _critical_low(history, calendar, pocket, rules), refused, outdates, costs)


def _lists_per_day(calendar: Calendar) -> float:
    return calendar.rounds_per_year / YEAR_DAYS


def _outdates(found: Outlook, pocket: Pocket, room: int) -> Vector:
    """Units a day that expire at each par 1, 2, ...: of a full pocket, what a shelf life does not use up.

    An upper bound: after a partial refill the older units go first.
    """
    if pocket.shelf_life_days is None:
        return np.zeros(room)
    used = found.units_per_day * pocket.shelf_life_days
    unused: Vector = np.cumsum(stats.nbinom.cdf(np.arange(room), found.known, found.known / (found.known + used)))
    return unused / pocket.shelf_life_days


def _costs(found: Table, rules: Rules, refused: float, outdated_value: Matrix) -> Matrix:
    """Minutes of work at each list, without the shelf's price. That a pocket runs out counts once: how often after that is mostly doubt."""
    call = rules.call_cost_min + rules.refusal_cost_min * refused
    costs: Matrix = call * found.out + rules.line_cost_min * found.refills + rules.outdate_cost_min * outdated_value
    return np.where(found.is_possible, costs, inf)


def _critical_low(history: History, calendar: Calendar, pocket: Pocket, rules: Rules) -> int:
    """What is taken while a call is on its way, nearly always, from each withdrawal on; one at least where much hangs on the item."""
    spans = [(demand.at_min + 1, demand.at_min + 1 + calendar.call_min) for demand in history.demands]
    taken = [stretch.units for stretch in stretches(history, spans)]
    least = 0 if pocket.criticality is Criticality.ORDINARY else 1
    return max(least, ceil(np.quantile(taken, rules.calm_before_call))) if taken else least
