"""Cells and headings as text: moments in the site's zone, nothing that a terminal or a spreadsheet would obey.

Alone knows: how a cell is written. Must not know: what a report is about, or on what it is printed.
"""

from datetime import UTC, datetime, tzinfo

from cabinet.report.table import DISCLAIMER, Cell, Heading


def text(cell: Cell, zone: tzinfo) -> str:
    """A cell as people read it; what is not printable is shown by its number, so that no fact can write to a terminal."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell.astimezone(zone):%Y-%m-%d %H:%M:%S}"
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in str(cell))


def zone_name(heading: Heading) -> str:
    """What the zone of the report's moments is called, with its distance from UTC at the time when it was drawn."""
    local = heading.drawn_at.astimezone(heading.zone)
    name = local.tzname() or ""
    return name if heading.zone is UTC or name == "UTC" else f"{heading.zone} ({name}, UTC{local:%z})"


def lines(heading: Heading) -> tuple[str, ...]:
    """What stands above the tables."""
    by = f" by {heading.drawn_by}" if heading.drawn_by else ""
    drawn = f"{heading.drawn_at.astimezone(heading.zone):%Y-%m-%d %H:%M:%S}"
    return (
        f"{heading.title}: {heading.cabinet_name} ({heading.cabinet})",
        f"{heading.interval}; times in {zone_name(heading)}; drawn {drawn}{by}",
        f"journal read to fact {heading.epoch}/{heading.seq}, hash {heading.hash}",
        DISCLAIMER,
    )
