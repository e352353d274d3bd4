"""What each figure is: its formula in words, its unit, which way is better, and how it follows from a tally.

Alone knows: the definitions, which are those of `docs/kpis.md`, word for word. Must not know: where tallies come from, or how one is shown.

A figure whose denominator is nothing is None, never zero: nobody asked is not the same as nobody was refused.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from central.figure.tally import TICK_MS, Tally

YEAR_S = 365 * 86400
HIGHER, LOWER, NEITHER = "higher", "lower", "neither"


@dataclass(frozen=True, slots=True)
class Definition:
    """One figure. `better`: higher, lower or neither; `of` works it out, and says of how many it is one."""

    id: str
    name: str
    unit: str
    better: str
    formula: str
    of: Callable[[Tally], tuple[float | None, int]]
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one time: its value in its unit, and the number of things that it is worked out of."""

    id: str
    value: float | None
    basis: int


def _share(part: str, whole: str, scale: float = 100.0) -> Callable[[Tally], tuple[float | None, int]]:
    def of(tally: Tally) -> tuple[float | None, int]:
        number, basis = getattr(tally, part), getattr(tally, whole)
        return (scale * number / basis if basis else None), basis

    return of


def _override(tally: Tally) -> tuple[float | None, int]:
    basis = tally.ordered + tally.overrides
    return (100 * tally.overrides / basis if basis else None), basis


def _accuracy(tally: Tally) -> tuple[float | None, int]:
    return (100 * (tally.counts - tally.variances) / tally.counts if tally.counts else None), tally.counts


def _availability(tally: Tally) -> tuple[float | None, int]:
    hours = tally.pocket_s // 3600
    return (100 * (tally.pocket_s - tally.shut_s) / tally.pocket_s if tally.pocket_s else None), hours


def _empty(tally: Tally) -> tuple[float | None, int]:
    return (100 * tally.empty_s / tally.pocket_s if tally.pocket_s else None), tally.pocket_s // 3600


def _turns(tally: Tally) -> tuple[float | None, int]:
    return (tally.issued_m / 1000 * YEAR_S / tally.unit_s if tally.unit_s else None), tally.withdrawals


def _wait(quantile: float) -> Callable[[Tally], tuple[float | None, int]]:
    def of(tally: Tally) -> tuple[float | None, int]:
        number = sum(tally.waits.values())
        tick = _rank(tally.waits, quantile)
        return (None if tick is None else (tick + 0.5) * TICK_MS / 1000), number

    return of


def _rank(counts: Mapping[int, int], quantile: float) -> int | None:
    """The nearest-rank quantile of what was counted."""
    left = ceil(quantile * sum(counts.values()))
    for tick in sorted(counts):
        left -= counts[tick]
        if left <= 0:
            return tick
    return None


def _resolved(quantile: float) -> Callable[[Tally], tuple[float | None, int]]:
    def of(tally: Tally) -> tuple[float | None, int]:
        return quantile_of(tally.resolved_h, quantile), len(tally.resolved_h)

    return of


def quantile_of(values: Sequence[float], quantile: float) -> float | None:
    """By nearest rank; None of nothing."""
    return sorted(values)[max(0, ceil(quantile * len(values)) - 1)] if values else None


DEFINITIONS = (
    Definition(
        "vend_refill", "Withdrawals per refill", "", HIGHER,
        "withdrawals ÷ refills, each an access in which units moved", _share("withdrawals", "refills", 1.0),
    ),
    Definition(
        "stock_out", "Stock-outs", "%", LOWER,
        "withdrawals refused for want of stock, or that emptied the pocket and gave less than was asked ÷ withdrawals attempted",
        _share("short", "attempts"), 2,
    ),
    Definition("empty_time", "Time empty", "%", LOWER, "pocket-hours at zero ÷ pocket-hours of pockets that hold an item", _empty, 2),
    Definition(
        "override", "Overrides", "%", LOWER,
        "withdrawals on override or in an emergency ÷ those and the withdrawals that followed an order", _override,
    ),
    Definition(
        "unlinked", "Overrides not linked", "%", LOWER, "overrides that no order was linked to since ÷ overrides",
        _share("unlinked", "overrides"),
    ),
    Definition("accuracy", "Inventory accuracy", "%", HIGHER, "final counts as on record ÷ final counts", _accuracy, 2),
    Definition(
        "discrepancy_rate", "Discrepancies", "per 1,000", LOWER, "discrepancies found ÷ accesses to controlled items × 1,000",
        _share("found", "controlled", 1000.0),
    ),
    Definition(
        "discrepancy_p50", "Discrepancy explained, median", "h", LOWER,
        "hours from found to explained of the discrepancies that were explained in this time, median", _resolved(0.5),
    ),
    Definition("discrepancy_p90", "Discrepancy explained, 90 %", "h", LOWER, "the same, within which nine of ten were", _resolved(0.9)),
    Definition(
        "availability", "Availability", "%", HIGHER,
        "pocket-hours not behind a drawer or lid that had failed ÷ pocket-hours of pockets that hold an item", _availability, 3,
    ),
    Definition(
        "open_p50", "Time to open, median", "s", LOWER,
        "from the first asking until the pocket was open, tries in vain and moves to another pocket included; withdrawals, median",
        _wait(0.5),
    ),
    Definition("open_p95", "Time to open, 95 %", "s", LOWER, "the same, within which 95 of 100 were", _wait(0.95)),
    Definition("open_p99", "Time to open, 99 %", "s", LOWER, "the same, within which 99 of 100 were", _wait(0.99)),
    Definition(
        "unscheduled", "Urgent refills", "%", LOWER, "refills of a pocket that was empty or at critical low ÷ refills",
        _share("urgent_refills", "refills"),
    ),
    Definition(
        "turns", "Turns a year", "", HIGHER, "units taken and not returned ÷ mean units on hand, for a year; every unit has the value 1",
        _turns,
    ),
)  # fmt: skip


def figures(tally: Tally) -> tuple[Figure, ...]:
    """All figures of a tally, in the order of the definitions."""
    return tuple(Figure(one.id, *one.of(tally)) for one in DEFINITIONS)
