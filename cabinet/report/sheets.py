"""Controlled lines on their way: what was issued on each numbered sheet, what of it was received, and what is missing in between.

Alone knows: how issued and received are held against each other. Must not know: who may issue or close a sheet.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from cabinet.domain import facts
from cabinet.domain.facts import Account, Entry
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling, moment_of

_NAMES = columns(
    "Issued", "Sheet", "Item", "Schedule", "Way", "Issued units", "Received", "Missing", "State", "Due", "Issued by", "Carried by",
    "Received by", "Closed", "Reason",
)  # fmt: skip


@dataclass
class _Line:
    at: datetime
    fact: facts.SheetIssued
    received: int = 0
    received_by: str = ""
    is_late: bool = False
    closed_at: datetime | None = None
    reason: str = ""

    @property
    def state(self) -> str:
        if self.closed_at is not None:
            return "closed"
        return "late" if self.is_late else "under way"


def sheets(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The daily compare report: every sheet that was issued in the interval, and every older one that is still open."""
    del setting
    lines: dict[str, _Line] = {}
    for entry in telling.follow(entries, asked.end):
        _hear(telling, lines, entry)
    found = [one for one in lines.values() if one.closed_at is None or asked.covers(one.at)]
    rows = tuple(_row(telling, one) for one in found if _is_asked_for(telling, asked, one))
    return (Table("Sheets: issued against received", _NAMES, rows, signature_lines=("Compared by", "Date and time")),)


def _hear(telling: Telling, lines: dict[str, _Line], entry: Entry) -> None:
    fact = entry.fact
    if isinstance(fact, facts.SheetIssued):
        lines[fact.sheet] = _Line(entry.at, fact)
    elif isinstance(fact, facts.SheetLate) and fact.sheet in lines:
        lines[fact.sheet].is_late = True
    elif isinstance(fact, facts.SheetClosed) and fact.sheet in lines:
        one = lines[fact.sheet]
        one.closed_at, one.reason = entry.at, fact.reason or ""
        one.received = one.fact.units - fact.missing
    elif isinstance(fact, facts.UnitsMoved) and fact.source is Account.TRANSIT:
        access = telling.state.accesses.get(entry.access or "")
        one_way = None if access is None else lines.get(access.sheet or "")
        if one_way is not None and one_way.fact.is_inbound:
            one_way.received += fact.units
            one_way.received_by = telling.name(entry.staff)


def _is_asked_for(telling: Telling, asked: Asked, one: _Line) -> bool:
    item = telling.item(one.fact.item)
    is_schedule = asked.schedule is None or (item is not None and item.control_class is asked.schedule)
    return is_schedule and asked.item in {None, one.fact.item}


def _row(telling: Telling, one: _Line) -> tuple[Cell, ...]:
    fact = one.fact
    missing = fact.units - one.received if one.closed_at is not None or fact.is_inbound else None
    return (
        one.at, fact.sheet, telling.title(fact.item), telling.schedule(fact.item), "to the cabinet" if fact.is_inbound else "away",
        fact.units, one.received, missing, one.state, moment_of(fact.due), telling.name(fact.issued_by), telling.name(fact.carried_by),
        one.received_by, one.closed_at, one.reason,
    )  # fmt: skip
