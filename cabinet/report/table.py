"""What a report is once it is drawn: tables, under a heading that says of which journal, until when, and by whom.

Alone knows: the shape of a table and of what stands above it. Must not know: what any report is about, or how it is printed.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo

Cell = str | int | datetime | None
"""What stands in a table. Moments are aware and in UTC; who prints them knows the zone. None: there is nothing to say."""

DISCLAIMER = "Development software, no cleared medical device."


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `key` is its name for programs; `is_detail`: for programs alone, paper and terminal have no room for it."""

    key: str
    title: str
    is_detail: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One table. `signature_lines` are printed with room to sign; `is_large`: as large as one page allows."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    signature_lines: tuple[str, ...] = ()
    is_large: bool = False

    def shown(self) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
        """Columns and rows without the details that only programs want."""
        places = [place for place, column in enumerate(self.columns) if not column.is_detail]
        columns = tuple(self.columns[place] for place in places)
        return columns, tuple(tuple(row[place] for place in places) for row in self.rows)


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on every page. `seq` and `hash` name the last fact that was read, `interval` the time; `paper` is letter or a4."""

    report: str
    title: str
    cabinet: str
    cabinet_name: str
    interval: str
    drawn_at: datetime
    zone: tzinfo
    epoch: int
    seq: int
    hash: str
    drawn_by: str = ""
    paper: str = "letter"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A report as it is handed over."""

    heading: Heading
    tables: tuple[Table, ...]


def columns(*named: str) -> tuple[Column, ...]:
    """Columns whose keys are their titles in snake case; `~` before one marks a detail."""
    return tuple(Column(_key(title.lstrip("~")), title.lstrip("~"), title.startswith("~")) for title in named)


def _key(title: str) -> str:
    return "_".join("".join(sign if sign.isalnum() else " " for sign in title.lower()).split())
