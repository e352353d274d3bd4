"""Advised pars beside days-of-supply pars on patients that neither has seen, ward after ward.

Alone knows: how the comparison is made fair. Must not know: files; how advice is found; where chance comes from (a seed is passed in).

For each ward: a history is made of the one half of the patients. Days-of-supply pars of it say how much stock the ward may hold; the
advice spreads the same mean stock better, by what it expects. Then both live through a ward of the other half. So that they hold the same
there too, the days of supply are made more, by the same factor for par and min, until their measured mean stock is no smaller than that of
the advice: what could still be called unfair is in favour of the days of supply, whose factor is the only number that comes from the run.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from central.par.advice import Advice
from central.par.calendar import Calendar, daily
from central.par.history import History
from central.par.replay import Outcome, Stocked, replay
from central.par.rule import Levels, Pocket, Rules
from central.par.spread import spread
from central.par.study import MOST_ROOM, study
from central.par.supply_days import SupplyDays
from central.par.ward import Stay, ward

MOST_FACTOR, STEPS = 8.0, 14
LEAD_MIN = 120
DAILY = daily(3, lead_min=LEAD_MIN)
"""The list is drawn up at three in the morning; what is on it is in its pockets at five."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What wards are like: how many, of how many beds, how long before and in the run, refilled when, with units that keep how long."""

    wards: int = 20
    beds: int = 20
    history_days: int = 90
    run_days: int = 90
    calendar: Calendar = DAILY
    shelf_life_days: int = 180
    supply: SupplyDays = field(default_factory=SupplyDays)
    rules: Rules = field(default_factory=Rules)
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Pair:
    """One ward lived through twice. `supply`: the days that were as much stock; `expected_rate`: of refusals, as the advice foretold."""

    advised: Outcome
    days_of_supply: Outcome
    supply: SupplyDays
    expected_rate: float


def backtest(fit: Sequence[Stay], run: Sequence[Stay], setting: Setting) -> Iterator[Pair]:
    """One pair after another, as they are done. Raises ValueError where a half has no stays."""
    if not fit or not run:
        raise ValueError("both halves need at least one stay")
    for number in range(setting.wards):
        chance = Random(f"{setting.seed}/{number}")  # noqa: S311 - a ward is repeated from its seed
        past = ward(fit, chance, setting.beds, setting.history_days, is_resampled=False)
        future = ward(run, chance, setting.beds, setting.run_days, is_resampled=True)
        yield _pair(past, future, setting)


def _pair(past: Sequence[History], future: Sequence[History], setting: Setting) -> Pair:
    advice = advise_all(past, setting)
    advised = _live(future, {one.item: one.levels for one in advice if one.levels is not None}, setting)

    def supplied(factor: float) -> Outcome:
        return _live(future, setting.supply.times(factor).levels(past), setting)

    low, high = 1 / MOST_FACTOR, MOST_FACTOR
    for _ in range(STEPS):
        middle = (low * high) ** 0.5
        if supplied(middle).stock_value < advised.stock_value:
            low = middle
        else:
            high = middle
    return Pair(advised, supplied(high), setting.supply.times(high), _expected_rate(past, advice))


def advise_all(past: Sequence[History], setting: Setting) -> list[Advice]:
    """What is advised from a history, worth as much on the shelf as the days of supply were in it."""
    worth = _live(past, setting.supply.levels(past), setting).stock_value
    pocket = Pocket(MOST_ROOM, setting.shelf_life_days)
    studies = [found for one in past if (found := study(one, setting.calendar, pocket, setting.rules)) is not None]
    return spread(studies, worth)


def _expected_rate(past: Sequence[History], advice: Sequence[Advice]) -> float:
    asked = {one.item: len(one.demands) for one in past}
    refused = sum(one.expected.stock_out_rate * asked[one.item] for one in advice if one.expected is not None)
    return refused / sum(asked.values())


def _live(history: Sequence[History], levels: Mapping[str, Levels], setting: Setting) -> Outcome:
    return replay(history, {item: Stocked(one, setting.shelf_life_days) for item, one in levels.items()}, setting.calendar)
