"""What demand looks like: families, lower bounds, doubt; and the arithmetic from demand to what a par leads to."""

from random import Random

import numpy as np
import pytest

from central.par.calendar import Calendar, daily
from central.par.demand import outlook
from central.par.distribution import Distribution, Family, fit
from central.par.history import DAY_MIN, Demand, History, Outage, Stretch, patients_behind, stretches
from central.par.replay import Stocked, replay
from central.par.rule import Elsewhere, Levels, Pocket, Rules
from central.par.study import study

CALENDAR = daily(3)


def history(units_by_day: list[int], patient: str = "", hour: int = 8) -> History:
    """One withdrawal a day, of so many units; none where it is 0."""
    asked = [Demand(day * DAY_MIN + hour * 60, units, patient or f"p{day}") for day, units in enumerate(units_by_day) if units]
    return History("x", 0, len(units_by_day) * DAY_MIN, tuple(asked))


def exact(*counts: int) -> list[Stretch]:
    """Counts without an outage."""
    return [Stretch(count, is_least=False) for count in counts]


def poisson(chance: Random, mean: float) -> int:
    """A Poisson draw, as arrivals within one day."""
    count, passed = 0, chance.expovariate(mean)
    while passed < 1:
        count, passed = count + 1, passed + chance.expovariate(mean)
    return count


@pytest.mark.parametrize(
    ("mean", "burstiness", "most_out", "least"),
    [(0.1, 1, 0.01, 1), (5, 1, 0.01, 11), (20, 1, 0.001, 35), (1, 3, 0.01, 8), (5, 3, 0.001, 24), (20, 3, 0.01, 42)],
)
def test_the_smallest_level_that_lasts_is_the_published_one(mean: float, burstiness: float, most_out: float, least: int) -> None:
    """The table of minimum stock for a target service (Poisson, and variance three times the mean) that everybody can check by hand."""
    shape = float("inf") if burstiness == 1 else mean / (burstiness - 1)
    chances = np.cumsum(Distribution(Family.NEGATIVE_BINOMIAL, mean, shape).chances(200))
    assert int(np.argmax(chances >= 1 - most_out)) == least


def test_even_demand_is_a_poisson_and_bursts_are_not() -> None:
    """A family with one more parameter has to pay for it: else noise becomes stock, or bursts become stock-outs."""
    chance = Random(1)
    even = [poisson(chance, 4) for _ in range(300)]
    bursts = [poisson(chance, chance.gammavariate(1, 4)) for _ in range(300)]
    assert fit(exact(*even)).family is Family.POISSON
    found = fit(exact(*bursts))
    assert found.family is Family.NEGATIVE_BINOMIAL
    assert found.units == pytest.approx(4, rel=0.2)
    assert found.shape == pytest.approx(1, rel=0.35)


def test_four_now_and_then_is_intermittent() -> None:
    """A course of an antibiotic on one day of five: a Poisson of the mean would never hold the four that are asked at once."""
    chance = Random(2)
    found = fit(exact(*(4 if chance.random() < 0.2 else 0 for _ in range(200))))
    assert found.family is Family.INTERMITTENT
    assert found.active == pytest.approx(0.2, abs=0.06)
    assert found.units == pytest.approx(0.8, rel=0.3)


def test_few_days_are_not_read_for_more_than_they_say() -> None:
    """Three days cannot carry two parameters."""
    assert fit(exact(0, 1, 6)).family is Family.POISSON


def test_demand_behind_an_empty_pocket_is_estimated_and_not_forgotten() -> None:
    """A pocket that ran dry each day shows its par and not its demand; pars from that would stay too small for ever."""
    chance = Random(3)
    true = [poisson(chance, 6) for _ in range(200)]
    seen = [Stretch(min(units, 6), is_least=units >= 6) for units in true]
    naive = sum(stretch.units for stretch in seen) / len(seen)
    assert naive < 5.3
    assert fit(seen).units == pytest.approx(6, rel=0.08)


def test_a_stretch_of_outage_that_nobody_came_in_says_nothing() -> None:
    """Otherwise the days on which the pocket was broken would teach that nobody wants the item."""
    one = history([2, 0, 2])
    out = History(one.item, 0, one.to_min, one.demands, (Outage(DAY_MIN, DAY_MIN + 600), Outage(2 * DAY_MIN, 2 * DAY_MIN + 10)))
    days = [(day * DAY_MIN, (day + 1) * DAY_MIN) for day in range(3)]
    assert stretches(out, days) == [Stretch(2, is_least=False), Stretch(2, is_least=True)]


def test_a_hundred_doses_for_one_patient_are_one_patient() -> None:
    """The next ward has other patients: what one of them took says little about it."""
    assert patients_behind(history([3] * 100, patient="p")) == pytest.approx(1)
    assert patients_behind(history([3] * 100)) == pytest.approx(100)
    assert patients_behind(history([0] * 9)) == 0


def test_demand_of_few_patients_needs_more_cover() -> None:
    """The same doses, of one patient or of ninety: doubt is stock."""
    doses = [6, 0, 3] * 30
    one, many = (outlook(history(doses, patient), CALENDAR, Rules(), None) for patient in ("p", ""))
    assert one is not None
    assert many is not None
    least = [int(np.argmax(np.cumsum(found.protected.chances(100)) > 0.99)) for found in (one, many)]
    assert least[0] > least[1]


def test_little_data_leans_on_the_other_cabinets() -> None:
    """Two doses in a new cabinet's first week say less than a year at ten others; a year here says more than they do."""
    young, old = history([0, 1, 0, 0, 1, 0, 0]), history([0, 1, 0, 0, 1, 0, 0] * 50)
    found = [outlook(one, CALENDAR, Rules(), Elsewhere(3.0)) for one in (young, old)]
    levels = [one.units_per_day for one in found if one is not None]
    assert levels[0] > 1.3
    assert levels[1] < 0.4


def test_an_item_that_nobody_asked_for_is_known_from_elsewhere_or_not_at_all() -> None:
    """No number is made up."""
    assert outlook(history([0] * 30), CALENDAR, Rules(), None) is None
    found = outlook(history([0] * 30), CALENDAR, Rules(), Elsewhere(1.5))
    assert found is not None
    assert found.units_per_day == pytest.approx(1.0)


@pytest.mark.parametrize("levels", [Levels(20, 8), Levels(12, 10), Levels(40, 6)])
def test_what_a_par_leads_to_is_what_happens(levels: Levels) -> None:
    """The formula and a replay of ten years agree on calls, refills and stock: neither is taken on trust."""
    chance = Random(4)
    days = 3650
    asked = [
        Demand(day * DAY_MIN + chance.randrange(DAY_MIN), 1, f"p{day}-{number}")
        for day in range(days)
        for number in range(poisson(chance, chance.gammavariate(2, 2)))
    ]
    lived = History("x", 0, days * DAY_MIN, tuple(sorted(asked, key=lambda demand: demand.at_min)))
    found = study(lived, CALENDAR, Pocket(60), Rules())
    assert found is not None
    expected = found.prospect(levels)
    outcome = replay([lived], {"x": Stocked(levels)}, CALENDAR)
    assert expected.stock_out_rate == pytest.approx(outcome.stock_out_rate, rel=0.25, abs=5e-4)
    assert expected.calls_per_year == pytest.approx(outcome.calls / 10, rel=0.25, abs=0.5)
    assert expected.refills_per_year == pytest.approx(outcome.refills / 10, rel=0.1)
    assert expected.stock_value == pytest.approx(outcome.stock_value, rel=0.1)


def test_a_calendar_that_cannot_be_kept_is_refused() -> None:
    """A list that is drawn up before the last one has arrived would order everything twice."""
    with pytest.raises(ValueError, match="before the next"):
        daily(3, 4, lead_min=120)
    with pytest.raises(ValueError, match="in order"):
        Calendar((500, 100), 60, 60)


def test_weekends_without_a_round_ask_for_more() -> None:
    """Friday's list has to last until Monday's is on the shelf."""
    doses = [1, 2, 1, 0, 3] * 40
    weekdays = Calendar(tuple(day * DAY_MIN + 180 for day in range(5)), 120, 60)
    least = []
    for calendar in (CALENDAR, weekdays):
        found = outlook(history(doses), calendar, Rules(), None)
        assert found is not None
        least.append(int(np.argmax(np.cumsum(found.protected.chances(100)) > 0.99)))
    assert least[1] > least[0]
