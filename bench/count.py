"""R6: confident counts by weight that are wrong, and how often a count is confident at all.

For each class of item of hardware reference 5.3, 100,000 weighings: a sample of 10, 30 or 100 pieces is weighed and its mass taken
for known, then n pieces are put on or taken off between two readings that lie up to two minutes apart. Every piece has a mass of its
own, drawn from a normal distribution; every reading has a repeatability of one division, is rounded to one, and lies wherever the
rest of the load happens to put it; and the zero wanders, by itself and with a room that warms or cools by up to 3 K in an hour beside a
probe. Nothing of this comes from `counting.py`, which is told the sample's reading, the spread, the division, the change of temperature
and the allowances for wandering, and answers at 1e-3 and at 1e-4.

n is drawn evenly from 0 to a quarter beyond the largest number of the reference's table, where mistakes are made; the table itself
is copied from the paper. The limit is the stated probability, held against the upper 95 % bound of a binomial share. A class of which
not one piece can be counted passes when nothing is called confident.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from math import exp, lgamma, log, log1p

from bench.figure import Figure
from cabinet.domain.scale.counting import Scatter, SensedCount, Teaching, Verdict, Wander, count

WEIGHINGS = 100_000
LEVELS = (1e-3, 1e-4)
SAMPLES = (10, 30, 100)
WANDER = Wander(mg_per_hour=30, mg_per_kelvin=60)
ROOM_K_PER_H = 3.0
APART_S = 120.0
LEAST_JUDGED = 0.95
UNLIKELY = 0.05
POOL = 400_000
"""Pieces drawn for a class; every handful is a run of it from a random place."""

CLASSES = (
    ("tablet 0.12 g, 3 %, d 0.01", 120, 30, 10, ((4, 1), (6, 1), (8, 1))),
    ("tablet 0.30 g, 2 %, d 0.01", 300, 20, 10, ((15, 12), (25, 19), (37, 27))),
    ("tablet 0.30 g, 2 %, d 0.1", 300, 20, 100, ((0, 0), (0, 0), (0, 0))),
    ("ampoule 2.5 g, 2 %, d 0.1", 2_500, 20, 100, ((13, 10), (24, 18), (35, 25))),
    ("vial 12 g, 1.5 %, d 0.1", 12_000, 15, 100, ((26, 21), (41, 33), (62, 48))),
    ("vial 12 g, 1.5 %, d 1", 12_000, 15, 1_000, ((6, 2), (14, 4), (25, 5))),
    ("syringe 9 g, 1 %, d 0.1", 9_000, 10, 100, ((38, 32), (66, 54), (108, 86))),
)
"""name, mass mg, spread permille, division mg, and for samples of 10, 30, 100 the largest n at 1e-3 and 1e-4."""


@dataclass
class Tally:
    """What came of one class at one level. `by_n` holds, for each number within the table, how many were weighed and how many judged."""

    confident: int = 0
    wrong: int = 0
    by_n: dict[tuple[int, int], list[int]] = field(default_factory=dict)

    def note(self, n: int, sample: int, most: int, found: SensedCount) -> None:
        """Take in one weighing of `n` pieces."""
        is_confident = found.verdict is Verdict.CONFIDENT
        self.confident += is_confident
        self.wrong += is_confident and found.units != n
        if 1 <= n <= most:
            row = self.by_n.setdefault((sample, n), [0, 0])
            row[0] += 1
            row[1] += is_confident

    @property
    def judged(self) -> float | None:
        """The share judged confident among the numbers within the table; None where the table has none."""
        weighed = sum(row[0] for row in self.by_n.values())
        return sum(row[1] for row in self.by_n.values()) / weighed if weighed else None

    @property
    def worst(self) -> float | None:
        """The same share for the worst single number."""
        return min((row[1] / row[0] for row in self.by_n.values()), default=None)


class Handful:
    """Pieces of one class, each with a mass of its own."""

    def __init__(self, chance: random.Random, mass_mg: int, spread_permille: int) -> None:
        self._chance = chance
        deviation_mg = mass_mg * spread_permille / 1000
        self._sums_mg = [0.0, *accumulate(chance.gauss(mass_mg, deviation_mg) for _ in range(POOL))]

    def mass_mg(self, pieces: int) -> float:
        """What so many of them weigh together."""
        start = int(self._chance.random() * (POOL - pieces))
        return self._sums_mg[start + pieces] - self._sums_mg[start]


def measure() -> list[Figure]:
    """Seven classes at two levels, about 40 s."""
    return [figure for number, row in enumerate(CLASSES) for figure in _class(number, *row)]


def _class(
    number: int, name: str, mass_mg: int, spread: int, division_mg: int, table: tuple[tuple[int, int], ...]
) -> Iterator[Figure]:  # fmt: skip
    chance = random.Random(number)
    pieces = Handful(chance, mass_mg, spread)
    tallies = [Tally() for _ in LEVELS]
    for trial in range(WEIGHINGS):
        sample, most = SAMPLES[trial % len(SAMPLES)], table[trial % len(SAMPLES)]
        n = chance.randint(0, most[0] + most[0] // 4 + 1)
        taught = Teaching(sample, _net(chance, division_mg, pieces.mass_mg(sample), 0.0), spread)
        seconds = chance.random() * APART_S
        warmed_k = chance.uniform(-1, 1) * ROOM_K_PER_H * seconds / 3600
        wandered_mg = chance.gauss(0.0, WANDER.mg_per_hour * seconds / 3600) + WANDER.mg_per_kelvin * warmed_k
        net_mg = _net(chance, division_mg, pieces.mass_mg(n), wandered_mg)
        scatter = Scatter(division_mg, WANDER.over(seconds, 1000 * warmed_k))
        for tally, level, edge in zip(tallies, LEVELS, most, strict=True):
            tally.note(n, sample, edge, count(net_mg, taught, scatter, level))
    for tally, level in zip(tallies, LEVELS, strict=True):
        yield _figure(name, level, tally)


def _net(chance: random.Random, division_mg: int, load_mg: float, wandered_mg: float) -> int:
    """The difference of two readings of a scale on which something lies already."""
    rest_mg = 1_000_000 * chance.random()
    before_mg, after_mg = (
        round((true_mg + chance.gauss(0.0, division_mg)) / division_mg) * division_mg
        for true_mg in (rest_mg, rest_mg + load_mg + wandered_mg)
    )
    return after_mg - before_mg


def _figure(name: str, level: float, tally: Tally) -> Figure:
    judged, worst = tally.judged, tally.worst
    bound = upper_bound(tally.wrong, tally.confident)
    if judged is None or worst is None:
        said, ok = f"{tally.confident:,} called confident", tally.confident == 0
    else:
        said = f"{tally.wrong} of {tally.confident:,} wrong (< {bound:.1e}); {judged:.1%} judged, worst n {worst:.1%}"
        ok = bound < level and judged >= LEAST_JUDGED
    ratio = bound / level if tally.confident else None
    return Figure("R6", name, said, f"{level:.0e} wrong", ratio, "< 1; >= 95 % judged", ok)


def upper_bound(wrong: int, tried: int) -> float:
    """The share that `wrong` of `tried` leaves possible: one that would show no more than so many in 5 of 100 runs."""
    low, high = 0.0, 1.0
    while high - low > 1e-9:
        share = (low + high) / 2
        low, high = (share, high) if _at_most(wrong, tried, share) > UNLIKELY else (low, share)
    return high


def _at_most(wrong: int, tried: int, share: float) -> float:
    """The chance of `wrong` or fewer in `tried`."""
    if share in {0.0, 1.0}:
        return 1.0 - share
    return sum(
        exp(lgamma(tried + 1) - lgamma(k + 1) - lgamma(tried - k + 1) + k * log(share) + (tried - k) * log1p(-share))
        for k in range(min(wrong, tried) + 1)
    )
