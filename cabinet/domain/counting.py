"""Mass -> units, with a stated confidence or an honest refusal.

Alone knows: how likely each whole number of pieces is, given one net weight and what is known of a piece's mass.
Must not know: what the journal expects. There is no prior: an expectation fed in here would hide the very loss it should show.

The variance is that of hardware reference 5.3 (piece spread, reference sample, two readings of each net weight):
Var(n) = n c^2 + n^2 (c^2 / k + 2 s^2 / (k m)^2) + 2 s^2 / m^2, with s^2 = r^2 + d^2 / 12 and repeatability r = one division d.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import erf, exp, log, sqrt

from cabinet.domain.vocabulary import Units, Weighing

ALLOWED_MISCOUNT = 1e-3
"""A confident count is wrong less often than this."""

MISFIT = "pieces do not fit the mass of this item"

STRAYING = 4.5
"""Pieces that stray this many standard deviations from every whole number are not this item's pieces."""

WIDEST_FRACTION = 0.25
"""A confident count lies at most this far from a whole number, in pieces."""


class Verdict(StrEnum):
    """What a weight is good for."""

    CONFIDENT = "confident"
    AMBIGUOUS = "ambiguous"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Teaching:
    """What is known of one piece: its mean mass, its spread (thousandths), learned from `sample` pieces weighed together."""

    unit_mass_mg: int
    spread_permille: int
    sample: int


@dataclass(frozen=True, slots=True)
class SensedCount:
    """The answer: a verdict, the likeliest number of units where there is one, and the reason where it is not confident."""

    verdict: Verdict
    units: Units | None
    why: str


def deviation(units: int, teaching: Teaching, division_mg: int) -> float:
    """Standard deviation, in pieces, of the number read off a net weight when `units` pieces caused it."""
    spread = teaching.spread_permille / 1000
    reading = (division_mg**2 + division_mg**2 / 12) / teaching.unit_mass_mg**2
    reference = spread**2 / teaching.sample + 2 * reading / teaching.sample**2
    return sqrt(units * spread**2 + units**2 * reference + 2 * reading)


def miscount(units: int, teaching: Teaching, division_mg: int) -> float:
    """Chance that `units` pieces are read as another whole number."""
    return 1 - erf(0.5 / (deviation(units, teaching, division_mg) * sqrt(2)))


def refuse(why: str) -> SensedCount:
    """No number can be had from this weight."""
    return SensedCount(Verdict.REFUSED, None, why)


def count(net_mg: int, teaching: Teaching, division_mg: int, allowed: float = ALLOWED_MISCOUNT) -> SensedCount:
    """How many pieces weigh `net_mg` (a difference of two readings; its sign is dropped).

    Confident: the likeliest number has at least 1 - `allowed` of the posterior mass under a flat prior, lies within 0.25 pieces of
    the weight, and is small enough that such a count goes wrong less often than `allowed`.
    """
    pieces = abs(net_mg) / teaching.unit_mass_mg
    nearest = round(pieces)
    sigma = deviation(nearest, teaching, division_mg)
    fraction = abs(pieces - nearest)
    if fraction > STRAYING * sigma and fraction > WIDEST_FRACTION / 2:
        return refuse(MISFIT)
    if miscount(nearest, teaching, division_mg) >= allowed:
        return SensedCount(Verdict.AMBIGUOUS, Units(nearest), "too many pieces for this scale")
    if fraction > WIDEST_FRACTION or _mass(pieces, nearest, teaching, division_mg) < 1 - allowed:
        return SensedCount(Verdict.AMBIGUOUS, Units(nearest), "between two numbers")
    return SensedCount(Verdict.CONFIDENT, Units(nearest), "")


def _mass(pieces: float, nearest: int, teaching: Teaching, division_mg: int) -> float:
    window = range(max(0, nearest - 4), nearest + 5)
    weights = {n: _log_likelihood(pieces, n, teaching, division_mg) for n in window}
    peak = max(weights.values())
    total = sum(exp(value - peak) for value in weights.values())
    return exp(weights[nearest] - peak) / total


def _log_likelihood(pieces: float, units: int, teaching: Teaching, division_mg: int) -> float:
    sigma = deviation(units, teaching, division_mg)
    return -0.5 * ((pieces - units) / sigma) ** 2 - log(sigma)


def count_weighing(weighing: Weighing, tare_mg: int, teaching: Teaching, allowed: float = ALLOWED_MISCOUNT) -> SensedCount:
    """How many pieces lie on a scale, or were added to or taken from it since it read `tare_mg`."""
    if not weighing.is_steady:
        return refuse("the scale did not come to rest")
    return count(weighing.mass_mg - tare_mg, teaching, weighing.division_mg, allowed)
