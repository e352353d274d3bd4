"""Who read the record: each report with names that was drawn up at the cabinet.

Alone knows: how these are listed. Must not know: how a report is drawn.
"""

from collections.abc import Iterable

from cabinet.domain.facts import Entry, ReportDrawn
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_NAMES = columns("Time", "Person", "Role", "Report", "From", "To", "Narrowed by", "Form", "~Person id")
SPAN = ("from", "to")


def readings(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """Every report with names of the interval, by whom, of what span."""
    del setting
    rows: list[tuple[Cell, ...]] = []
    for entry in telling.follow(entries, asked.end):
        fact = entry.fact
        if isinstance(fact, ReportDrawn) and asked.covers(entry.at) and asked.person in {None, entry.staff}:
            said = dict(one.partition("=")[::2] for one in fact.asked)
            narrowed = "; ".join(one for one in fact.asked if one.partition("=")[0] not in SPAN)
            rows.append((
                entry.at, telling.name(entry.staff), telling.role(entry.staff), fact.report, *(said.get(end, "") for end in SPAN), narrowed,
                fact.form, entry.staff,
            ))  # fmt: skip
    return (Table("Reports drawn up", _NAMES, tuple(rows)),)
