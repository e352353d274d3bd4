"""What a pocket's levels will come to, by its own use: how long par lasts, how often it runs out, how often it is refilled.

Alone knows: the model, and from how many days of use on anything is said at all. Must not know: a pocket, any clock, who asks.

The pharmacy's server advises levels with the whole hospital's demand (`central/par`); this is the cabinet's own plain estimate for
whoever stands before one pocket. A round of refills comes every so many days and fills to par whatever holds min or less. What is asked
for in a day is Poisson with the mean of the days seen, or, where these vary by more than that, negative binomial with their mean and
variance (method of moments); days are independent. Days on which the pocket was empty count as they were: what nobody could take
is not in them, so for a pocket that is often out the forecast is too hopeful.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, lgamma, log

DAYS_LOOKED_BACK = 90
LEAST_DAYS = 14
"""Fewer days of use tell too little."""
MONTH_DAYS = 30
NEXT_TO_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Forecast:
    """By `days` of use: units a `per_day`, how many days par lasts, and per month refill `trips` and `stock_outs`.

    A stock-out is a time between two rounds in which more is asked for than is there. `lasts_days` None: nothing was used.
    """

    days: int
    per_day: float
    lasts_days: float | None
    stock_outs: float
    trips: float


def forecast(use: Sequence[int], *, par: int, least: int, round_days: int = 1) -> Forecast | None:
    """What levels come to that refill to `par` at `least`, seen every `round_days`; `use` is units day by day. None: too few days."""
    if len(use) < LEAST_DAYS:
        return None
    mean = sum(use) / len(use)
    if not mean:
        return Forecast(len(use), 0.0, None, 0.0, 0.0)
    variance = sum((units - mean) ** 2 for units in use) / (len(use) - 1)
    chances = list(_chances(mean * round_days, variance * round_days, par))
    rounds, empty = _until_refilled(chances, par, least)
    rounds_per_month = MONTH_DAYS / round_days
    return Forecast(len(use), mean, par / mean, rounds_per_month * empty / rounds, rounds_per_month / rounds)


def _chances(mean: float, variance: float, most: int) -> Iterator[float]:
    """The chance that 0, 1, ... units are asked for between two rounds: up to `most`, or until what is left is next to nothing."""
    rest = 1.0
    for units in range(most + 1):
        chance = _chance(mean, variance, units)
        rest -= chance
        yield chance
        if units > mean and rest < NEXT_TO_NOTHING:
            return


def _chance(mean: float, variance: float, units: int) -> float:
    if variance <= mean:
        return exp(units * log(mean) - mean - lgamma(units + 1))
    shape, stays = mean * mean / (variance - mean), mean / variance
    ways = lgamma(units + shape) - lgamma(shape) - lgamma(units + 1)
    return exp(ways + shape * log(stays) + units * log(1 - stays))


def _until_refilled(chances: Sequence[float], par: int, least: int) -> tuple[float, float]:
    """From one refill to the next: how many rounds, and in how many of them it ran out; both as expected (renewal, exactly)."""
    served = list(accumulate(chances))
    rounds: dict[int, float] = {}
    empty: dict[int, float] = {}
    for stock in range(min(least + 1, par), par + 1):
        left = [(chance, stock - units) for units, chance in enumerate(chances[1 : stock - least], start=1)] if stock > least else []
        stays = chances[0] if stock > least else 0.0
        out = max(0.0, 1 - served[min(stock, len(served) - 1)])
        rounds[stock] = (1 + sum(chance * rounds[after] for chance, after in left)) / (1 - stays)
        empty[stock] = (out + sum(chance * empty[after] for chance, after in left)) / (1 - stays)
    return rounds[par], empty[par]


def days_of(used: dict[str, int], days: Sequence[str]) -> list[int]:
    """Units for each of these days, those without any among them."""
    return [used.get(day, 0) for day in days]
