"""The same stock, better spread: one price of shelf for a whole cabinet, such that its pockets together hold no more than is meant.

Alone knows: how that price is found. Must not know: how a pocket's own choice is made. Whoever calls it loads scipy.
"""

from collections.abc import Sequence
from math import sqrt

from central.par.advice import Advice, choose, pick_levels
from central.par.study import Study

CHEAPEST, DEAREST = 1e-6, 10.0
STEPS = 24


def spread(studies: Sequence[Study], stock_value: float) -> list[Advice]:
    """Advice for every pocket at the one price that makes the mean stock worth at most `stock_value` and as near to it as steps allow.

    With one price, no unit anywhere could earn more in another pocket (marginal analysis; Sherbrooke 1968 for spare parts). Where even the
    dearest shelf does not make the stock small enough, that is what is advised.
    """
    low, high = CHEAPEST, DEAREST
    if _worth(studies, low) <= stock_value:
        return [choose(study, low) for study in studies]
    for _ in range(STEPS):
        middle = sqrt(low * high)
        if _worth(studies, middle) > stock_value:
            low = middle
        else:
            high = middle
    return [choose(study, high) for study in studies]


def _worth(studies: Sequence[Study], shelf_price: float) -> float:
    return sum(study.prospect(pick_levels(study, shelf_price).levels).stock_value for study in studies)
