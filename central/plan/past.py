"""Lines and spells -> histories: what was asked of a cabinet, met or refused, item by item, as `central.par` reads it.

Alone knows: which lines are demand, and which are the same wish twice. Must not know: tables, how a par is found.

A refusal for want of stock counts as asked. Whoever is refused tries again: the same person's refusals of one item within half an hour are
one, and none where they were served within that time. A withdrawal that emptied its pocket and gave less than was asked is a refusal of
what was asked. What was cancelled, or taken as zero, was not asked for. What came back later was: it had to be there.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, tzinfo

from cabinet.domain.vocabulary import parse_utc
from central.activity.line import NOT_HELD, NOT_THERE, REFUSED, SENT, TAKING, Line
from central.par.history import Demand, History, Outage

MONDAY = datetime(1970, 1, 5)  # noqa: DTZ001 - a wall clock's: minutes count on the clock that lists are drawn up by
AGAIN_MIN = 30
Spell = tuple[str, str, str | None]
"""(item, from when, until when)."""


class Clock:
    """Minutes of the clock on the wall, from the midnight of a Monday."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone

    def minute(self, at: str) -> int:
        """Of an instant of the journal's form."""
        return self.minute_of(parse_utc(at))

    def minute_of(self, at: datetime) -> int:
        """Of an instant."""
        return int((at.astimezone(self._zone).replace(tzinfo=None) - MONDAY).total_seconds() // 60)


def histories(lines: Iterable[Line], spells: Iterable[Spell], since: Mapping[str, str], to_min: int, clock: Clock) -> list[History]:
    """A history for each item of `since` (from when on the cabinet holds it) that is older than a day's minute; items by name."""
    demands = _demands(lines, clock)
    outages = defaultdict(list)
    for item, start, end in spells:
        outages[item].append(Outage(clock.minute(start), to_min if end is None else clock.minute(end)))
    found = []
    for item, at in sorted(since.items()):
        from_min = clock.minute(at)
        asked = tuple(one for one in demands.get(item, ()) if from_min <= one.at_min < to_min)
        if from_min < to_min:
            found.append(History(item, from_min, to_min, asked, tuple(one for one in outages[item] if one.to_min > from_min)))
    return found


def sent(lines: Iterable[Line], from_min: int, to_min: int, clock: Clock) -> list[History]:
    """Of each item that the cabinet does not hold, when the pharmacy sent it or somebody searched for it in vain."""
    demands: dict[str, list[Demand]] = defaultdict(list)
    for line in lines:
        if line.kind == SENT or line.code == NOT_HELD:
            demands[line.item].append(Demand(clock.minute(line.at), max(line.asked, 1), line.patient, is_met=line.kind == SENT))
    return [History(item, from_min, to_min, tuple(found)) for item, found in sorted(demands.items())]


def _demands(lines: Iterable[Line], clock: Clock) -> dict[str, list[Demand]]:
    demands: dict[str, list[Demand]] = defaultdict(list)
    refused: dict[tuple[str, str], list[tuple[int, Line]]] = defaultdict(list)
    served: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in sorted(lines, key=lambda line: line.at):
        if line.kind not in TAKING or not line.item:
            continue
        at = clock.minute(line.at)
        if line.is_taken:
            is_short = line.units < line.asked and line.left_units == 0
            demands[line.item].append(Demand(at, line.asked if is_short else line.units, line.patient, not is_short))
            served[line.staff, line.item].append(at)
        elif line.phase == REFUSED and line.code in NOT_THERE:
            refused[line.staff, line.item].append((at, line))
    for who, tries in refused.items():
        for at, line in _once(tries, served[who]):
            demands[line.item].append(Demand(at, max(line.asked, 1), "", is_met=False))
    return {item: sorted(found, key=lambda one: one.at_min) for item, found in demands.items()}


def _once(tries: Sequence[tuple[int, Line]], served: Sequence[int]) -> list[tuple[int, Line]]:
    found: list[tuple[int, Line]] = []
    last = -AGAIN_MIN
    for at, line in tries:
        is_again = at - last < AGAIN_MIN
        last = at
        if not is_again and not any(at <= one < at + AGAIN_MIN for one in served):
            found.append((at, line))
    return found
