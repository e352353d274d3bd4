"""Many wards in a few numbers: the mean of each figure, and the range in which nineteen of twenty wards lie.

Alone knows: which figures of a comparison are told. Must not know: how wards were lived through, or how they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from central.par.backtest import Pair
from central.par.replay import Outcome

FIGURES = ("stock_out_rate", "trips", "calls", "refills", "stock_value", "outdates")
LOW, HIGH = 0.025, 0.975


@dataclass(frozen=True, slots=True)
class Figure:
    """Mean over wards, and from where to where 95 % of them lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Summary:
    """By name of the figure. `difference` is advised less days of supply, ward by ward; `fewer_in`: in so many wards below 0."""

    wards: int
    not_stocked_rate: float
    expected_stock_out_rate: float
    par_days: float
    min_days: float
    advised: dict[str, Figure]
    days_of_supply: dict[str, Figure]
    difference: dict[str, Figure]
    fewer_in: dict[str, int]


def summary(pairs: Sequence[Pair]) -> Summary:
    """The comparison over wards; at least one."""
    advised, supplied = [pair.advised for pair in pairs], [pair.days_of_supply for pair in pairs]
    asked = sum(outcome.attempts + outcome.not_stocked for outcome in advised)
    values = {name: [(_value(one, name), _value(other, name)) for one, other in zip(advised, supplied, strict=True)] for name in FIGURES}
    return Summary(
        wards=len(pairs),
        not_stocked_rate=sum(outcome.not_stocked for outcome in advised) / asked if asked else 0.0,
        expected_stock_out_rate=fmean(pair.expected_rate for pair in pairs),
        par_days=fmean(pair.supply.par_days for pair in pairs),
        min_days=fmean(pair.supply.min_days for pair in pairs),
        advised={name: _figure([one for one, _ in found]) for name, found in values.items()},
        days_of_supply={name: _figure([other for _, other in found]) for name, found in values.items()},
        difference={name: _figure([one - other for one, other in found]) for name, found in values.items()},
        fewer_in={name: sum(one < other for one, other in found) for name, found in values.items()},
    )


def _value(outcome: Outcome, name: str) -> float:
    return float(getattr(outcome, name))


def _figure(values: Sequence[float]) -> Figure:
    ordered = sorted(values)
    return Figure(fmean(ordered), _quantile(ordered, LOW), _quantile(ordered, HIGH))


def _quantile(ordered: Sequence[float], share: float) -> float:
    """Between the two nearest values, in proportion."""
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
