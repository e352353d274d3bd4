"""When a cabinet is refilled: the rounds of a week, how long a round takes to the shelf, and how long a call in between takes.

Alone knows: how a week of rounds is laid over a longer time. Must not know: what is refilled.
"""

from dataclasses import dataclass
from itertools import pairwise

from central.par.history import DAY_MIN, WEEK_MIN


@dataclass(frozen=True, slots=True)
class Calendar:
    """`lists_min`: the minutes of the week (from Monday's midnight) at which the refill list is drawn up, in order, at least one.

    What is on a list is in its pocket `lead_min` later, which is before the next list; what is called for in between after `call_min`.
    """

    lists_min: tuple[int, ...]
    lead_min: int
    call_min: int

    def __post_init__(self) -> None:
        """Raises ValueError for rounds that cannot be kept."""
        if (
            not self.lists_min
            or list(self.lists_min) != sorted(set(self.lists_min))
            or not 0 <= self.lists_min[0] <= self.lists_min[-1] < WEEK_MIN
        ):
            raise ValueError("lists_min: expected minutes of one week, in order, each once")
        shortest = min(end - start for start, end in self.spans(0, 2 * WEEK_MIN))
        if not 0 <= self.lead_min < shortest or self.call_min < 0:
            raise ValueError("a list has to be on the shelf before the next is drawn up")

    def lists(self, from_min: int, to_min: int) -> tuple[int, ...]:
        """Every drawing up of a list from `from_min` to just before `to_min`, in order."""
        weeks = range(from_min // WEEK_MIN, to_min // WEEK_MIN + 1)
        times = (week * WEEK_MIN + minute for week in weeks for minute in self.lists_min)
        return tuple(time for time in times if from_min <= time < to_min)

    def spans(self, from_min: int, to_min: int) -> list[tuple[int, int]]:
        """From each list to the next one."""
        return list(pairwise(self.lists(from_min, to_min)))

    @property
    def rounds_per_year(self) -> float:
        """How many lists a year has."""
        return len(self.lists_min) * 365 / 7


def daily(*hours: float, lead_min: int = 120, call_min: int = 60) -> Calendar:
    """Rounds at the same hours of every day; the hour is when the list is drawn up."""
    return Calendar(tuple(round(day * DAY_MIN + hour * 60) for day in range(7) for hour in sorted(hours)), lead_min, call_min)
