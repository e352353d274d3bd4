"""How far a person's number is really from what is usual, and how sure that is: empirical Bayes, gamma and Poisson.

Alone knows: the model. Must not know: who anybody is, or what is made of it. Whoever calls it loads scipy.

Of person i: observed ~ Poisson(ratio_i x expected_i), ratio ~ Gamma(a, a), whose mean is 1: usual. `a` is found from everybody's numbers
(their marginal is negative binomial), with a weak pull towards 5, so that a handful of people does not settle it. What is known of one
person is then Gamma(a + observed, a + expected): few accesses leave it near 1 whatever they were, many let it stand by itself.
(Clayton, Kaldor 1987: Empirical Bayes estimates of age-standardized relative risks; DuMouchel 1999 for surveillance.)
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

SURE = 0.95
"""The share of the interval that is shown: a fortieth lies below it, a fortieth above."""
USUAL_A, SPREAD = 5.0, 1.5
"""Where the pull goes, and how weak it is (a standard deviation of log a)."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times as many as is usual: the middle of what is to be believed, and the ends of its interval."""

    middle: float
    low: float
    high: float


def shrink(observed: Sequence[int], expected: Sequence[float]) -> list[Ratio]:
    """A ratio for each pair; everybody's numbers together say how much people differ anyway."""
    if not observed:
        return []
    seen, usual = np.asarray(observed, dtype=np.float64), np.maximum(np.asarray(expected, dtype=np.float64), 1e-9)
    a = _spread_of_people(seen, usual)
    known = stats.gamma(a + seen, scale=1 / (a + usual))
    low, middle, high = (known.ppf(share) for share in ((1 - SURE) / 2, 0.5, (1 + SURE) / 2))
    return [Ratio(*map(float, one)) for one in zip(middle, low, high, strict=True)]


def _spread_of_people(seen: "np.ndarray[tuple[int], np.dtype[np.float64]]", usual: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> float:
    def cost(log_a: float) -> float:
        a = np.exp(log_a)
        likelihood = stats.nbinom.logpmf(seen, a, a / (a + usual)).sum()
        return float(-likelihood + ((log_a - np.log(USUAL_A)) / SPREAD) ** 2 / 2)

    found = optimize.minimize_scalar(cost, bounds=(np.log(0.2), np.log(1000.0)), method="bounded")
    return float(np.exp(found.x))
