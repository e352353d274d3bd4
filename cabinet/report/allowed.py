"""Liquids that were counted a little short, time and again: differences that are allowed one by one, added up.

Alone knows: how they are added up, and by whom. Must not know: how much is allowed (`custody.py`), or what a discrepancy is.

A volume is read off, so a small difference is none; who drains as much at every access leaves no discrepancy, and this sum. Readings that
err both ways add up to nothing.
"""

from collections.abc import Iterable, Iterator

from cabinet.domain import facts
from cabinet.domain.facts import Entry
from cabinet.report.asked import Asked
from cabinet.report.table import Table, columns
from cabinet.report.telling import Telling

_NAMES = columns("Pocket", "Item", "Schedule", "Last open before by", "Counts", "Sum of differences")


class Allowed:
    """What was heard so far. A difference is told under whoever had the pocket open before the count that found it."""

    def __init__(self, asked: Asked, telling: Telling) -> None:
        self._asked = asked
        self._telling = telling
        self._openers: dict[str, list[tuple[str, str]]] = {}
        self._sums: dict[tuple[str, str, str], list[int]] = {}

    def listen(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """Hear every fact on its way to the report; it is not known yet."""
        for entry in entries:
            access = self._telling.state.accesses.get(entry.access or "")
            if access is not None and isinstance(entry.fact, facts.AccessMoved) and entry.fact.target == "open":
                came = self._openers.setdefault(access.pocket, [])
                if not came or came[-1][0] != access.id:
                    self._openers[access.pocket] = [*came, (access.id, access.staff)][-2:]
            if isinstance(entry.fact, facts.PocketCounted) and entry.fact.is_final and self._asked.covers(entry.at):
                self._add(entry.fact, str(entry.access))
            yield entry

    def _add(self, fact: facts.PocketCounted, access: str) -> None:
        line, item = self._telling.state.lines.get(fact.pocket), self._telling.item(fact.item)
        difference = fact.counted - fact.expected
        is_asked = self._asked.pocket in {None, fact.pocket} and self._asked.item in {None, fact.item}
        if not is_asked or line is None or item is None or line.count_mode != "volume" or not 0 < abs(difference) <= item.variance_units:
            return
        if self._asked.schedule is not None and item.control_class is not self._asked.schedule:
            return
        before = [staff for opened, staff in self._openers.get(fact.pocket, []) if opened != access]
        self._sums.setdefault((fact.pocket, fact.item, before[-1] if before else ""), []).append(difference)

    def table(self) -> Table:
        """The largest loss first."""
        told = self._telling
        rows = [
            (pocket, told.title(item), told.schedule(item), told.name(staff), len(found), sum(found))
            for (pocket, item, staff), found in sorted(self._sums.items(), key=lambda one: sum(one[1]))
        ]
        note = "Each was within what is allowed. A sum that grows one way is looked into; a name here proves nothing."
        return Table("Liquids: allowed differences, added up", _NAMES, tuple(rows), (note,))
