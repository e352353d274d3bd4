"""A cabinet's history lived again with other pars: what would have run out, how often somebody would have come, what would have expired.

Alone knows: the rules of refilling in simulation. Must not know: where history or pars come from; chance (none is needed).

Before each arrival a refill list is drawn up: every pocket at or below min, as many units as are missing to par. A withdrawal that finds
too little is refused, takes what is there, and calls the pharmacy: whoever comes fills to par what was called for until then. Units are
taken earliest expiry first; what has expired is taken out when a list is drawn up. At the start every pocket is at par, its units expiring
one after another over a shelf life, as in a cabinet that has run for long.
"""

from collections import Counter, deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush

from central.par.calendar import Calendar
from central.par.history import DAY_MIN, History
from central.par.rule import Levels

LONG_DAYS = 100_000


@dataclass(frozen=True, slots=True)
class Stocked:
    """What a pocket is to hold in the replay, how long its units keep (None: longer than matters), and what one is worth."""

    levels: Levels
    shelf_life_days: int | None = None
    unit_value: float = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a history: `rounds` that brought anything, `calls` in between, and the pockets filled in both.

    `not_stocked`: asked for where there is no pocket, and no attempt. `stock_value` is the mean of what stood on the shelf.
    """

    days: float
    attempts: int
    refused: int
    not_stocked: int
    rounds: int
    calls: int
    refills: int
    outdates: int
    stock_value: float
    refused_by_item: Mapping[str, int]

    @property
    def trips(self) -> int:
        """How often somebody came."""
        return self.rounds + self.calls

    @property
    def stock_out_rate(self) -> float:
        """Attempts refused or short, of all attempts at what is stocked."""
        return self.refused / self.attempts if self.attempts else 0.0


def replay(history: Sequence[History], pars: Mapping[str, Stocked], calendar: Calendar) -> Outcome:
    """Live through the histories of a cabinet's items with these pars. All of them begin and end at the same time."""
    if not history:
        raise ValueError("no history to replay")
    begin, end = history[0].from_min, history[0].to_min
    asked = sorted((demand.at_min, one.item, demand.units) for one in history for demand in one.demands)
    shelf = _Shelf(begin, {item: _Bin(stocked, begin) for item, stocked in pars.items()}, calendar)
    shelf.agenda = [(at, _LIST) for at in calendar.lists(begin, end)]
    for at_min, item, units in asked:
        shelf.wait_until(at_min)
        shelf.ask(item, units)
    shelf.wait_until(end)
    return shelf.outcome(begin)


_LIST, _ROUND, _CALL = range(3)


class _Bin:
    """One pocket: layers of [expires at, units], the earliest first."""

    __slots__ = ("keeps_min", "layers", "least", "par", "units", "value")

    def __init__(self, stocked: Stocked, now_min: int) -> None:
        self.par, self.least, self.value = stocked.levels.par, stocked.levels.min, stocked.unit_value
        self.keeps_min = (stocked.shelf_life_days or LONG_DAYS) * DAY_MIN
        self.units = self.par
        self.layers = deque([now_min + self.keeps_min * (number + 1) // self.par, 1] for number in range(self.par))

    def fill(self, units: int, now_min: int) -> int:
        units = max(0, min(units, self.par - self.units))
        if units:
            self.layers.append([now_min + self.keeps_min, units])
            self.units += units
        return units

    def take(self, units: int) -> int:
        taken = left = min(units, self.units)
        self.units -= taken
        while left:
            layer = self.layers[0]
            if layer[1] > left:
                layer[1] -= left
                break
            left -= layer[1]
            self.layers.popleft()
        return taken

    def expire(self, now_min: int) -> int:
        gone = 0
        while self.layers and self.layers[0][0] <= now_min:
            gone += self.layers.popleft()[1]
        self.units -= gone
        return gone


@dataclass
class _Shelf:
    """All pockets of a cabinet, who is on the way to it, and what has happened. `agenda` is a heap of what is to come."""

    now_min: int
    bins: dict[str, _Bin]
    calendar: Calendar
    agenda: list[tuple[int, int]] = field(default_factory=list)
    ordered: dict[str, int] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    count: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    value: float = 0.0
    value_minutes: float = 0.0

    def __post_init__(self) -> None:
        self.value = sum(bin_.units * bin_.value for bin_ in self.bins.values())

    def wait_until(self, at_min: int) -> None:
        """Let happen what is due until then."""
        while self.agenda and self.agenda[0][0] <= at_min:
            due_min, what = heappop(self.agenda)
            self._pass(due_min)
            (self._draw_up, self._arrive, self._answer)[what]()
        self._pass(at_min)

    def ask(self, item: str, units: int) -> None:
        """Somebody wants units of an item."""
        wanted = self.bins.get(item)
        if wanted is None:
            self.count["not_stocked"] += 1
            return
        taken = wanted.take(units)
        self.value -= taken * wanted.value
        self.count["attempts"] += 1
        if taken < units:
            self.refused[item] += 1
            if not self.called:
                heappush(self.agenda, (self.now_min + self.calendar.call_min, _CALL))
            self.called.add(item)

    def outcome(self, begin_min: int) -> Outcome:
        """What has happened since."""
        count, minutes = self.count, self.now_min - begin_min
        return Outcome(
            minutes / DAY_MIN, count["attempts"], self.refused.total(), count["not_stocked"], count["rounds"], count["calls"],
            count["refills"], count["outdates"], self.value_minutes / minutes if minutes else self.value, dict(self.refused),
        )  # fmt: skip

    def _pass(self, at_min: int) -> None:
        self.value_minutes += self.value * (at_min - self.now_min)
        self.now_min = at_min

    def _draw_up(self) -> None:
        for item, found in self.bins.items():
            gone = found.expire(self.now_min)
            if gone:
                self.count["outdates"] += gone
                self.value -= gone * found.value
            if found.units <= found.least:
                self.ordered[item] = found.par - found.units
        if self.ordered:
            heappush(self.agenda, (self.now_min + self.calendar.lead_min, _ROUND))

    def _arrive(self) -> None:
        self.count["rounds"] += 1
        for item, units in self.ordered.items():
            self._fill(item, units)
        self.ordered.clear()

    def _answer(self) -> None:
        self.count["calls"] += 1
        for item in sorted(self.called):
            self._fill(item, self.bins[item].par)
        self.called.clear()

    def _fill(self, item: str, units: int) -> None:
        filled = self.bins[item].fill(units, self.now_min)
        self.count["refills"] += bool(filled)
        self.value += filled * self.bins[item].value
