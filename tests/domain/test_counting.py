"""Mass -> units: the reference's table, and what stands in the way of a confident count.

Hardware reference 5.3 gives for seven classes of item the largest number that is miscounted less often than 1e-3, 1e-4 and 1e-6.
How often a confident count is wrong is measured by `bench/count.py`; a short run of it stands here.
"""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cabinet.domain.scale.counting import (
    ROOM_MK,
    ROOM_MK_PER_HOUR,
    Doubt,
    Scatter,
    Teaching,
    Verdict,
    Wander,
    count,
    count_mixed,
    deviation,
    largest,
    miscount,
    posterior,
)

TABLE = {
    (120, 30, 10): ((4, 1, 0), (6, 1, 0), (8, 1, 0)),
    (300, 20, 10): ((15, 12, 8), (25, 19, 13), (37, 27, 17)),
    (300, 20, 100): ((-1, -1, -1), (-1, -1, -1), (-1, -1, -1)),
    (2_500, 20, 100): ((13, 10, 7), (24, 18, 11), (35, 25, 15)),
    (12_000, 15, 100): ((26, 21, 16), (41, 33, 24), (62, 48, 34)),
    (12_000, 15, 1_000): ((6, 2, 0), (14, 4, 0), (25, 5, 0)),
    (9_000, 10, 100): ((38, 32, 24), (66, 54, 40), (108, 86, 62)),
}
"""(piece mg, spread permille, division mg) -> for samples of 10, 30, 100: the largest n at 1e-3, 1e-4, 1e-6 (-1: not even none)."""

CELLS = [
    (mass, spread, division, sample, allowed, most)
    for (mass, spread, division), columns in TABLE.items()
    for sample, column in zip((10, 30, 100), columns, strict=True)
    for allowed, most in zip((1e-3, 1e-4, 1e-6), column, strict=True)
]

TABLET = Teaching(30, 9_000, 20)
FINE = Scatter(10)


@pytest.mark.parametrize(("mass", "spread", "division", "sample", "allowed", "most"), CELLS)
def test_the_largest_number_is_that_of_the_reference(mass: int, spread: int, division: int, sample: int, allowed: float, most: int) -> None:
    """The formula, not merely something like it. Where the paper says 0, none cannot be told from one either, or just so."""
    found = largest(Teaching(sample, sample * mass, spread), Scatter(division), allowed)
    assert max(found, 0) == max(most, 0)


@pytest.mark.parametrize(("units", "sample", "sigma", "chance"), [(50, 10, 0.427, 0.242), (100, 100, 0.291, 0.086)])
def test_the_deviation_is_that_of_the_reference(units: int, sample: int, sigma: float, chance: float) -> None:
    """Two of the worked cases: 0.30 g tablets, 2 %, division 0.01 g."""
    teaching = Teaching(sample, 300 * sample, 20)
    assert deviation(units, teaching, FINE) == pytest.approx(sigma, abs=0.002)
    assert miscount(units, teaching, FINE) == pytest.approx(chance, abs=0.002)


@pytest.mark.parametrize("n", range(11))
def test_a_clean_weight_is_a_confident_count(n: int) -> None:
    """Also of nothing at all, and in both directions."""
    for sign in (1, -1):
        found = count(sign * n * 300, TABLET, FINE)
        assert (found.verdict, found.units, found.why) == (Verdict.CONFIDENT, n, "")


def test_more_than_the_scale_can_count_is_refused() -> None:
    """The teaching sample's own error grows with every piece."""
    found = count(60 * 300, TABLET, FINE)
    assert (found.verdict, found.units, found.why) == (Verdict.REFUSED, None, Doubt.TOO_MANY)


def test_a_number_that_may_be_wrong_once_in_a_thousand_is_not_told_at_once_in_ten_thousand() -> None:
    """Both levels are honoured: 24 tablets at 1e-3, 19 at 1e-4."""
    assert count(24 * 300, TABLET, FINE, 1e-3).verdict is Verdict.CONFIDENT
    assert count(24 * 300, TABLET, FINE, 1e-4).why == Doubt.TOO_MANY


def test_between_two_numbers_is_ambiguous() -> None:
    """Twenty and two fifths of a piece: a person counts."""
    found = count(20 * 300 + 120, TABLET, FINE)
    assert (found.verdict, found.units, found.why) == (Verdict.AMBIGUOUS, 20, Doubt.BETWEEN)


def test_more_than_a_third_of_a_piece_is_never_confident() -> None:
    """Ten pieces and 0.37: no other number is likelier by far, and yet something is odd."""
    assert posterior(10.37, 10, TABLET, FINE) > 1 - 1e-6
    assert count(10 * 300 + 111, TABLET, FINE).verdict is Verdict.AMBIGUOUS


def test_at_the_edge_the_likelihood_decides() -> None:
    """One more than the table has: told where the weight is clear, not told where it leans."""
    edge = largest(TABLET, FINE) + 1
    assert count(edge * 300, TABLET, FINE).verdict is Verdict.CONFIDENT
    assert count(edge * 300 + 99, TABLET, FINE).verdict is Verdict.AMBIGUOUS


@pytest.mark.parametrize("n", [1, 2, 5])
def test_half_a_piece_is_not_this_item(n: int) -> None:
    """Nothing of this item's spread explains it: an opened pack, a broken tablet, another item."""
    assert count(n * 300 + 150, TABLET, FINE).why == Doubt.MISFIT


def test_a_scale_too_coarse_for_the_item_is_never_confident() -> None:
    """A tablet of 0.3 g on a scale of 0.1 g: not one, not ever."""
    coarse = Teaching(100, 30_000, 20)
    assert {count(n * 300, coarse, Scatter(100)).why for n in range(50)} == {Doubt.TOO_COARSE}


@pytest.mark.parametrize("division", [0, 1, 10])
@pytest.mark.parametrize("spread", [0, 20])
def test_nothing_divides_by_nothing(division: int, spread: int) -> None:
    """A scale that names no division and pieces all alike still have a deviation."""
    teaching = Teaching(30, 9_000, spread)
    assert deviation(0, teaching, Scatter(division)) > 0
    assert count(600, teaching, Scatter(division)).units == 2


@pytest.mark.parametrize("teaching", [Teaching(0, 0, 20), Teaching(0, 9_000, 20), Teaching(30, 0, 20), Teaching(30, -9_000, 20)])
def test_without_a_mass_there_is_no_number(teaching: Teaching) -> None:
    """Nor a crash."""
    assert count(600, teaching, FINE).why == Doubt.UNTAUGHT
    assert largest(teaching, FINE) == -1


def test_what_a_scale_wanders_in_a_shift_is_too_much_for_tablets() -> None:
    """The weight from before is good for an hour or two, not for a night; the reason says which it is."""
    wander = Wander(mg_per_hour=30)
    assert count(600, TABLET, Scatter(10, wander.over(60))).verdict is Verdict.CONFIDENT
    assert count(600, TABLET, Scatter(10, wander.over(8 * 3600))).why == Doubt.STALE


def test_warmth_counts_where_it_is_known() -> None:
    """60 mg a kelvin, two kelvin, warmer or colder: as bad as four hours in an even room."""
    wander = Wander(mg_per_hour=30, mg_per_kelvin=60)
    assert wander.over(0, 2_000) == wander.over(0, -2_000) == wander.over(4 * 3600, 0) == pytest.approx(120)
    assert wander.over(-5) == 0


def test_warmth_that_nobody_measured_is_assumed() -> None:
    """Three kelvin an hour, and twelve at the most: a minute costs a tablet next to nothing, and a night costs it its number."""
    wander = Wander(mg_per_kelvin=60)
    assert [round(wander.over(hours * 3600)) for hours in (0, 1, 2, 4, 12)] == [0, 180, 360, 720, 720]
    assert count(600, TABLET, Scatter(10, wander.over(60))).verdict is Verdict.CONFIDENT


@given(
    pieces=st.integers(0, 60),
    off_mg=st.integers(-2_000, 2_000),
    hours=st.floats(0, 24),
    share=st.floats(-1, 1),
    piece_mg=st.sampled_from([120, 300, 2_500, 9_000]),
)
def test_without_a_thermometer_no_count_is_more_confident_than_with_one(
    pieces: int, off_mg: int, hours: float, share: float, piece_mg: int
) -> None:
    """Whatever a room does within what is assumed of it: what is confident unmeasured is so when it is measured, or is seen to be odd."""
    wander, known = Wander(mg_per_hour=30, mg_per_kelvin=60), Teaching(30, 30 * piece_mg, 20)
    measured_mk = share * min(ROOM_MK_PER_HOUR * hours, ROOM_MK)
    blind = Scatter(10, wander.over(hours * 3600))
    seeing = Scatter(10, wander.over(hours * 3600, measured_mk))
    assert seeing.wander_mg <= blind.wander_mg
    assert miscount(pieces, known, seeing) <= miscount(pieces, known, blind)
    without = count(pieces * piece_mg + off_mg, known, blind)
    if without.verdict is Verdict.CONFIDENT:
        found = count(pieces * piece_mg + off_mg, known, seeing)
        assert found.why in {Doubt.MISFIT, Doubt.BETWEEN} or (found.verdict, found.units) == (Verdict.CONFIDENT, without.units)


def test_portions_of_a_sample_add_their_readings() -> None:
    """Ten tablets weighed at once are known better than ten weighed one by one."""
    at_once, one_by_one = Teaching(10, 3_000, 20), Teaching(10, 3_000, 20, portions=10)
    assert deviation(5, one_by_one, FINE) > deviation(5, at_once, FINE)


def test_a_mass_learned_on_a_finer_balance_is_known_better() -> None:
    """The pharmacy's balance and the pocket's transmitter are two scales."""
    here, there = Teaching(10, 3_000, 20), Teaching(10, 3_000, 20, division_mg=1)
    assert deviation(5, there, FINE) < deviation(5, here, FINE)


LIGHT, HEAVY = Teaching(100, 30_000, 20), Teaching(100, 33_000, 20)


class TestMixedManufacturers:
    """Two lots of one item in one pocket, of 0.30 g and 0.33 g; nobody knows which a hand takes."""

    def test_where_both_say_the_same_it_is_said(self) -> None:
        """One piece is one piece of either."""
        assert count_mixed(-315, [LIGHT, HEAVY], FINE).units == 1

    @pytest.mark.parametrize("net_mg", [-3_000, -3_150, -3_300])
    def test_between_the_lots_nothing_is_claimed(self, net_mg: int) -> None:
        """Ten heavy ones are eleven light ones."""
        assert count_mixed(net_mg, [LIGHT, HEAVY], FINE).verdict is Verdict.AMBIGUOUS

    def test_without_any_teaching_there_is_no_number(self) -> None:
        """Nothing is known of what lies there."""
        assert count_mixed(-300, [], FINE).why == Doubt.UNTAUGHT

    def test_confident_and_wrong_is_rare_whatever_is_taken(self) -> None:
        """Handfuls of both lots in any proportion."""
        chance = random.Random(1)
        found = []
        for _ in range(4_000):
            taken = [chance.choice((300, 330)) for _ in range(chance.randint(0, 8))]
            net_mg = sum(chance.gauss(mass, mass * 0.02) for mass in taken) + chance.gauss(0, 15)
            found.append((count_mixed(-round(net_mg), [LIGHT, HEAVY], FINE), len(taken)))
        confident = [(one.units, n) for one, n in found if one.verdict is Verdict.CONFIDENT]
        assert len(confident) > 1_000
        assert sum(units != n for units, n in confident) <= 0.001 * len(confident)


def test_the_posterior_is_a_share_of_one() -> None:
    """Of the numbers beside it, none likelier beforehand."""
    shares = [posterior(4.4, n, TABLET, Scatter(30)) for n in (3, 4, 5)]
    assert shares[1] > shares[2] > shares[0]
    assert sum(shares) == pytest.approx(1, abs=0.01)


@pytest.mark.parametrize("seed", range(3))
def test_confident_and_wrong_is_rarer_than_promised(seed: int) -> None:
    """The whole chain by chance: pieces of their own mass, a mean learned from a sample, two readings with repeatability and steps."""
    chance = random.Random(seed)
    confident = wrong = 0
    for _ in range(6_000):
        taught = Teaching(30, round(_weigh(chance, 30)), 20)
        n = chance.randint(0, 32)
        found = count(round(_weigh(chance, n)), taught, FINE)
        confident += found.verdict is Verdict.CONFIDENT
        wrong += found.verdict is Verdict.CONFIDENT and found.units != n
    assert confident > 4_000
    assert wrong <= 1e-3 * confident


def _weigh(chance: random.Random, n: int) -> float:
    """The net mass of n tablets: two readings, each with a repeatability of one division and rounded to a step."""
    pieces = sum(chance.gauss(300, 6) for _ in range(n))
    readings = [round((load + chance.gauss(0, 10)) / 10) * 10 for load in (15_000, 15_000 + pieces)]
    return readings[1] - readings[0]
