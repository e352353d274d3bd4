"""A report as JSON: every column under its key, moments in UTC as the journal writes them.

`shown` are the columns that paper has room for, `moments` those that hold moments.

Alone knows: the shape. Must not know: where the text goes.
"""

import json
from datetime import datetime
from typing import Any

from cabinet.domain.vocabulary import utc_text
from cabinet.report.table import DISCLAIMER, Cell, Sheet


def json_value(sheet: Sheet) -> dict[str, Any]:
    """The report as plain values."""
    heading = sheet.heading
    return {
        "report": heading.report,
        "title": heading.title,
        "cabinet": heading.cabinet,
        "interval": heading.interval,
        "time_zone": str(heading.zone),
        "drawn_at": utc_text(heading.drawn_at),
        "drawn_by": heading.drawn_by,
        "head": {"epoch": heading.epoch, "seq": heading.seq, "hash": heading.hash},
        "notice": DISCLAIMER,
        "tables": [
            {
                "title": table.title,
                "columns": {column.key: column.title for column in table.columns},
                "shown": [column.key for column in table.columns if not column.is_detail],
                "moments": sorted(
                    {
                        column.key
                        for row in table.rows
                        for column, cell in zip(table.columns, row, strict=True)
                        if isinstance(cell, datetime)
                    }
                ),
                "rows": [{column.key: _cell(cell) for column, cell in zip(table.columns, row, strict=True)} for row in table.rows],
                "notes": list(table.notes),
                "signature_lines": list(table.signature_lines),
            }
            for table in sheet.tables
        ],
    }


def json_text(sheet: Sheet) -> str:
    """The report as one JSON object."""
    return json.dumps(json_value(sheet), ensure_ascii=False)


def _cell(cell: Cell) -> str | int | None:
    return utc_text(cell) if isinstance(cell, datetime) else cell
