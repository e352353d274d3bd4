"""Who had one pocket open between two counts: every hand that could reach in, and every trace of it that anything left.

Alone knows: which facts concern one pocket, and between which two counts they lie.
Must not know: what explains a difference. It names an interval, and everybody in it alike.

A matrix pocket lies open whenever its drawer does, whatever it was opened for. The interval begins with one final count of the pocket and
ends with the next; where none is named it is the one that the last count closed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from cabinet.domain import facts
from cabinet.domain.facts import Entry
from cabinet.domain.layout import Pocket
from cabinet.domain.vocabulary import PocketId
from cabinet.report.asked import Asked, NotAnswerable, Setting
from cabinet.report.pocket_trace import trace_row
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_WHO = columns("Open from", "Until", "Open s", "Who", "Role", "For", "Patient", "Units said", "~Access", "~Person id")
_TRACE = columns("Time", "Fact", "Who", "What", "Detail", "~Access", "~Hash")


@dataclass
class _Reach:
    """One time in which a hand could reach into the pocket, and what for."""

    since: datetime
    access: str
    staff: str
    purpose: str
    patient: str
    until: datetime | None = None


@dataclass
class _Interval:
    """What happened between two counts; `first` and `last` are the facts of those counts."""

    first: Entry | None = None
    last: Entry | None = None
    trace: list[tuple[Cell, ...]] = field(default_factory=list)
    reaches: list[_Reach] = field(default_factory=list)
    said: dict[str, int] = field(default_factory=dict)
    discrepancies: list[str] = field(default_factory=list)


def pocket_history(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Who had a pocket open, and every trace, between two counts. Raises NotAnswerable for a pocket or discrepancy that is not there."""
    pocket = setting.world.layout.pockets.get(PocketId(_pocket_of(entries, asked)))
    if pocket is None:
        raise NotAnswerable(f"this cabinet has no pocket {asked.pocket}; `adc stock` lists them")
    follow = _Follow(telling, pocket, asked)
    for entry in telling.follow(entries):
        follow.hear(entry)
        if follow.is_found:
            break
    chosen = follow.chosen()
    return _who(telling, pocket.id, chosen), Table("Every trace", _TRACE, tuple(chosen.trace))


def _pocket_of(entries: Iterable[Entry], asked: Asked) -> str:
    """The pocket that is meant, perhaps by a discrepancy of it."""
    if asked.discrepancy is not None:
        found = (entry.fact for entry in entries if isinstance(entry.fact, facts.DiscrepancyFound))
        pocket = next((fact.pocket for fact in found if fact.discrepancy == asked.discrepancy), None)
        if pocket is None:
            raise NotAnswerable(f"no discrepancy {asked.discrepancy} is in the journal; `adc report discrepancies` lists them")
        return pocket
    if asked.pocket is None:
        raise NotAnswerable("name the pocket with --pocket ID, or a discrepancy of it with --discrepancy ID")
    return asked.pocket


class _Follow:
    """The traces of one pocket, from one count to the next."""

    def __init__(self, telling: Telling, pocket: Pocket, asked: Asked) -> None:
        self.pocket, self._telling, self._asked = pocket, telling, asked
        self._locks = {lock.name for lock in telling.world.layout.path(pocket)}
        self._now, self._before = _Interval(), _Interval()
        self._spanned: _Interval | None = None
        self.is_found = False

    def hear(self, entry: Entry) -> None:
        """Take one fact in."""
        fact = entry.fact
        self._follow_reach(entry)
        row = trace_row(self._telling, self.pocket, self._locks, entry)
        if row is not None:
            self._now.trace.append(row)
        if isinstance(fact, facts.QuantityConfirmed):
            self._now.said[str(entry.access)] = fact.units
        elif isinstance(fact, facts.DiscrepancyFound) and fact.pocket == self.pocket.id:
            self._before.discrepancies.append(fact.discrepancy)
            self.is_found = fact.discrepancy == self._asked.discrepancy
        elif isinstance(fact, facts.PocketCounted) and fact.pocket == self.pocket.id and fact.is_final:
            self._close(entry)

    def _close(self, entry: Entry) -> None:
        """A final count ends one interval and begins the next."""
        over, asked = self._now, self._asked
        over.last = entry
        is_spanned = asked.start is not None and asked.discrepancy is None and entry.at > asked.start
        if is_spanned and self._spanned is not None:
            _join(self._spanned, over)
            self._spanned.last = entry
        elif is_spanned:
            self._spanned = over
        self._before = self._spanned if is_spanned and self._spanned is not None else over
        is_past_end = asked.end is not None and asked.discrepancy is None and entry.at >= asked.end
        self.is_found = self.is_found or is_past_end
        still = [replace(reach) for reach in over.reaches if reach.until is None]
        self._now = _Interval(first=entry, trace=over.trace[-1:], reaches=still)

    def _follow_reach(self, entry: Entry) -> None:
        """Whether the pocket lies open changes with the locks on the way to it alone."""
        fact = entry.fact
        if not isinstance(fact, facts.DrawerMoved) or fact.lock not in self._locks:
            return
        drawers = [self._telling.state.drawers.get(lock) for lock in self._locks]
        is_open = all(drawer is not None and drawer.state == "open" for drawer in drawers)
        under_way = [reach for reach in self._now.reaches if reach.until is None]
        if is_open and not under_way:
            access = next((one.access for one in drawers if one is not None and one.access), "") or str(entry.access or "")
            staff = next((one.staff for one in drawers if one is not None and one.staff), "") or ""
            self._now.reaches.append(self._reach(entry.at, access, staff))
        elif not is_open:
            for interval in (self._now, self._before):
                for reach in interval.reaches:
                    reach.until = reach.until or entry.at

    def _reach(self, at: datetime, access: str, staff: str) -> _Reach:
        held = self._telling.state.accesses.get(access)
        if held is None:
            return _Reach(at, access, staff, "at the bench, or to bring it back" if staff else "nobody named", "")
        purpose = f"{held.kind} of {self._telling.title(held.item)}, pocket {held.pocket}"
        return _Reach(at, access, staff or held.staff, purpose, self._telling.patient_name(held.patient))

    def chosen(self) -> _Interval:
        """The interval that is meant: between the two counts around the times that were named, or the last that a count closed."""
        if self._spanned is not None and self._asked.end is None:
            _join(self._spanned, self._now)
            self._spanned.last = self._now.last
            return self._spanned
        return self._before if self._before.last is not None else self._now


def _join(first: _Interval, second: _Interval) -> None:
    """Let one interval go on with the next; what stood open at the count between them is one time, not two."""
    first.trace += second.trace[1:]
    known = {(reach.since, reach.access) for reach in first.reaches}
    ended = {(reach.since, reach.access): reach.until for reach in second.reaches}
    for reach in first.reaches:
        reach.until = reach.until or ended.get((reach.since, reach.access))
    first.reaches += [reach for reach in second.reaches if (reach.since, reach.access) not in known]
    first.said.update(second.said)
    first.discrepancies += second.discrepancies


def _who(telling: Telling, pocket: str, chosen: _Interval) -> Table:
    line = telling.state.lines.get(pocket)
    title = "" if line is None else f", {telling.title(line.item)}"
    rows = tuple(_reach_row(telling, chosen, reach) for reach in sorted(chosen.reaches, key=lambda reach: reach.since))
    notes = (
        _border(telling, "From", chosen.first, "the beginning of the journal"),
        _border(telling, "To", chosen.last, "now: nobody has counted since"),
        "The interval is told of, and everybody in it alike: having had a pocket open proves nothing.",
        *(f"Discrepancy {name} was found by the count that ends it." for name in chosen.discrepancies),
    )
    return Table(f"Who had pocket {pocket} open{title}", _WHO, rows, notes, ("Drawn up by", "Date and time"))


def _border(telling: Telling, word: str, entry: Entry | None, otherwise: str) -> str:
    if entry is None or not isinstance(entry.fact, facts.PocketCounted):
        return f"{word} {otherwise}."
    fact = entry.fact
    counted = telling.units(fact.item, fact.counted)
    agrees = "as on record" if fact.counted == fact.expected else f"on record {telling.units(fact.item, fact.expected)}"
    at = entry.at.astimezone(telling.setting.zone)
    who = telling.name(entry.staff)
    return f"{word} the count of {at:%Y-%m-%d %H:%M:%S} by {who}: {counted}, {agrees} (fact {entry.epoch}/{entry.seq})."


def _reach_row(telling: Telling, chosen: _Interval, reach: _Reach) -> tuple[Cell, ...]:
    open_s = None if reach.until is None else round((reach.until - reach.since).total_seconds())
    who, role, said = telling.name(reach.staff) or "NOBODY NAMED", telling.role(reach.staff), chosen.said.get(reach.access)
    return reach.since, reach.until, open_s, who, role, reach.purpose, reach.patient, said, reach.access, reach.staff
