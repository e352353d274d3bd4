"""One item in several pockets of a cabinet: its levels told apart, each pocket within what fits.

Alone knows: how levels are shared out. Must not know: how they were found.
"""

from collections.abc import Sequence

from central.par.rule import Levels


def shared(levels: Levels, was: Sequence[Levels], rooms: Sequence[int]) -> list[Levels]:
    """Levels of each pocket, in the order of `was` and `rooms`, by the proportion of `was`; together `levels`, as far as fits."""
    if len(rooms) == 1:
        return [levels]
    weights = [max(one.par, 1) for one in was]
    pars = _spread(levels.par, weights, rooms)
    mins = _spread(levels.min, weights, pars)
    return [Levels(*one) for one in zip(pars, mins, _spread(levels.critical_low, weights, mins), strict=True)]


def _spread(units: int, weights: Sequence[int], rooms: Sequence[int]) -> list[int]:
    """Whole units by weight, none above its room; what is left over goes one by one to who has room, the heaviest first."""
    total = sum(weights)
    found = [min(units * weight // total, room) for weight, room in zip(weights, rooms, strict=True)]
    order = sorted(range(len(weights)), key=lambda place: -weights[place])
    left = min(units, sum(rooms)) - sum(found)
    while left:
        for place in order:
            if left and found[place] < rooms[place]:
                found[place] += 1
                left -= 1
    return found
