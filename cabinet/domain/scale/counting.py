"""Mass -> units, with a stated confidence or an honest refusal.

Alone knows: how likely each whole number of pieces is, given one difference of two readings and what is known of a piece's mass.
Must not know: what the journal expects. There is no prior: an expectation fed in here would hide the very loss it should show.

The variance, in pieces, is that of hardware reference 5.3 (piece spread, reference sample, two readings of each net weight), with
what the scale may have wandered between the two readings:
Var(n) = n c^2 + n^2 (c^2 / k + 2 j s^2 / (k m)^2 + bias^2) + 2 s^2 / m^2 + (drift / m)^2, with s^2 = r^2 + d^2 / 12, repeatability r = one
division d, and a sample of k pieces that were weighed in j portions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, erf, exp, floor, hypot, log, sqrt

from cabinet.domain.vocabulary import Units

ALLOWED_MISCOUNT = 1e-3
"""A confident count is wrong less often than this."""

STRAYING = 4.5
"""Pieces that stray this many standard deviations from every whole number are not this item's pieces."""

LEAST_STRAY = 0.125
"""Nor is less than an eighth of a piece ever held against them."""

WIDEST_FRACTION = 1 / 3
"""A confident count lies at most this far from a whole number, in pieces.

A quarter, as the reference has it, would leave every tenth count at the edge of its own table unjudged (bench/count.py).
"""

SLACK = 2
"""A number is judged up to this many times the allowed chance of a miscount, for the mass that it is worked out from is a guess.

The posterior keeps the promise by itself; this limit stands for what the model leaves out.
"""

MOST_PIECES = 1_000_000
"""Nobody asks for more."""

LEAST_SAMPLE = 10
"""With fewer pieces than this a mass is not learned."""

ROOM_MK_PER_HOUR, ROOM_MK = 3_000, 12_000
"""What a room may warm or cool where no thermometer tells: so much in an hour, and in any time no more than the second (an estimate)."""


class Verdict(StrEnum):
    """What a weight is good for. Advisory: a number is told, and nothing follows from it."""

    CONFIDENT = "confident"
    AMBIGUOUS = "ambiguous"
    ADVISORY = "advisory"
    REFUSED = "refused"


class Doubt(StrEnum):
    """Why a weight is not a confident count, in words that hold no number: they are read before blind counts."""

    UNSTEADY = "the scale did not come to rest"
    NO_WEIGHT = "the scale gave no weight"
    REOPENED = "the pocket was opened again before it was weighed"
    NO_BEFORE = "there is no weight from before"
    FROZEN = "the scale shows the very same weight although pieces were moved"
    WANDERED = "the weight of a pocket changed that nobody opened"
    SWAPPED = "the change shows on another pocket's scale"
    STALE = "the weight from before is too old"
    TOO_MANY = "too many pieces for this scale"
    TOO_COARSE = "the scale is too coarse for this item"
    BETWEEN = "between two numbers"
    MIXED = "the lots in this pocket do not weigh the same"
    UNTAUGHT = "the mass of this lot is not learned yet"
    OVERDUE = "the scale's check is overdue"
    DOUBTED = "a technician has to look at this scale first"
    MISFIT = "the pieces do not weigh what this item weighs"
    FOREIGN = "something else lies there, or was taken out"


@dataclass(frozen=True, slots=True)
class Teaching:
    """What is known of one piece, learned from `sample` pieces of `mass_mg` together, weighed in `portions` one after the other.

    `spread_permille` is the standard deviation of one piece in thousandths of its mass; `division_mg` that of the scale it was
    learned on (0: of the scale at hand). `bias_permille`: how far the mean may be off besides, as where nobody named the lot.
    """

    sample: int
    mass_mg: int
    spread_permille: int
    portions: int = 1
    division_mg: int = 0
    bias_permille: int = 0

    @property
    def unit_mass_mg(self) -> float:
        """The mean mass of one piece."""
        return self.mass_mg / self.sample

    @property
    def is_usable(self) -> bool:
        """Whether a number can be had from it at all."""
        return self.sample > 0 and self.mass_mg > 0


@dataclass(frozen=True, slots=True)
class Scatter:
    """How two readings of one scale scatter: its division, and what it may have wandered between them (standard deviations)."""

    division_mg: int
    wander_mg: float = 0.0


@dataclass(frozen=True, slots=True)
class Wander:
    """What a scale wanders with time and with warmth, as standard deviations.

    Papers state a limit and no direction for the latter: it widens the doubt, and no weight is ever corrected by it.
    """

    mg_per_hour: int = 0
    mg_per_kelvin: int = 0

    def over(self, seconds: float, warmed_mk: float | None = None) -> float:
        """How far, in mg, over so many seconds in which it warmed by `warmed_mk` thousandths of a kelvin; None: as far as a room may."""
        hours = max(seconds, 0.0) / 3600
        if warmed_mk is None:
            warmed_mk = min(ROOM_MK_PER_HOUR * hours, ROOM_MK)
        return hypot(self.mg_per_hour * hours, self.mg_per_kelvin * warmed_mk / 1000)


@dataclass(frozen=True, slots=True)
class SensedCount:
    """The answer: a verdict, the likeliest number of units where there is one, and the reason where it is not confident."""

    verdict: Verdict
    units: Units | None
    why: str


def _reading_variance(division_mg: int) -> float:
    """Two readings of one net weight, in mg squared. A scale that names no division is taken to have one of a milligram."""
    division_mg = max(division_mg, 1)
    return 2 * (division_mg**2 + division_mg**2 / 12)


def noise_mg(scatter: Scatter) -> float:
    """Standard deviation of a change where nothing was moved."""
    return sqrt(_reading_variance(scatter.division_mg) + scatter.wander_mg**2)


def variance(units: int, teaching: Teaching, scatter: Scatter) -> float:
    """Variance, in pieces, of the number read off a difference when `units` pieces caused it."""
    spread = teaching.spread_permille / 1000
    learned = teaching.portions * _reading_variance(teaching.division_mg or scatter.division_mg) / teaching.mass_mg**2
    weighing = (_reading_variance(scatter.division_mg) + scatter.wander_mg**2) / teaching.unit_mass_mg**2
    bias = teaching.bias_permille / 1000
    return units * spread**2 + units**2 * (spread**2 / teaching.sample + learned + bias**2) + weighing


def deviation(units: int, teaching: Teaching, scatter: Scatter) -> float:
    """Standard deviation, in pieces: the root of `variance`, never 0."""
    return sqrt(variance(units, teaching, scatter))


def miscount(units: int, teaching: Teaching, scatter: Scatter) -> float:
    """Chance that `units` pieces are read as another whole number."""
    return 1 - erf(0.5 / (deviation(units, teaching, scatter) * sqrt(2)))


def refuse(why: str) -> SensedCount:
    """No number can be had from this weight."""
    return SensedCount(Verdict.REFUSED, None, why)


def count(net_mg: int, teaching: Teaching, scatter: Scatter, allowed: float = ALLOWED_MISCOUNT) -> SensedCount:
    """How many pieces weigh `net_mg`, a difference of two readings; its sign is dropped.

    Confident: the likeliest number has at least 1 - `allowed` of the posterior mass under a flat prior, lies within a third of a
    piece of the weight, and is not so large that the scale cannot count it.
    """
    if not teaching.is_usable:
        return refuse(Doubt.UNTAUGHT)
    pieces = abs(net_mg) / teaching.unit_mass_mg
    nearest = round(pieces)
    sigma = deviation(nearest, teaching, scatter)
    fraction = abs(pieces - nearest)
    if fraction > STRAYING * sigma and fraction > LEAST_STRAY:
        return refuse(Doubt.MISFIT)
    if miscount(nearest, teaching, scatter) >= SLACK * allowed:
        return refuse(_too_uncertain(nearest, teaching, scatter, SLACK * allowed))
    if fraction > WIDEST_FRACTION or posterior(pieces, nearest, teaching, scatter) < 1 - allowed:
        return SensedCount(Verdict.AMBIGUOUS, Units(nearest), Doubt.BETWEEN)
    return SensedCount(Verdict.CONFIDENT, Units(nearest), "")


def _too_uncertain(units: int, teaching: Teaching, scatter: Scatter, allowed: float) -> Doubt:
    fresh = Scatter(scatter.division_mg)
    if miscount(1, teaching, fresh) >= allowed:
        return Doubt.TOO_COARSE
    return Doubt.TOO_MANY if miscount(units, teaching, fresh) >= allowed else Doubt.STALE


def posterior(pieces: float, units: int, teaching: Teaching, scatter: Scatter) -> float:
    """The share of `units` among the whole numbers that may have caused a weight of `pieces`, none of them likelier beforehand.

    Numbers further off than two do not matter where a count may be confident at all (a deviation below 0.2 pieces).
    """
    window = range(max(0, units - 2), units + 3)
    variances = {n: variance(n, teaching, scatter) for n in window}
    weights = {n: -0.5 * ((pieces - n) ** 2 / each + log(each)) for n, each in variances.items()}
    peak = max(weights.values())
    return exp(weights[units] - peak) / sum(exp(value - peak) for value in weights.values())


def count_mixed(
    net_mg: int, teachings: Sequence[Teaching], scatter: Scatter, allowed: float = ALLOWED_MISCOUNT
) -> SensedCount:  # fmt: skip
    """How many pieces weigh `net_mg` where each may be of any of these lots: confident only where every lot says the same number.

    Pieces of several lots together weigh between what as many of the lightest and of the heaviest weigh.
    """
    if not teachings:
        return refuse(Doubt.UNTAUGHT)
    found = [count(net_mg, teaching, scatter, allowed) for teaching in teachings]
    if len(found) == 1:
        return found[0]
    pieces = sorted(abs(net_mg) / teaching.unit_mass_mg for teaching in teachings if teaching.is_usable)
    if any(one.why in {Doubt.MISFIT, Doubt.BETWEEN} for one in found) and ceil(pieces[0]) <= floor(pieces[-1]):
        return SensedCount(Verdict.AMBIGUOUS, Units(round(sum(pieces) / len(pieces))), Doubt.MIXED)
    if len({one.units for one in found if one.units is not None}) > 1:
        return SensedCount(Verdict.AMBIGUOUS, Units(round(sum(pieces) / len(pieces))), Doubt.MIXED)
    return max(found, key=lambda one: list(Verdict).index(one.verdict))


def largest(teaching: Teaching, scatter: Scatter, allowed: float = ALLOWED_MISCOUNT) -> int:
    """The largest number of pieces that can be counted confidently; -1 where not even none can be told from one."""
    if not teaching.is_usable or miscount(0, teaching, scatter) >= allowed:
        return -1
    low, high = 0, 1
    while miscount(high, teaching, scatter) < allowed and high < MOST_PIECES:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if miscount(middle, teaching, scatter) < allowed else (low, middle)
    return low
