"""How cold it was kept: readings, gaps and excursions of every fridge, with who decided what about the contents.

Alone knows: how the log is listed. Must not know: which temperatures are allowed.
"""

from collections.abc import Iterable
from typing import Any

from cabinet.domain import facts
from cabinet.domain.facts import Entry
from cabinet.domain.vocabulary import DrawerId
from cabinet.report.asked import Asked, Setting
from cabinet.report.table import Cell, Table, columns
from cabinet.report.telling import Telling

_NAMES = columns("Time", "Fridge", "What", "°C", "Lowest °C", "Highest °C", "Readings", "Said", "Acknowledged by", "~Probe")


def temperature(entries: Iterable[Entry], setting: Setting, asked: Asked, telling: Telling) -> tuple[Table, ...]:
    """The temperature log of the interval, with every excursion and what was decided about what it concerned."""
    del setting
    rows = []
    for entry in telling.follow(entries, asked.end):
        row = _row(telling, entry)
        if row is not None and asked.covers(entry.at):
            rows.append(row)
    return (Table("Temperatures", _NAMES, tuple(rows), signature_lines=("Reviewed by", "Date and time")),)


def _row(telling: Telling, entry: Entry) -> tuple[Cell, ...] | None:
    fact: Any = entry.fact
    middle: tuple[Cell, ...]
    who = telling.name(entry.staff)
    match fact:
        case facts.TemperatureLogged():
            middle = "reading", celsius(fact.milli_c), celsius(fact.lowest_mc), celsius(fact.highest_mc), fact.readings, fact.why
        case facts.TemperatureGap():
            middle = "no readings", "", "", "", None, f"for {fact.minutes} minutes"
        case facts.FridgeMoved():
            middle = fact.target.replace("_", " "), celsius(fact.milli_c), "", "", None, fact.why
        case facts.ExcursionBegan():
            middle = "excursion began", "", celsius(fact.lowest_mc), celsius(fact.highest_mc), None, f"out for {fact.minutes} minutes"
        case facts.ExcursionEnded():
            middle = "excursion ended", "", celsius(fact.lowest_mc), celsius(fact.highest_mc), None, f"{fact.minutes} minutes in all"
        case facts.ExcursionDecided():
            middle = f"contents: {fact.verdict}", "", "", "", None, fact.reason
        case _:
            return None
    return entry.at, _name(telling, fact.drawer), *middle, who, getattr(fact, "probe", "")


def _name(telling: Telling, drawer: DrawerId) -> str:
    return next((one.name for one in telling.world.layout.drawers if one.id == drawer), drawer)


def celsius(milli_c: int | None) -> str:
    """A temperature to the tenth of a degree."""
    return "" if milli_c is None else f"{milli_c / 1000:.1f}"
