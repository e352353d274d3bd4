"""What is blocked, or was: by pocket, item, NDC or lot, under which recall, since when, and the pockets that it concerns now.

Alone knows: how a quarantine is listed. Must not know: what it blocks otherwise, or who may begin one.
"""

from collections.abc import Iterable
from datetime import datetime

from cabinet.domain import facts
from cabinet.domain.facts import Entry
from cabinet.domain.quarantine import judging
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_NAMES = columns("Since", "Scope", "Which", "Why", "Recall", "By", "Lifted", "Lifted by", "Reason", "Pockets", "~Id")


def quarantines(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The pull list: every quarantine of the interval or still in force, with the pockets that hold what it names."""
    del setting
    begun: dict[str, tuple[Entry, facts.QuarantineBegun]] = {}
    lifted: dict[str, tuple[datetime, str, str]] = {}
    for entry in telling.follow(entries, asked.end):
        if isinstance(entry.fact, facts.QuarantineBegun):
            begun[entry.fact.quarantine] = entry, entry.fact
        elif isinstance(entry.fact, facts.QuarantineLifted):
            lifted[entry.fact.quarantine] = entry.at, telling.name(entry.staff), entry.fact.why
    rows = [_row(telling, entry, fact, lifted) for entry, fact in begun.values() if asked.covers(entry.at) or fact.quarantine not in lifted]
    return (Table("Quarantine and recall", _NAMES, tuple(rows)),)


def _row(telling: Telling, entry: Entry, fact: facts.QuarantineBegun, lifted: dict[str, tuple[datetime, str, str]]) -> tuple[Cell, ...]:
    at, by, why = lifted.get(fact.quarantine, (None, "", ""))
    which = fact.value if fact.item is None else f"{fact.value} of {telling.title(fact.item)}"
    by_whom = telling.name(entry.staff)
    return entry.at, fact.scope, which, fact.why, fact.recall, by_whom, at, by, why, _pockets(telling, fact.quarantine), fact.quarantine


def _pockets(telling: Telling, quarantine: str) -> str:
    held = telling.state.quarantines.get(quarantine)
    if held is None:
        return ""
    lines = [(line, telling.item(line.item)) for line in telling.state.lines.values()]
    return ", ".join(line.pocket for line, item in lines if item is not None and judging.find([held], line, item) is not None)
