"""What every pair of par and min would come to, for one pocket: how often it runs out, is refilled, and what stands on the shelf.

Alone knows: renewal theory. Must not know: where the demand comes from, or what a hospital wants. Whoever calls it loads numpy.

Each refill list finds y units; at y <= min it orders up to par. How often y is par - j is the renewal density m(j) of what is asked from
one list to the next: m(0) = 1 / (1 - p(0)), m(j) = m(0) sum p(i) m(j - i). A cycle lasts M(d) = m(0) + ... + m(d - 1) lists, d = par -
min, and what costs g(y) on average at a list that leaves y costs sum m(j) g(par - j) / M(d) over all (Veinott & Wagner 1965; Zheng &
Federgruen 1991). What a list orders is on the shelf a lead time later, so g(y) looks at the demand until the list after it has arrived:
the protection interval. Whoever finds nothing calls, and the call fills to par; the pocket is empty again once par more have been asked:
calls(y) = sum over k of P(demand > y + k par). Demand that finds nothing goes elsewhere; that it does not lower the level is left out, and
matters little where it is rare.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Chances:
    """The chances of 0, 1, ... units from one list to the next, until the list after has arrived, and until this one has; equally long."""

    between: Vector
    protected: Vector
    leading: Vector


@dataclass(frozen=True, slots=True)
class Table:
    """Row par - 1, column par - min - 1; averages over lists. Where not `is_possible` there is no such pair, and numbers mean nothing."""

    is_possible: NDArray[np.bool_]
    out: Matrix
    """The chance that the pocket runs out before the next list arrives."""
    calls: Matrix
    """How often it does, when each call fills it to par."""
    refills: Matrix
    stock: Matrix
    worst_out: Matrix
    """The chance of running out at all from the lowest level that is not refilled, min + 1: while the list before is on its way, too.

    `out` counts that with the list before; a pocket that is always empty would seem to run out never."""


def table(chances: Chances, capacity: int) -> Table:
    """All pairs with 0 <= min < par <= capacity."""
    more = _more_than(chances.protected) - _more_than(chances.leading)
    steps = np.arange(len(chances.protected))
    stock = np.maximum(np.arange(capacity + 1) - chances.leading @ steps - (chances.between @ steps) / 2, 0)
    density = _renewal(chances.between[: capacity + 1])[:capacity]
    cycle = np.cumsum(density)
    left = np.arange(1, capacity + 1)[:, None] - np.arange(capacity)[None, :]
    is_possible = left > 0
    level = np.where(is_possible, left, 0)

    def averaged(costs: Matrix) -> Matrix:
        found: Matrix = np.cumsum(np.where(is_possible, costs * density, 0), axis=1) / cycle
        return found

    calls = averaged(np.maximum(_emptied(more, level), 0))
    out = np.maximum(more, 0)[level]
    worst = _more_than(chances.protected)[level]
    return Table(is_possible, averaged(out), calls, np.broadcast_to(1 / cycle, level.shape), averaged(stock[level]), worst)


def _emptied(more: Vector, level: NDArray[np.int64]) -> Matrix:
    """How often a pocket is emptied from each level, when it is filled to the row's par each time."""
    found = np.zeros(level.shape)
    for par in range(1, len(level) + 1):
        rest = len(more) % par
        whole = np.concatenate([more, np.zeros(par - rest if rest else 0)])
        sums = whole.reshape(-1, par).sum(axis=0)
        row = level[par - 1]
        found[par - 1] = np.where(row == par, sums[0] - more[0], sums[row % par])
    return found


def _more_than(chances: Vector) -> Vector:
    found: Vector = np.maximum(1 - np.cumsum(chances), 0)
    return found


def _renewal(chances: Vector) -> Vector:
    """How often, on average, a level so far below par is met at a list, before the cycle ends."""
    density = np.zeros(len(chances))
    density[0] = first = 1 / max(1 - chances[0], 1e-9)
    for below in range(1, len(chances)):
        density[below] = first * (chances[1 : below + 1] @ density[below - 1 :: -1] if below > 1 else chances[1] * density[0])
    return density
