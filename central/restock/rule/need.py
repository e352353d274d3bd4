"""What a pocket needs, and what comes first.

Alone knows: the order of urgency, and that a pocket has one need. Must not know: who says so, or what becomes of it.

How much is needed follows from par and what lies there, and from nothing else: doses that are ordered before the next round size no need
(docs/decisions/0022-restock-sizes-from-par-alone.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

PRIORITY = ("stock_out", "critical_low", "below_min", "expiring", "asked", "below_par")
"""Why a pocket is to be filled, the most urgent first."""


@dataclass(frozen=True, slots=True)
class Need:
    """So many units of an item are lacking in a pocket that holds `units`. `why` is one of `PRIORITY`, or a word of a newer cabinet.

    `asked_at`: since when somebody waits for it; "": nobody said so. `asked_by`: who it is, once that is known.
    """

    cabinet: str
    pocket: str
    item: str
    units: int
    par: int
    lacking: int
    why: str
    asked_at: str = ""
    asked_by: str = ""

    @property
    def rank(self) -> int:
        """0 for what cannot wait; a word that is not known here ranks with what was asked for: it is needed and shown as said."""
        return PRIORITY.index(self.why if self.why in PRIORITY else "asked")


def each_once(needs: Iterable[Need]) -> list[Need]:
    """One need for each pocket, its most urgent, by urgency and place, those first that somebody waits for; what lacks nothing is none."""
    found: dict[tuple[str, str], Need] = {}
    for need in needs:
        if need.lacking > 0:
            place = need.cabinet, need.pocket
            found[place] = _both(found[place], need) if place in found else need
    return sorted(found.values(), key=lambda need: (need.rank, not need.asked_at, need.cabinet, need.pocket))


def _both(one: Need, other: Need) -> Need:
    """The more urgent of two needs of a pocket; whoever waits for either waits for it."""
    first, second = (other, one) if other.rank < one.rank else (one, other)
    return first if first.asked_at or not second.asked_at else replace(first, asked_at=second.asked_at, asked_by=second.asked_by)
