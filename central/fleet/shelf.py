"""A cabinet as it is drawn: its drawers from top to bottom, each with its pockets and how full they are.

Alone knows: which pocket belongs to which drawer, in which order, and how far a level reaches. Must not know: rows, pages.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from central.fleet.mark import Fridge, Health
from central.inquiry.row import StockRow

URGENT = ("failed", "quarantined", "expired", "out", "critical", "low")


@dataclass(frozen=True, slots=True)
class Cup:
    """One pocket: the row, how full it is and where its minimum lies, each in percent of what counts as full."""

    row: StockRow
    fill: int
    mark: int


@dataclass(frozen=True, slots=True)
class DrawnDrawer:
    """One drawer with its cups. `fridge`: how warm it is, where it is one."""

    drawer: str
    cups: tuple[Cup, ...]
    fridge: Fridge | None

    @property
    def needy(self) -> int:
        """How many of its pockets need somebody."""
        return sum(cup.row.status in URGENT for cup in self.cups)


def drawn(rows: Iterable[StockRow], health: Health) -> list[DrawnDrawer]:
    """Drawers by name, pockets by name; what no drawer is known of stands last."""
    fridges = {one.drawer: one for one in health.fridges}
    by_drawer: dict[str, list[Cup]] = {}
    for row in sorted(rows, key=lambda row: (not row.drawer, row.drawer, row.pocket)):
        full = max(row.par, row.units, 1)
        by_drawer.setdefault(row.drawer, []).append(Cup(row, 100 * max(row.units, 0) // full, 100 * row.min // full))
    return [DrawnDrawer(drawer, tuple(cups), fridges.get(drawer)) for drawer, cups in by_drawer.items()]
