"""Figures as a table for spreadsheets, and on paper.

Alone knows: what stands in which column. Must not know: where figures come from, who asked.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from cabinet.report.form_csv import rows_text
from cabinet.report.table import DISCLAIMER, Cell, Table, columns
from central.figure.definition import DEFINITIONS, Definition, Figure
from central.figure.room import Row, Told

MOST_ON_PAPER = 200
"""Cabinets that are listed on paper; the table for spreadsheets has all."""


def written(figure: Figure, definition: Definition) -> str:
    """A value as people read it; nothing where there is none."""
    return "" if figure.value is None else f"{figure.value:.{definition.digits}f}"


def as_csv(told: Told) -> str:
    """One line for each figure of the whole, of each cabinet, and of each day or week."""
    whole = Row(told.cabinet or "all", told.total)
    rows = (
        (told.first, told.last, kind, row.of, one.id, written(one, definition), definition.unit, one.basis)
        for kind, rows in (("total", (whole,)), ("cabinet", told.cabinets), ("from_day", told.over_time))
        for row in rows
        for one, definition in zip(row.figures, DEFINITIONS, strict=True)
    )
    return rows_text([("first_day", "last_day", "of", "name", "figure", "value", "unit", "basis"), *rows])


def as_pdf(told: Told, name: str, drawn_at: datetime, drawn_by: str = "", *, called: Mapping[str, str]) -> bytes:
    """The same on paper: the whole beside the time before, each cabinet as it is `called`, and what each figure is."""
    from cabinet.report.form_pdf import paper  # noqa: PLC0415 - a third of a second that only paper takes

    by = f" by {drawn_by}" if drawn_by else ""
    above = (
        f"Figures: {name}" + (f", {called.get(told.cabinet, told.cabinet)}" if told.cabinet else ""),
        f"{told.first} to {told.last}, days in UTC; drawn {drawn_at:%Y-%m-%d %H:%M}{by}",
        "Worked out from the facts that are held; a cabinet that was out of reach may still send some of these days.",
        DISCLAIMER,
    )
    return paper(above, (_whole(told), _cabinets(told, called), _defined()), UTC)


def _whole(told: Told) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (one.name, written(now, one), written(then, one), one.unit, now.basis)
        for one, now, then in zip(DEFINITIONS, told.total, told.before, strict=True)
    ]
    return Table("All together", columns("Figure", "Value", "As long before", "Unit", "Of how many"), tuple(rows))


def _cabinets(told: Told, called: Mapping[str, str]) -> Table:
    rows = [
        (called.get(row.of, row.of), *(written(one, definition) for one, definition in zip(row.figures, DEFINITIONS, strict=True)))
        for row in told.cabinets[:MOST_ON_PAPER]
    ]
    more = len(told.cabinets) - len(rows)
    notes = (f"{more} more cabinets are in the table for spreadsheets.",) if more > 0 else ()
    heads = (f"{one.name}{f', {one.unit}' if one.unit else ''}" for one in DEFINITIONS)
    return Table("By cabinet", columns("Cabinet", *heads), tuple(rows), notes)


def _defined() -> Table:
    rows = tuple((one.name, one.formula, one.better) for one in DEFINITIONS)
    return Table("What each figure is", columns("Figure", "Is", "Better"), rows)
