"""The tables of the machines, flattened: one (state, trigger, target) for each row and source."""

from collections.abc import Iterable
from typing import Any


def flat(rows: Iterable[dict[str, Any]]) -> list[tuple[str, str, str | None]]:
    """Every row once for each of its sources; target None: noted, and the state stays."""
    return [(source, row["trigger"], row["dest"]) for row in rows for source in _sources(row)]


def gaps(rows: Iterable[dict[str, Any]], states: Iterable[str]) -> list[tuple[str, str]]:
    """Every (state, trigger) for which the table has no row."""
    known = {(source, trigger) for source, trigger, _ in flat(rows)}
    triggers = dict.fromkeys(trigger for _, trigger, _ in flat(rows))
    return [(state, trigger) for state in states for trigger in triggers if (state, trigger) not in known]


def _sources(row: dict[str, Any]) -> list[str]:
    source = row["source"]
    return [source] if isinstance(source, str) else list(source)
