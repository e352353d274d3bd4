"""Advice on pars: what it may never do, what it says, and how one cabinet's stock is spread."""

from dataclasses import asdict, replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central.par.advice import Advice, choose
from central.par.calendar import Calendar, daily
from central.par.history import DAY_MIN, Demand, History, Outage
from central.par.range import take_in, take_out
from central.par.reason import silence
from central.par.rule import Criticality, Elsewhere, Hold, Levels, Pocket, Rules
from central.par.spread import spread
from central.par.study import study

CALENDAR = daily(3)
RULES = Rules()
ROOMY = Pocket(200, levels=Levels(30, 10, 2))


def advise(history: History, calendar: Calendar, pocket: Pocket, rules: Rules, elsewhere: Elsewhere | None = None) -> Advice:
    """One pocket's advice by itself."""
    found = study(history, calendar, pocket, rules, elsewhere)
    if found is None:
        return Advice(history.item, pocket.levels, pocket.levels, None, silence(history.days))
    return choose(found, rules.shelf_price)


def asked(mean: float, days: int = 90, item: str = "x", seed: int = 1, most: int = 2) -> History:
    """Withdrawals of 1 to `most` units at any time, so many a day."""
    chance = Random(f"{seed}/{item}")
    demands = []
    at = chance.expovariate(mean) if mean else float(days)
    while at < days:
        demands.append(Demand(int(at * DAY_MIN), chance.randint(1, most), f"p{len(demands) % 17}"))
        at += chance.expovariate(mean)
    return History(item, 0, days * DAY_MIN, tuple(demands))


def test_the_advice_is_argued() -> None:
    """A pharmacist follows a number whose reason can be read: what was asked, what lasts, what is expected, and how it is today."""
    found = advise(asked(4), CALENDAR, ROOMY, RULES)
    assert found.levels is not None
    assert found.levels.critical_low <= found.levels.min < found.levels.par
    assert found.expected is not None
    assert found.now is not None
    for word in ("units a day", "over 90 days", "26 h", "Expected:", "refused", "calls", "As it stands:"):
        assert word in found.reason


def test_a_chance_too_small_to_read_is_said_in_words() -> None:
    """A stuffed pocket runs out once in a lifetime: nobody reads 2.8e-05 %."""
    found = advise(asked(4), CALENDAR, replace(ROOMY, levels=Levels(100, 60, 8)), RULES)
    assert found.now is not None
    assert 0 < found.now.stock_out_rate < 1e-4
    assert "As it stands: under 0.01 % of withdrawals refused" in found.reason
    assert "e-" not in found.reason


def test_what_was_refused_counts_as_asked() -> None:
    """Refused searches are demand; the reason says how many there were."""
    lived = asked(3)
    refused = replace(lived, demands=tuple(replace(demand, is_met=number % 3 > 0) for number, demand in enumerate(lived.demands)))
    found = advise(refused, CALENDAR, ROOMY, RULES)
    assert "times refused and counted" in found.reason
    assert found.levels == advise(lived, CALENDAR, ROOMY, RULES).levels


def test_advice_never_lowers_an_emergency_item() -> None:
    """Naloxone is for the night that no history has seen."""
    pocket = Pocket(50, criticality=Criticality.EMERGENCY, levels=Levels(40, 20, 10))
    found = advise(asked(0.1), CALENDAR, pocket, RULES)
    assert found.levels == Levels(40, 20, 10)
    assert not found.is_change
    assert "never lowered" in found.reason
    raised = advise(asked(9), CALENDAR, replace(pocket, levels=Levels(3, 1, 0)), RULES)
    assert raised.levels is not None
    assert raised.levels.par > 3


@pytest.mark.parametrize(("until_min", "word"), [(None, "Pinned"), (91 * DAY_MIN, "Frozen")])
def test_a_pharmacists_word_stands(until_min: int | None, word: str) -> None:
    """What is pinned or frozen stays, and whoever looks sees by whom, why, and what the numbers alone would say."""
    pocket = replace(ROOMY, hold=Hold("Hugo Marchetti", "Shortage until the summer.", until_min))
    found = advise(asked(9), CALENDAR, pocket, RULES)
    assert found.is_held
    assert found.levels == found.was == ROOMY.levels
    assert found.free != found.levels
    assert f"{word} by Hugo Marchetti: Shortage until the summer." in found.reason


def test_a_freeze_ends() -> None:
    """Otherwise last winter's shortage would rule for ever."""
    pocket = replace(ROOMY, hold=Hold("Hugo Marchetti", "Shortage.", 30 * DAY_MIN))
    found = advise(asked(9), CALENDAR, pocket, RULES)
    assert not found.is_held
    assert found.levels == found.free != ROOMY.levels


@pytest.mark.parametrize(("mean", "most"), [(13, 20), (25, 10), (40, 20)])
def test_no_saving_empties_a_pocket_that_is_asked_every_day(mean: float, most: int) -> None:
    """However dear the shelf: a pocket that never holds anything runs out all the time, and is never the advice for what is used."""
    found = study(asked(mean, most=most), CALENDAR, Pocket(500, levels=Levels(400, 150, 50)), RULES)
    assert found is not None
    for price in (RULES.shelf_price, 0.5, 10.0):
        advice = choose(found, price)
        assert advice.levels is not None
        assert advice.expected is not None
        assert advice.levels.min > mean
        assert advice.expected.stock_out_rate < 0.1


def test_no_par_is_more_than_fits() -> None:
    """A technician cannot fill what the pocket does not hold; the reason says that it is too small."""
    found = advise(asked(8), CALENDAR, Pocket(9), RULES)
    assert found.levels is not None
    assert found.levels.par == 9
    assert "holds no more than 9" in found.reason


def test_what_spoils_is_stocked_less() -> None:
    """A syringe that keeps a week is not bought for a month."""
    week = advise(asked(0.3), CALENDAR, replace(ROOMY, shelf_life_days=7), RULES)
    long = advise(asked(0.3), CALENDAR, ROOMY, RULES)
    assert week.levels is not None
    assert long.levels is not None
    assert week.levels.par < long.levels.par
    assert "keeps 7 days" in week.reason


def test_a_critical_item_runs_out_less_often_whatever_it_costs() -> None:
    """The promise of a critical item is no matter of price."""
    dear = replace(RULES, shelf_price=1.0)
    levels = [advise(asked(3), CALENDAR, replace(ROOMY, criticality=one), dear).levels for one in Criticality]
    least = [one.min for one in levels if one is not None]
    assert least[0] < least[1] <= least[2]
    short = advise(asked(9), CALENDAR, Pocket(6, criticality=Criticality.CRITICAL), dear)
    assert short.levels is not None
    assert (short.levels.par, short.levels.min) == (6, 5)
    assert "second pocket" in short.reason


def test_nothing_known_is_no_advice() -> None:
    """An item that nobody asked for anywhere keeps what it has; taking it out is another question."""
    found = advise(asked(0), CALENDAR, ROOMY, RULES)
    assert found.levels == ROOMY.levels
    assert found.expected is None
    assert "Nobody asked" in found.reason
    assert advise(asked(0), CALENDAR, ROOMY, RULES, Elsewhere(2.0)).expected is not None


def test_dearer_shelf_is_less_stock() -> None:
    """The one lever a hospital has: what a unit on the shelf must earn."""
    stock = []
    for price in (0.001, 0.01, 0.1):
        found = advise(asked(4), CALENDAR, ROOMY, replace(RULES, shelf_price=price))
        assert found.expected is not None
        stock.append(found.expected.stock_value)
    assert stock[0] > stock[1] > stock[2]


def test_the_same_stock_is_spread_better() -> None:
    """At the stock value of days of supply, what is expected to be refused is less: days are too many for some and too few for others."""
    cabinet = [asked(mean, item=f"i{number}") for number, mean in enumerate((0.05, 0.1, 0.3, 1, 3, 8, 20))]
    studies = [found for one in cabinet if (found := study(one, CALENDAR, ROOMY, RULES)) is not None]
    days = []
    for one in studies:
        daily_units = one.history.units / one.history.days
        par = max(2, round(5 * daily_units))
        days.append(one.prospect(Levels(par, min(par - 1, round(2 * daily_units)))))
    advice = spread(studies, sum(one.stock_value for one in days))
    better = [one.expected for one in advice if one.expected is not None]
    assert sum(one.stock_value for one in better) <= sum(one.stock_value for one in days)
    assert sum(one.calls_per_year for one in better) < 0.7 * sum(one.calls_per_year for one in days)


def test_what_nobody_uses_goes_and_what_keeps_being_sent_comes() -> None:
    """Ninety days unused frees a pocket; six days of two weeks on which the pharmacy had to send it fill one. Never an emergency item."""
    idle, used, crash = asked(0, 120, "idle"), asked(1, 120, "used"), asked(0, 120, "crash")
    pinned = replace(idle, item="pinned")
    pockets = {
        "idle": ROOMY,
        "used": ROOMY,
        "crash": replace(ROOMY, criticality=Criticality.EMERGENCY),
        "pinned": replace(ROOMY, hold=Hold("H. M.", "Seasonal")),
    }
    gone = take_out([idle, used, crash, pinned], pockets, RULES)
    assert [(one.item, one.is_added) for one in gone] == [("idle", False)]
    assert "120 days" in gone[0].reason
    sent = [asked(2, 30, "often"), asked(0.1, 30, "seldom"), asked(2, 30, "stocked")]
    come = take_in(sent, ["stocked"], RULES)
    assert [(one.item, one.is_added) for one in come] == [("often", True)]
    assert "of the last 14 days" in come[0].reason


HISTORIES = st.lists(st.tuples(st.integers(0, 30 * DAY_MIN - 1), st.integers(1, 60), st.sampled_from(["", "p1", "p2", "p3"])), max_size=40)
OUTAGES = st.lists(st.tuples(st.integers(0, 29 * DAY_MIN), st.integers(1, 3 * DAY_MIN)), max_size=3)
POCKETS = st.builds(
    Pocket, st.integers(1, 700), st.none() | st.integers(1, 400), st.sampled_from([0.01, 1.0, 900.0]), st.sampled_from(list(Criticality))
)


@settings(max_examples=25, deadline=None)
@given(HISTORIES, OUTAGES, POCKETS, st.none() | st.builds(Elsewhere, st.floats(0, 300)))
def test_whatever_was_lived_the_advice_can_be_followed(
    rows: list[tuple[int, int, str]], outages: list[tuple[int, int]], pocket: Pocket, elsewhere: Elsewhere | None
) -> None:
    """No odd month makes levels that do not fit, or expectations that are no numbers."""
    demands = tuple(Demand(at, units, patient) for at, units, patient in sorted(rows))
    lived = History("x", 0, 30 * DAY_MIN, demands, tuple(Outage(start, start + length) for start, length in outages))
    found = advise(lived, CALENDAR, pocket, RULES, elsewhere)
    assert found.reason
    if found.levels is None:
        assert found.expected is None
        return
    assert 1 <= found.levels.par <= pocket.capacity
    assert found.expected is not None
    for value in asdict(found.expected).values():
        assert 0 <= value < 1e9
    assert found.expected.stock_out_rate <= 1


def test_a_short_history_takes_nothing_out() -> None:
    """A cabinet of last week has not shown yet what it does not need."""
    assert take_out([asked(0, 20)], {"x": ROOMY}, RULES) == []
