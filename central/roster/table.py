"""A staff list as a table of text (CSV), every flaw of it told with its line.

Alone knows: the columns. Must not know: what becomes of the list.

Columns: `id`, `name`, `role`; and where they are there `areas` (several with blanks or semicolons), `until` and `trained_until` (days),
`active` (yes or no). Other columns are looked over and named.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from central.roster.line import NotALine, Said, Words, record_of
from config.document import StaffRecord

NEEDED = ("id", "name", "role")
KNOWN = (*NEEDED, "areas", "until", "trained_until", "active")
YES = {"": True, "yes": True, "true": True, "1": True, "active": True, "no": False, "false": False, "0": False, "inactive": False}


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong, and in which line of the file (1 is the head)."""

    line: int
    what: str


@dataclass(frozen=True, slots=True)
class Read:
    """What a file says: people by id, its flaws, and columns that nobody reads."""

    people: dict[str, StaffRecord]
    flaws: list[Flaw]
    unread: list[str]


def read_table(text: str, words: Words) -> Read:
    """Everything that a file says, and everything that is wrong with it."""
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff")), strict=True)
    people: dict[str, StaffRecord] = {}
    flaws: list[Flaw] = []
    try:
        head = [name.strip().lower() for name in next(rows, [])]
        missing = [name for name in NEEDED if name not in head]
        if missing:
            return Read({}, [Flaw(1, f"the head lacks {', '.join(missing)}; it has {', '.join(head) or 'nothing'}")], [])
        for cells in _filled(rows):
            try:
                record = _record(dict(zip(head, cells, strict=False)), words)
            except NotALine as problem:
                flaws.append(Flaw(rows.line_num, str(problem)))
                continue
            if record.id in people:
                flaws.append(Flaw(rows.line_num, f"{record.id} stands in the file twice"))
            people[record.id] = record
    except csv.Error as problem:
        flaws.append(Flaw(rows.line_num, f"is not CSV: {problem}"))
        head = []
    return Read(people, flaws, [name for name in head if name and name not in KNOWN])


def _filled(rows: Iterator[list[str]]) -> Iterator[list[str]]:
    return (cells for cells in rows if any(cell.strip() for cell in cells))


def _record(row: dict[str, str], words: Words) -> StaffRecord:
    row = {name: value.strip() for name, value in row.items()}
    if row.get("active", "").lower() not in YES:
        raise NotALine(f"active: {row['active']!r} is neither yes nor no")
    until = _day(row, "until")
    said = Said(
        row.get("id", ""), row.get("name", ""), (row.get("role", ""),), tuple(row.get("areas", "").replace(";", " ").split()),
        datetime.combine(until, datetime.min.time(), UTC) + timedelta(days=1) if until else None, _day(row, "trained_until"),
        YES[row.get("active", "").lower()],
    )  # fmt: skip
    return record_of(said, words)


def _day(row: dict[str, str], name: str) -> date | None:
    try:
        return date.fromisoformat(row[name]) if row.get(name) else None
    except ValueError:
        raise NotALine(f"{name}: {row[name]!r} is no day (YYYY-MM-DD)") from None
