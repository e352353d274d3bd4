"""A report as CSV: every column, moments in ISO 8601 with their offset.

Alone knows: the dialect. Must not know: where the text goes.

A table with the columns of the one before it goes on under the same header; another begins after an empty line. What a spreadsheet would
take for a formula gets an apostrophe before it (OWASP, CSV injection).
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, tzinfo

from cabinet.report.printed import text
from cabinet.report.table import Cell, Column, Sheet

_OBEYED = ("=", "+", "-", "@", "\t", "\r")


def csv_text(sheet: Sheet) -> str:
    """The whole report."""
    return rows_text(_rows(sheet))


def rows_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows of texts and numbers; what is None stays empty, an empty row is an empty line."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([_harmless(cell) for cell in row] for row in rows)
    return out.getvalue()


def _harmless(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_OBEYED) else cell


def _rows(sheet: Sheet) -> Iterator[Sequence[object]]:
    before: tuple[Column, ...] = ()
    for table in sheet.tables:
        if table.columns != before:
            if before:
                yield ()
            yield ["table", *(column.key for column in table.columns)]
            before = table.columns
        for row in table.rows:
            yield [table.title, *(_cell(cell, sheet.heading.zone) for cell in row)]


def _cell(cell: Cell, zone: tzinfo) -> str | int:
    if isinstance(cell, datetime):
        return cell.astimezone(zone).isoformat(timespec="seconds")
    if isinstance(cell, int):
        return cell
    return text(cell, zone)
