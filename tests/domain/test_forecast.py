"""What a pocket's levels come to by its own use: against a plain simulation of the same rounds, and honest where it cannot tell."""

from random import Random

import pytest

from cabinet.domain.forecast import DAYS_LOOKED_BACK, LEAST_DAYS, forecast
from cabinet.domain.vocabulary import utc_text
from tests.domain.kind_bench import ready, through

MONTH, ROUNDS = 30, 60_000


def simulated(draw: Random, mean: float, *, par: int, least: int, round_days: int) -> tuple[float, float]:
    """Stock-outs and trips a month where arrivals are Poisson: rounds walked one by one."""
    stock, out, trips = par, 0, 0
    for _ in range(ROUNDS):
        asked, left = 0, draw.expovariate(mean)
        while left < round_days:
            asked += 1
            left += draw.expovariate(mean)
        out += asked > stock
        stock = max(0, stock - asked)
        if stock <= least:
            trips += 1
            stock = par
    months = ROUNDS * round_days / MONTH
    return out / months, trips / months


def days_like(mean: float, number: int = 60) -> list[int]:
    """Days whose mean is exact and that vary little: the law is then Poisson."""
    whole, part = divmod(round(mean * number), number)
    return [whole + (day < part) for day in range(number)]


@pytest.mark.parametrize(("mean", "par", "least", "round_days"), [(3.0, 10, 4, 1), (0.5, 4, 1, 1), (2.0, 12, 6, 3), (1.5, 6, 6, 1)])
def test_the_forecast_is_what_rounds_that_are_walked_come_to(mean: float, par: int, least: int, round_days: int) -> None:
    """The renewal sums are right: within what chance does to sixty thousand rounds."""
    told = forecast(days_like(mean), par=par, least=least, round_days=round_days)
    assert told is not None
    out, trips = simulated(Random(7), mean, par=par, least=least, round_days=round_days)
    assert told.trips == pytest.approx(trips, rel=0.03)
    assert told.stock_outs == pytest.approx(out, rel=0.1, abs=0.02)


def test_a_higher_min_means_fewer_stock_outs_and_more_trips() -> None:
    """What somebody who changes levels is to see before they do."""
    use = days_like(3.0)
    low, high = (forecast(use, par=12, least=least) for least in (1, 6))
    assert low is not None
    assert high is not None
    assert (high.stock_outs < low.stock_outs, high.trips > low.trips) == (True, True)


def test_use_that_comes_in_heaps_runs_out_more_often_than_its_mean_tells() -> None:
    """A code takes ten vials at once; the mean of the month says one in three days."""
    even, heaps = [1] * 10 + [0] * 20, [10] + [0] * 29
    calm, rare = (forecast(use, par=4, least=1) for use in (even, heaps))
    assert calm is not None
    assert rare is not None
    assert calm.per_day == rare.per_day
    assert rare.stock_outs > 10 * calm.stock_outs


def test_too_few_days_tell_nothing_and_none_used_needs_nothing() -> None:
    """No figure is made of three days."""
    assert forecast([4] * (LEAST_DAYS - 1), par=10, least=2) is None
    still = forecast([0] * LEAST_DAYS, par=10, least=2)
    assert still is not None
    assert (still.lasts_days, still.stock_outs, still.trips) == (None, 0.0, 0.0)


def test_levels_that_leave_no_room_are_a_trip_every_round() -> None:
    """Par at min: whatever lies there is topped up each time; a par of nothing is out whenever anybody comes."""
    told = forecast([1] * 30, par=3, least=3)
    assert told is not None
    assert told.trips == pytest.approx(30)
    nothing = forecast([1] * 30, par=0, least=0)
    assert nothing is not None
    assert nothing.stock_outs == pytest.approx(30 * (1 - 2.718281828**-1), rel=1e-6)


def test_a_pockets_use_is_remembered_day_by_day_from_the_day_it_held_the_item() -> None:
    """What patients took, and not what was counted away, carried off or put back; the same after a restart; no longer than looked back."""
    ward = ready("nina", "tom")
    through(ward, "withdraw", "p1", 2)
    through(ward, "withdraw", "p1", 1, access="b")
    through(ward, "expire", "p1", 1, by="tom", access="c", patient=None)
    day = utc_text(ward.now.utc)[:10]
    assert (ward.line("p1").since, ward.line("p1").used) == (day, {day: 3})
    ward.restart()
    assert ward.line("p1").used == {day: 3}
    ward.tick((DAYS_LOOKED_BACK + 1) * 86_400)
    ward.signs_in("nina", session="late")
    through(ward, "withdraw", "p1", 1, by="late", access="d")
    assert list(ward.line("p1").used.values()) == [1]
