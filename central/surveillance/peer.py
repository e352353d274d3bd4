"""Who is compared with whom: the same role, in the same area, on the same shift; and what would be usual there.

Alone knows: how a peer group is made, and how many a person would have had as others of their groups do. Must not know: scores, tables.

Nights have more overrides than days, and an emergency department more than a rehabilitation ward. Whoever works there is compared there,
hour by hour: a person may be in several groups, and what is usual adds up over them. Their own accesses do not count as usual.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from cabinet.domain.vocabulary import parse_utc
from central.activity.line import Line
from central.surveillance.signal import Case

LEANS_ON = 20.0
"""A group's rate leans on that of all, as if so many accesses more had been seen: a group of two says little."""


@dataclass(frozen=True, slots=True)
class Group:
    """A peer group."""

    role: str
    area: str
    shift: str


@dataclass(frozen=True, slots=True)
class Compared:
    """One person's one signal: how many, of how many, and how many would be usual among their peers."""

    person: str
    signal: str
    observed: int
    exposure: int
    expected: float
    groups: tuple[Group, ...]
    peers: int


@dataclass(frozen=True, slots=True)
class Grouping:
    """How an access finds its group. `roles` by person, `areas` by cabinet; `shifts`: (from which hour on, name), in order."""

    roles: Mapping[str, str]
    areas: Mapping[str, str]
    shifts: tuple[tuple[int, str], ...]
    clock: Callable[[datetime], datetime]

    def group(self, line: Line) -> Group:
        """Of an access."""
        hour = self.clock(parse_utc(line.at)).hour
        shift = next((name for start, name in reversed(self.shifts) if hour >= start), self.shifts[-1][1])
        return Group(self.roles.get(line.staff, "unknown"), self.areas.get(line.cabinet, line.cabinet), shift)


def compare(found: Iterable[Case], grouping: Grouping) -> list[Compared]:
    """Every person's every signal beside their peers."""
    events: Counter[tuple[str, Group, str]] = Counter()
    chances: Counter[tuple[str, Group, str]] = Counter()
    for case in found:
        key = (case.signal, grouping.group(case.line), case.line.staff)
        chances[key] += 1
        events[key] += case.is_one
    rates = _Rates(events, chances)
    mine: dict[tuple[str, str], list[tuple[Group, int]]] = defaultdict(list)
    for (signal, group, person), number in chances.items():
        mine[person, signal].append((group, number))
    return [_compared(person, signal, parts, events, rates) for (person, signal), parts in sorted(mine.items())]


def _compared(
    person: str, signal: str, parts: list[tuple[Group, int]], events: Mapping[tuple[str, Group, str], int], rates: "_Rates"
) -> Compared:
    groups = tuple(group for group, _ in sorted(parts, key=lambda part: -part[1]))
    expected = sum(number * rates.usual(signal, group, person) for group, number in parts)
    observed, exposure = sum(events[signal, group, person] for group in groups), sum(number for _, number in parts)
    return Compared(person, signal, observed, exposure, expected, groups, rates.peers(signal, groups, person))


class _Rates:
    def __init__(self, events: Counter[tuple[str, Group, str]], chances: Counter[tuple[str, Group, str]]) -> None:
        self._events, self._chances = events, chances
        self._all: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._group: dict[tuple[str, Group], list[int]] = defaultdict(lambda: [0, 0])
        self._people: dict[tuple[str, Group], set[str]] = defaultdict(set)
        for (signal, group, person), number in chances.items():
            for sums in (self._all[signal], self._group[signal, group]):
                sums[0] += events[signal, group, person]
                sums[1] += number
            self._people[signal, group].add(person)

    def usual(self, signal: str, group: Group, person: str) -> float:
        """The share among others of the group, leaning on everybody's."""
        key = (signal, group, person)
        one, of = self._group[signal, group]
        every, of_all = self._all[signal]
        others, of_others = every - self._events[key], of_all - self._chances[key]
        everybody = (others + 0.5) / (of_others + 1)
        return (one - self._events[key] + LEANS_ON * everybody) / (of - self._chances[key] + LEANS_ON)

    def peers(self, signal: str, groups: Iterable[Group], person: str) -> int:
        """How many others are in these groups."""
        return len(set().union(*(self._people[signal, group] for group in groups)) - {person})
