"""Mass -> units: the reference's table, and a thousand thousand weighings in which confidence is kept honest.

Hardware reference 5.3 gives for seven classes of item the largest number that is miscounted less often than 1e-3, 1e-4 and 1e-6.
"""

import random
from itertools import count as naturals
from itertools import takewhile

import pytest

from cabinet.domain.counting import ALLOWED_MISCOUNT, MISFIT, Teaching, Verdict, count, count_weighing, deviation, miscount
from cabinet.domain.vocabulary import MassMg, Weighing

TABLE = {
    (120, 30, 10): ((4, 1, 0), (6, 1, 0), (8, 1, 0)),
    (300, 20, 10): ((15, 12, 8), (25, 19, 13), (37, 27, 17)),
    (300, 20, 100): ((0, 0, 0), (0, 0, 0), (0, 0, 0)),
    (2_500, 20, 100): ((13, 10, 7), (24, 18, 11), (35, 25, 15)),
    (12_000, 15, 100): ((26, 21, 16), (41, 33, 24), (62, 48, 34)),
    (12_000, 15, 1_000): ((6, 2, 0), (14, 4, 0), (25, 5, 0)),
    (9_000, 10, 100): ((38, 32, 24), (66, 54, 40), (108, 86, 62)),
}
"""(piece mg, spread permille, division mg) -> for samples of 10, 30, 100: the largest n at 1e-3, 1e-4, 1e-6."""

CELLS = [
    (mass, spread, division, sample, allowed, largest)
    for (mass, spread, division), columns in TABLE.items()
    for sample, column in zip((10, 30, 100), columns, strict=True)
    for allowed, largest in zip((1e-3, 1e-4, 1e-6), column, strict=True)
]


@pytest.mark.parametrize(("mass", "spread", "division", "sample", "allowed", "largest"), CELLS)
def test_the_largest_number_is_that_of_the_reference(
    mass: int, spread: int, division: int, sample: int, allowed: float, largest: int
) -> None:
    """The formula, not merely something like it."""
    teaching = Teaching(mass, spread, sample)
    assert len(list(takewhile(lambda n: miscount(n, teaching, division) < allowed, naturals(1)))) == largest


@pytest.mark.parametrize(
    ("units", "sample", "sigma", "chance"), [(50, 10, 0.427, 0.242), (100, 100, 0.291, 0.086)]
)  # fmt: skip
def test_the_deviation_is_that_of_the_reference(units: int, sample: int, sigma: float, chance: float) -> None:
    """Two of the worked cases: 0.30 g tablets, 2 %, division 0.01 g."""
    teaching = Teaching(300, 20, sample)
    assert deviation(units, teaching, 10) == pytest.approx(sigma, abs=0.002)
    assert miscount(units, teaching, 10) == pytest.approx(chance, abs=0.002)


TABLET = Teaching(300, 20, 30)


@pytest.mark.parametrize("n", range(11))
def test_a_clean_weight_is_a_confident_count(n: int) -> None:
    """Also of nothing at all, and in both directions."""
    for sign in (1, -1):
        found = count(sign * n * 300, TABLET, 10)
        assert (found.verdict, found.units, found.why) == (Verdict.CONFIDENT, n, "")


def test_too_many_pieces_are_ambiguous_and_the_likeliest_number_is_told() -> None:
    """The teaching sample's own error grows with every piece."""
    found = count(60 * 300, TABLET, 10)
    assert (found.verdict, found.units) == (Verdict.AMBIGUOUS, 60)


def test_between_two_numbers_is_ambiguous() -> None:
    """Twenty and three tenths of a piece: a person counts."""
    found = count(20 * 300 + 90, TABLET, 10)
    assert (found.verdict, found.units, found.why) == (Verdict.AMBIGUOUS, 20, "between two numbers")


@pytest.mark.parametrize("n", [1, 2, 5])
def test_half_a_piece_is_not_this_item(n: int) -> None:
    """Nothing of this item's spread explains it."""
    assert count(n * 300 + 150, TABLET, 10).why == MISFIT


def test_a_scale_too_coarse_for_the_item_is_never_confident() -> None:
    """A tablet of 0.3 g on a scale of 0.1 g: not one, not ever."""
    coarse = Teaching(300, 20, 100)
    assert {count(n * 300, coarse, 100).verdict for n in range(1, 50)} == {Verdict.AMBIGUOUS}


def test_a_reading_that_moves_is_refused() -> None:
    """A hand on the tray."""
    found = count_weighing(Weighing(MassMg(600), is_steady=False, division_mg=MassMg(10)), 0, TABLET)
    assert (found.verdict, found.units) == (Verdict.REFUSED, None)


@pytest.mark.parametrize(
    ("mass", "spread", "division", "sample", "most"),
    [(300, 20, 10, 10, 20), (300, 20, 10, 30, 32), (120, 30, 10, 30, 10), (2_500, 20, 100, 30, 30), (12_000, 15, 1_000, 30, 18)],
)
def test_confident_and_wrong_is_rarer_than_promised(mass: int, spread: int, division: int, sample: int, most: int) -> None:
    """The whole chain by chance: pieces of their own mass, a mean learned from a sample, two readings with repeatability and steps.

    Judged over the numbers up to a little beyond the largest that the scale can count, where mistakes are made.
    """
    chance = random.Random(f"{mass} {spread} {division} {sample}")
    trials, confident, wrong = 6_000, 0, 0
    for _ in range(trials):
        taught = _weigh(chance, mass, spread, division, sample) / sample
        n = chance.randint(0, most)
        # a teaching holds whole milligrams, so the pieces are scaled to one that was learned exactly
        found = count(round(_weigh(chance, mass, spread, division, n) * mass / taught), Teaching(mass, spread, sample), division)
        confident += found.verdict is Verdict.CONFIDENT
        wrong += found.verdict is Verdict.CONFIDENT and found.units != n
    assert confident > trials / 4
    assert wrong <= ALLOWED_MISCOUNT * confident


def _weigh(chance: random.Random, mass: int, spread: int, division: int, n: int) -> float:
    """The net mass of n pieces: two readings, each with a repeatability of one division and rounded to a step."""
    pieces = sum(chance.gauss(mass, mass * spread / 1000) for _ in range(n))
    readings = [round((load + chance.gauss(0, division)) / division) * division for load in (50 * mass, 50 * mass + pieces)]
    return readings[1] - readings[0]
