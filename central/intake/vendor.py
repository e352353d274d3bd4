"""Another vendor's export -> our formulary, pockets, pars, staff and history.

Alone knows: how the four files of an export speak of each other. Must not know: TOML, any vendor's columns.
"""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import ValidationError

from central.intake.item import NotAnItem, item_of
from central.intake.report import Report
from central.intake.row import NotAMoment, Row, moment_of, read_rows
from central.roster.line import NotALine, Said, Words, as_id, record_of
from config.document import ParRecord, StaffRecord
from config.intake import Intake, Table
from config.schema import Item

TAKEN = "withdraw"
"""The kind of transaction that is demand."""


@dataclass(frozen=True, slots=True)
class Taken:
    """One removal of the history."""

    at: str
    stay: str
    cabinet: str
    item: str
    units: int


@dataclass(slots=True)
class Found:
    """What an export holds, in our terms. `pockets`: cabinet -> drawer -> levels of its pockets."""

    items: dict[str, Item] = field(default_factory=dict)
    pockets: dict[str, dict[str, list[ParRecord]]] = field(default_factory=dict)
    staff: dict[str, StaffRecord] = field(default_factory=dict)
    taken: list[Taken] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    report: Report = field(default_factory=Report)


def read_export(folder: Path, intake: Intake, words: Words | None = None) -> Found:
    """Everything that maps, and a report of what does not. Raises NotAFile."""
    found = Found()
    keys = _read_items(folder, intake, found)
    if intake.pockets is not None:
        _read_pockets(folder, intake.pockets, keys, found)
    if intake.staff is not None:
        _read_staff(folder, intake.staff, words or Words(), found)
    if intake.transactions is not None:
        _read_history(folder, intake.transactions, keys, found)
    return found


def _read_items(folder: Path, intake: Intake, found: Found) -> Mapping[str, str]:
    """Items by id; returns their key of each -> its id."""
    keys: dict[str, str] = {}
    for number, row in enumerate(read_rows(folder, intake.formulary, found.report, "items"), 1):
        try:
            item = item_of(_split(row, intake.display), number, stands_in=intake.stands_in_for_ndc)
        except NotAnItem as problem:
            found.report.miss(row.file, row.line, str(problem), row["display"] or row["generic"] or row["key"])
            continue
        key = row["key"] or item.id
        present = found.items.get(item.id)
        if present is not None:
            found.report.counts["codes of an item that is there already"] += 1
            if item.ndc not in {present.ndc, *present.codes} and not intake.stands_in_for_ndc:
                found.items[item.id] = present.model_copy(update={"codes": (*present.codes, item.ndc)})
        else:
            found.items[item.id] = item
        keys[key] = item.id
    found.report.counts["items"] = len(found.items)
    return keys


def _split(row: Row, display: str) -> dict[str, str]:
    said = dict(row.fields)
    parts = re.match(display, row["display"]) if display and row["display"] else None
    if parts is not None:
        said |= {name: text.strip() for name, text in parts.groupdict().items() if text and not said.get(name)}
    elif display and row["display"] and not said.get("generic"):
        raise NotAnItem("a name that the mapping's pattern does not split")
    return said


def _read_pockets(folder: Path, table: Table, keys: Mapping[str, str], found: Found) -> None:
    seen: set[tuple[str, str]] = set()
    for row in read_rows(folder, table, found.report, "pockets"):
        if not row["item"]:
            found.report.counts["pockets without an item"] += 1
            continue
        try:
            cabinet, drawer, pocket = (as_id(row[name]) for name in ("cabinet", "drawer", "pocket"))
            level = _level(row, f"{drawer}-{pocket}"[:64] if table.columns.get("drawer") else pocket, keys)
        except (NotALine, ValueError) as problem:
            found.report.miss(row.file, row.line, str(problem), f"{row['cabinet']} {row['drawer']} {row['pocket']} {row['item']}".strip())
            continue
        if (cabinet, level.pocket) in seen:
            found.report.miss(row.file, row.line, "a pocket stands there twice", f"{cabinet} {level.pocket}")
            continue
        seen.add((cabinet, level.pocket))
        found.pockets.setdefault(cabinet, {}).setdefault(drawer, []).append(level)
        found.report.counts["pockets"] += 1


def _level(row: Row, pocket: str, keys: Mapping[str, str]) -> ParRecord:
    if row["item"] not in keys:
        raise NotALine("a pocket's item is not in the formulary")
    levels = {name: _whole(row, name) for name in ("par", "min", "critical_low")}
    try:
        return ParRecord(pocket=pocket, item=keys[row["item"]], **levels)
    except ValidationError as problem:
        raise NotALine(problem.errors(include_url=False)[0]["msg"].removeprefix("Value error, ")) from problem


def _whole(row: Row, name: str) -> int:
    text = row[name] or "0"
    number = float(text) if re.fullmatch(r"[0-9]{1,7}(\.[0-9]+)?", text) else -1
    if number < 0 or number != int(number):
        raise NotALine(f"{name} is no whole number")
    return int(number)


def _read_staff(folder: Path, table: Table, words: Words, found: Found) -> None:
    for row in read_rows(folder, table, found.report, "staff"):
        is_on = row["active"].casefold() not in {"no", "false", "0", "n", "inactive", "disabled"}
        try:
            until = moment_of(row["until"], table) if row["until"] else None
            said = Said(row["id"], row["name"], (row["role"],), tuple(row["areas"].replace(";", ",").split(",")), until, None, is_on)
            record = record_of(said, words)
        except (NotALine, ValueError) as problem:
            what = "a role that is not known" if "no role here" in str(problem) else str(problem)
            found.report.miss(row.file, row.line, what, f"{row['id']} {row['role']}".strip())
            continue
        found.staff[record.id] = record
    found.report.counts["staff"] = len(found.staff)


def _read_history(folder: Path, table: Table, keys: Mapping[str, str], found: Found) -> None:
    for row in read_rows(folder, table, found.report, "removals"):
        kind = row["kind"] or TAKEN
        found.kinds[kind] += 1
        if kind != TAKEN:
            continue
        try:
            found.taken.append(_taken(row, table, keys))
        except (NotALine, NotAMoment) as problem:
            found.report.miss(row.file, row.line, str(problem), row["item"])
    found.report.counts["removals"] = len(found.taken)


def _taken(row: Row, table: Table, keys: Mapping[str, str]) -> Taken:
    if row["item"] not in keys:
        raise NotALine("a removal's item is not in the formulary")
    units = _whole(row, "units") if row["units"] else 1
    if units < 1:
        raise NotALine("a removal of nothing")
    at = moment_of(row["at"], table)
    return Taken(at.isoformat(), row["stay"] or row["patient"], row["cabinet"], keys[row["item"]], units)
