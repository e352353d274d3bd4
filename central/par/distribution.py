"""The distribution behind what was asked of a pocket: Poisson, negative binomial, or intermittent, whichever the data pay for.

Alone knows: the families, their likelihood where some counts are lower bounds, and how doubt about the mean widens them.
Must not know: pockets, calendars, costs. Whoever calls it loads scipy: cabinets never do.

The negative binomial is a Poisson whose rate is itself spread out (gamma of shape `shape`): variance mean + mean²/shape. The intermittent
family is a hurdle: with chance `active` anything is asked at all, and then 1 + a Poisson or negative binomial of `mean`. Chosen by AICc
(Hurvich & Tsai 1989). Croston, SBA and TSB smooth a point forecast of the same two parts; pars need the whole distribution, so both parts
are fitted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import exp, inf, log

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special, stats

from central.par.history import Stretch

Vector = NDArray[np.float64]
SHAPE_BOUNDS = (-4.0, 6.0)
"""Logarithms: below, single counts would explain everything; above, a negative binomial is a Poisson."""
MOST_STEPS, CLOSE = 40, 1e-4
SMALLEST = 1e-300
"""No chance is nothing: its logarithm is taken."""


class Family(StrEnum):
    """Which distribution was chosen, and paid for by the data."""

    POISSON = "poisson"
    NEGATIVE_BINOMIAL = "negative_binomial"
    INTERMITTENT = "intermittent"


@dataclass(frozen=True, slots=True)
class Distribution:
    """How many units are asked in one stretch. `shape` is inf for a Poisson; `active` and the hurdle are the intermittent family's."""

    family: Family
    mean: float
    shape: float = inf
    active: float = 1.0

    @property
    def units(self) -> float:
        """Expected in one stretch."""
        return self.active * (1 + self.mean) if self.family is Family.INTERMITTENT else self.mean

    def chances(self, size: int) -> Vector:
        """The chance of 0, 1, ... size - 1 units."""
        if self.family is not Family.INTERMITTENT:
            return _chances(self.mean, self.shape, size)
        return np.concatenate([[1 - self.active], self.active * _chances(self.mean, self.shape, size - 1)])

    def scaled(self, factor: float) -> "Distribution":
        """The same at another level: larger or smaller amounts, and for the intermittent family more or fewer stretches."""
        if self.family is Family.INTERMITTENT:
            return replace(self, active=min(1.0, self.active * factor))
        return replace(self, mean=self.mean * factor)

    def widened(self, patients: float, factor: float = 1.0) -> "Distribution":
        """The same at another level, which is uncertain by as much as `patients` equal patients leave it (CV² = 1/patients)."""
        spread = 1 / self.shape + 1 / patients + 1 / (self.shape * patients)
        return replace(self.scaled(factor), shape=1 / spread)


def _chances(mean: float, shape: float, size: int) -> Vector:
    counts = np.arange(size)
    found: Vector = stats.poisson.pmf(counts, mean) if shape == inf else stats.nbinom.pmf(counts, shape, shape / (shape + mean))
    return found


@dataclass(frozen=True, slots=True)
class _Sample:
    """Counts and how often each was seen; `least` those that may have been more."""

    counts: Vector
    times: Vector
    least: Vector
    least_times: Vector

    @property
    def size(self) -> float:
        return float(self.times.sum() + self.least_times.sum())


def _sample(stretches: Sequence[Stretch], less: int = 0) -> _Sample:
    exact = np.unique([stretch.units - less for stretch in stretches if not stretch.is_least], return_counts=True)
    least = np.unique([stretch.units - less for stretch in stretches if stretch.is_least], return_counts=True)
    return _Sample(*(np.asarray(values, dtype=float) for values in (*exact, *least)))


def fit(stretches: Sequence[Stretch]) -> Distribution:
    """The family with the best AICc, fitted by maximum likelihood. Needs at least one stretch in which something was asked."""
    whole = _sample(stretches)
    found = [(_aicc(loglik, 1 + (fitted.shape != inf), whole.size), fitted) for loglik, fitted in _plain(whole)]
    asked = [stretch for stretch in stretches if stretch.units]
    active = len(asked) / len(stretches)
    if active < 1:
        hurdle = len(asked) * log(active) + (len(stretches) - len(asked)) * log(1 - active)
        for loglik, sizes in _plain(_sample(asked, less=1)):
            fitted = Distribution(Family.INTERMITTENT, sizes.mean, sizes.shape, active)
            found.append((_aicc(hurdle + loglik, 2 + (sizes.shape != inf), whole.size), fitted))
    return min(found, key=lambda pair: pair[0])[1]


def _aicc(loglik: float, parameters: int, size: float) -> float:
    room = size - parameters - 1
    return 2 * parameters - 2 * loglik + (2 * parameters * (parameters + 1) / room if room > 0 else inf if parameters > 1 else 0.0)


def _plain(sample: _Sample) -> list[tuple[float, Distribution]]:
    """(log likelihood, Poisson) and (log likelihood, negative binomial), each at its most likely."""
    mean = _mean(sample, inf)
    found = [(_loglik(sample, mean, inf), Distribution(Family.POISSON, mean))]
    if mean > 0:
        shape = inf
        for _ in range(MOST_STEPS):
            before, shape = mean, _shape(sample, mean)
            mean = _mean(sample, shape)
            if abs(mean - before) <= CLOSE * before:
                break
        found.append((_loglik(sample, mean, shape), Distribution(Family.NEGATIVE_BINOMIAL, mean, shape)))
    return found


def _mean(sample: _Sample, shape: float) -> float:
    """The most likely mean at a shape: lower bounds count for what lies above them on average (expectation and maximisation in turn)."""
    total = float(sample.counts @ sample.times)
    mean = (total + float(sample.least @ sample.least_times)) / sample.size
    if not sample.least.size or not sample.counts.size:
        return mean  # where nothing but lower bounds is known they are all there is
    for _ in range(MOST_STEPS):
        above = mean * _at_least(sample.least - 1, mean, shape, more=1.0) / _at_least(sample.least, mean, shape)
        before, mean = mean, (total + float(above @ sample.least_times)) / sample.size
        if abs(mean - before) <= CLOSE * before:
            break
    return mean


def _shape(sample: _Sample, mean: float) -> float:
    found = optimize.minimize_scalar(lambda logarithm: -_loglik(sample, mean, exp(logarithm)), bounds=SHAPE_BOUNDS, method="bounded")
    return exp(float(found.x))


def _at_least(counts: Vector, mean: float, shape: float, more: float = 0.0) -> Vector:
    """The chance of at least so many; `more` is added to the shape at the same odds: k p(k; r) = mean p(k - 1; r + 1)."""
    found: Vector = (
        stats.poisson.sf(counts - 1, mean) if shape == inf else stats.nbinom.sf(counts - 1, shape + more, shape / (shape + mean))
    )
    return np.maximum(found, SMALLEST)


def _loglik(sample: _Sample, mean: float, shape: float) -> float:
    counts = sample.counts
    if mean == 0:
        return 0.0
    if shape == inf:
        exact = counts * log(mean) - mean - special.gammaln(counts + 1)
    else:
        ways = special.gammaln(counts + shape) - special.gammaln(shape) - special.gammaln(counts + 1)
        exact = ways + shape * log(shape / (shape + mean)) + counts * log(mean / (shape + mean))
    found = float(exact @ sample.times)
    if sample.least.size:
        found += float(np.log(_at_least(sample.least, mean, shape)) @ sample.least_times)
    return found
