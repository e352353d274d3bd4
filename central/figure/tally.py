"""What is counted before a figure is worked out: sums that add up over days and cabinets.

Alone knows: what is counted, and how tallies add up. Must not know: what any figure is made of them, tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields

TICK_MS = 100
"""Waits are counted in steps of this."""


@dataclass(slots=True)
class Tally:
    """Of some cabinets over some days; `docs/kpis.md` says which facts count for which.

    `waits`: withdrawals by the time from the first asking until the pocket was open, in ticks; `resolved_h`: hours that each discrepancy
    explained in this time had been open.
    """

    attempts: int = 0
    short: int = 0
    withdrawals: int = 0
    issued_m: int = 0
    ordered: int = 0
    overrides: int = 0
    unlinked: int = 0
    refills: int = 0
    urgent_refills: int = 0
    counts: int = 0
    variances: int = 0
    controlled: int = 0
    found: int = 0
    pocket_s: int = 0
    empty_s: int = 0
    shut_s: int = 0
    unit_s: int = 0
    waits: dict[int, int] = field(default_factory=dict)
    resolved_h: list[float] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        """Count another one in."""
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for tick, number in other.waits.items():
            self.waits[tick] = self.waits.get(tick, 0) + number
        self.resolved_h.extend(other.resolved_h)


NUMBERS = tuple(one.name for one in fields(Tally) if one.name not in {"waits", "resolved_h"})


def summed(tallies: Iterable[Tally]) -> Tally:
    """All of them together."""
    found = Tally()
    for one in tallies:
        found.add(one)
    return found
