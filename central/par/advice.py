"""Advice on one pocket's par, min and critical low: the choice, within what may be chosen, and what is to be expected of it.

Alone knows: what the rules forbid whatever it would save, and how one pair is picked. Must not know: how its cost is worked out, or whether
the advice is followed. Whoever calls it loads scipy.
"""

from dataclasses import dataclass
from math import inf

import numpy as np

from central.par.distribution import Family
from central.par.reason import Limit, reason
from central.par.rule import Criticality, Levels, Pocket
from central.par.study import Prospect, Study


@dataclass(frozen=True, slots=True)
class Advice:
    """`levels` are what should stand in the pocket, `was` what stands there, `free` what the numbers alone say.

    They differ where a pharmacist's word stands (`is_held`), or an emergency item would be lowered. `family` and both prospects are None
    where nothing is known.
    """

    item: str
    levels: Levels | None
    was: Levels | None
    free: Levels | None
    reason: str
    expected: Prospect | None = None
    now: Prospect | None = None
    family: Family | None = None
    units_per_day: float = 0.0
    is_held: bool = False

    @property
    def is_change(self) -> bool:
        """Whether following it changes anything."""
        return self.levels != self.was


def choose(found: Study, shelf_price: float) -> Advice:
    """The advice at a price of shelf: minutes of work a day that each unit of value has to earn."""
    pick, was = pick_levels(found, shelf_price), found.pocket.levels
    expected = found.prospect(pick.levels)
    now = found.prospect(was) if was else None
    words = reason(found, pick.levels, pick.free, expected, now, pick.limits)
    return Advice(
        found.history.item, pick.levels, was, pick.free, words, expected, now, found.outlook.family, found.outlook.units_per_day,
        Limit.HELD in pick.limits
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Pick:
    """The levels picked, what the numbers alone say, and what stood in the way."""

    levels: Levels
    free: Levels
    limits: tuple[Limit, ...]


def pick_levels(found: Study, shelf_price: float) -> Pick:
    """The levels alone, at a price of shelf."""
    pocket = found.pocket
    par, least, is_kept = _pair(found, shelf_price)
    free = Levels(par, least, min(least, found.critical_low))
    is_held = pocket.hold is not None and pocket.levels is not None and pocket.hold.stands(found.history.to_min)
    levels = pocket.levels if is_held and pocket.levels is not None else _not_lowered(free, pocket)
    limits = {
        Limit.HELD: is_held,
        Limit.EMERGENCY: not is_held and levels != free,
        Limit.ROOM: par == pocket.capacity,
        Limit.UNSAFE: not is_kept,
    }
    return Pick(levels, free, tuple(limit for limit, holds in limits.items() if holds))


def _pair(found: Study, shelf_price: float) -> tuple[int, int, bool]:
    """(par, min, whether the promise of the item is kept). Where no pair keeps it, the fullest pocket, refilled at every list."""
    days = 1 / found.lists_per_day
    costs = found.costs + shelf_price * days * found.pocket.unit_value * found.table.stock
    most_out = dict(found.rules.most_out)[found.pocket.criticality]
    kept = np.where(found.table.worst_out <= most_out, costs, inf)
    if not np.isfinite(kept).any():
        return found.room, found.room - 1, False
    row, column = divmod(int(np.argmin(kept)), kept.shape[1])
    return row + 1, row - column, True


def _not_lowered(levels: Levels, pocket: Pocket) -> Levels:
    was = pocket.levels
    if pocket.criticality is not Criticality.EMERGENCY or was is None:
        return levels
    return Levels(max(levels.par, was.par), max(levels.min, was.min), max(levels.critical_low, was.critical_low))
