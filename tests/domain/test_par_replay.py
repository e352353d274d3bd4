"""A history lived again: small ones by hand, and wards made of stays."""

from random import Random

import pytest

from central.par.backtest import Setting, backtest
from central.par.calendar import daily
from central.par.history import DAY_MIN, Demand, History
from central.par.replay import Stocked, replay
from central.par.rule import Levels
from central.par.summary import summary
from central.par.supply_days import SupplyDays
from central.par.ward import Stay, halves, ward

CALENDAR = daily(3)
"""Drawn up at three, on the shelf at five; a call takes an hour."""


def lived(*asked: tuple[float, int], days: int = 3, item: str = "x") -> History:
    """(hour, units) of each withdrawal."""
    return History(item, 0, days * DAY_MIN, tuple(Demand(round(hour * 60), units) for hour, units in asked))


def test_a_refill_comes_with_the_round_and_not_before() -> None:
    """At min since eight in the evening, listed at three, there at five: what is asked at four finds one, at six finds four."""
    outcome = replay([lived((20, 3), (28, 2), (30, 1))], {"x": Stocked(Levels(4, 1))}, CALENDAR)
    assert (outcome.attempts, outcome.refused) == (3, 1)
    assert (outcome.rounds, outcome.calls, outcome.trips) == (1, 1, 2)


def test_who_finds_too_little_takes_it_and_calls() -> None:
    """Short is refused; the call fills to par after an hour, and those refused meanwhile share it."""
    outcome = replay([lived((8, 5), (8.5, 1), (9.2, 4))], {"x": Stocked(Levels(4, 0))}, CALENDAR)
    assert (outcome.refused, outcome.calls, outcome.rounds) == (2, 1, 1)
    assert outcome.refused_by_item == {"x": 2}
    assert outcome.stock_out_rate == pytest.approx(2 / 3)


def test_two_items_called_for_are_one_trip() -> None:
    """One technician brings both."""
    asked = [lived((8, 2), item="a"), lived((8.1, 2), item="b")]
    outcome = replay(asked, {"a": Stocked(Levels(1, 0)), "b": Stocked(Levels(1, 0))}, CALENDAR)
    assert (outcome.calls, outcome.refills) == (1, 2)


def test_what_has_no_pocket_is_no_stock_out() -> None:
    """It is asked for at the pharmacy, whatever the pars; counting it would hide what pars do."""
    outcome = replay([lived((8, 1)), lived((9, 1), item="y")], {"x": Stocked(Levels(2, 0))}, CALENDAR)
    assert (outcome.attempts, outcome.not_stocked, outcome.refused) == (1, 1, 0)


def test_units_that_nobody_takes_are_outdated() -> None:
    """Four that keep eight days, and nobody asks: one every other day is taken out, and a refill starts anew."""
    outcome = replay([lived(days=8)], {"x": Stocked(Levels(4, 0), shelf_life_days=8)}, CALENDAR)
    assert outcome.outdates == 3
    assert outcome.refills == 0
    forever = replay([lived(days=8)], {"x": Stocked(Levels(4, 0))}, CALENDAR)
    assert forever.outdates == 0
    assert forever.stock_value == 4


def test_what_stands_on_the_shelf_is_its_mean_value() -> None:
    """Half of the time four, half of the time one, at three apiece."""
    outcome = replay([lived((12, 3), days=1)], {"x": Stocked(Levels(4, 0), unit_value=3.0)}, CALENDAR)
    assert outcome.stock_value == pytest.approx(7.5)


def test_days_of_supply_are_the_rule_of_thumb() -> None:
    """Seven days to fill up to, two and a half to refill at, rounded up."""
    assert SupplyDays().levels([lived((1, 3), (30, 3), days=3)]) == {"x": Levels(14, 5, 0)}


STAYS = [
    Stay(
        f"p{number}",
        tuple((day * DAY_MIN + 480 + hour, f"i{(number * 7 + hour) % 23}", 1 + hour % 2) for day in range(4) for hour in range(6)),
    )
    for number in range(30)
]


def test_a_ward_is_full_every_day_and_the_same_for_the_same_chance() -> None:
    """As many doses a day as its beds ask for; a figure that nobody can repeat is none."""
    found = ward(STAYS, Random(1), 5, 10, is_resampled=False)
    assert sum(len(one.demands) for one in found) == 5 * 10 * 6
    assert found == ward(STAYS, Random(1), 5, 10, is_resampled=False)
    assert found != ward(STAYS, Random(2), 5, 10, is_resampled=False)


def test_no_patient_is_on_both_sides() -> None:
    """Fitted on those whose future is judged, any method would look good."""
    fit, run = halves(STAYS)
    assert {stay.patient for stay in fit}.isdisjoint(stay.patient for stay in run)
    assert len(fit) + len(run) == len(STAYS)


def test_both_sides_hold_the_same_stock_and_the_rule_of_thumb_no_less() -> None:
    """Who may hold more runs out less: the comparison is one of spreading, and favours the rule of thumb where it can."""
    fit, run = halves(STAYS)
    pairs = list(backtest(fit, run, Setting(wards=2, beds=6, history_days=30, run_days=30)))
    for pair in pairs:
        assert pair.advised.stock_value <= pair.days_of_supply.stock_value <= 1.05 * pair.advised.stock_value
        assert pair.advised.attempts == pair.days_of_supply.attempts
    found = summary(pairs)
    assert found.wards == 2
    assert found.advised["trips"].low <= found.advised["trips"].mean <= found.advised["trips"].high
    with pytest.raises(ValueError, match="at least one stay"):
        next(backtest([], run, Setting()))
