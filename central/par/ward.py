"""Wards made of recorded stays: each bed holds one stay after another, drawn by chance, day after day.

Alone knows: how patient-days are laid over one another. Must not know: how stays were recorded; where chance comes from (it is passed in).

Recorded dates are shifted for each patient, so that no two stays are known to have been at one time; hours of the day are real, weekdays
are not.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from central.par.history import DAY_MIN, Demand, History


@dataclass(frozen=True, slots=True)
class Stay:
    """One patient's stay: (minutes since the midnight before it, item, units) in order of time; never empty."""

    patient: str
    taken: tuple[tuple[int, str, int], ...]

    @property
    def days(self) -> int:
        """Calendar days from the first to the last withdrawal."""
        return self.taken[-1][0] // DAY_MIN + 1


def ward(stays: Sequence[Stay], chance: Random, beds: int, days: int, *, is_resampled: bool) -> list[History]:
    """The histories of a ward's items over `days`, ordered by item.

    `is_resampled`: of patients drawn with replacement, as many as there are (a bootstrap: another ward of the same town).
    """
    patients = sorted({stay.patient for stay in stays})
    times = Counter(chance.choices(patients, k=len(patients)) if is_resampled else patients)
    pool = [stay for stay in stays if times[stay.patient]]
    weights = [times[stay.patient] for stay in pool]
    end_min = days * DAY_MIN
    asked: defaultdict[str, list[Demand]] = defaultdict(list)
    for _ in range(beds):
        stay = chance.choices(pool, weights)[0]
        at_min = -chance.randrange(stay.days) * DAY_MIN
        while at_min < end_min:
            for minute, item, units in stay.taken:
                if 0 <= at_min + minute < end_min:
                    asked[item].append(Demand(at_min + minute, units, stay.patient))
            at_min += stay.days * DAY_MIN
            stay = chance.choices(pool, weights)[0]
    return [History(item, 0, end_min, tuple(sorted(asked[item], key=lambda demand: demand.at_min))) for item in sorted(asked)]


def halves(stays: Sequence[Stay]) -> tuple[list[Stay], list[Stay]]:
    """The stays of every other patient, by name, and those of the others."""
    first = set(sorted({stay.patient for stay in stays})[::2])
    return [stay for stay in stays if stay.patient in first], [stay for stay in stays if stay.patient not in first]
