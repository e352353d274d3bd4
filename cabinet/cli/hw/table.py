"""How readings of boards look on a terminal. Alone knows: the columns. Must not know: how a board is read."""

from typing import Any

import click

CLEAR = "\x1b[H\x1b[2J"


def readings(rows: list[dict[str, Any]], *, is_live: bool) -> None:
    """One line for each board; live ones replace those before."""
    import sys

    if is_live and sys.stdout.isatty():
        click.echo(CLEAR, nl=False)
    for row in rows:
        click.echo(f"{row['board']:14} {row.get('fault') or _told(row)}")


def _told(row: dict[str, Any]) -> str:
    if row["inputs"]:
        return " ".join(f"{number}:{'on' if is_on else '--'}" for number, is_on in enumerate(row["inputs"]))
    if row["division_mg"] is not None:
        steady = "steady" if row["is_steady"] else "not steady"
        weight = row["note"] if row["mass_mg"] is None else f"{row['mass_mg'] / 1000:.2f} g"
        return f"{weight}, {steady}, in steps of {row['division_mg'] / 1000:g} g"
    return ", ".join(row["temperatures"]) or row["power"] or "tells nothing by itself"
