"""What an intake found, as files: formulary and pockets of a site, pars to be approved, a staff list, and the history for replays.

Alone knows: the names and forms of these files. Must not know: where anything came from.
"""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from central.intake.report import Report
from central.intake.vendor import Found, Taken
from config.document import ParRecord, StaffRecord, write_record
from config.schema import Item

HEAD = """\
# The pockets of {cabinet} as its former software had them. Each drawer still lacks what only the steel knows: kind, name, lock and closed
# (docs/how-to/commission-a-cabinet.md). Levels are in units of the item.
"""
FORMULARY, STAFF, HISTORY, REPORT = "formulary.toml", "staff.csv", "transactions.csv", "report.json"


def write_all(found: Found, folder: Path) -> list[str]:
    """All of it; returns the names of the files."""
    folder.mkdir(parents=True, exist_ok=True)
    names = [write_formulary(found.items.values(), folder / FORMULARY)]
    for cabinet, drawers in sorted(found.pockets.items()):
        names += [_write(folder / f"pockets-{cabinet}.toml", _pockets(cabinet, drawers)), _write_pars(folder, cabinet, drawers)]
    if found.staff:
        names.append(_write_staff(folder / STAFF, found.staff.values()))
    if found.taken:
        names.append(_write_history(folder / HISTORY, found.taken))
    return [*names, write_report(found.report, folder / REPORT)]


def write_formulary(items: Iterable[Item], path: Path) -> str:
    """A site's formulary, by name."""
    rows = sorted(items, key=lambda item: (item.generic, item.strength, item.id))
    return _write(path, "\n".join(_table("[[item]]", write_record("formulary", item)) for item in rows))


def write_report(report: Report, path: Path) -> str:
    """The report whole, with every line that did not map."""
    return _write(path, json.dumps(report.told(), ensure_ascii=False, indent=1) + "\n")


def _write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return path.name


def _table(head: str, fields: Mapping[str, Any]) -> str:
    """What JSON writes of texts, numbers, truths and lists of them, TOML reads."""
    return "\n".join([head, *(f"{name} = {json.dumps(value)}" for name, value in fields.items())]) + "\n"


def _pockets(cabinet: str, drawers: Mapping[str, Sequence[ParRecord]]) -> str:
    parts = [HEAD.format(cabinet=cabinet)]
    for drawer, levels in sorted(drawers.items()):
        parts.append(_table("[[drawer]]", {"id": drawer, "name": drawer}))
        for level in levels:
            fields = {"id": level.pocket, "item": level.item, "par": level.par, "min": level.min, "critical_low": level.critical_low}
            parts.append(_table("[[drawer.pocket]]", fields))
    return "\n".join(parts)


def _write_pars(folder: Path, cabinet: str, drawers: Mapping[str, Sequence[ParRecord]]) -> str:
    records = [write_record("pars", level) for levels in drawers.values() for level in levels]
    body = {"cabinet": cabinet, "why": "as the former software had them", "records": records}
    return _write(folder / f"pars-{cabinet}.json", json.dumps(body, indent=1) + "\n")


def _write_staff(path: Path, staff: Iterable[StaffRecord]) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "role", "areas", "until", "active"])
        for one in sorted(staff, key=lambda record: record.id):
            until = "" if one.until is None else one.until.date().isoformat()
            writer.writerow([one.id, one.name, one.role, " ".join(one.areas), until, "yes" if one.active else "no"])
    return path.name


def _write_history(path: Path, taken: Sequence[Taken]) -> str:
    """As `adc replay` and `adc par backtest` read it: numbers for stays, and the turn within one moment."""
    stays: dict[str, int] = {}
    turns: dict[tuple[int, str], int] = {}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["at", "stay", "turn", "item", "units", "cabinet"])
        for one in sorted(taken, key=lambda each: each.at):
            stay = stays.setdefault(one.stay, int(one.stay) if one.stay.isdecimal() else len(stays) + 1)
            turn = turns[stay, one.at] = turns.get((stay, one.at), 0) + 1
            writer.writerow([one.at, stay, turn, one.item, one.units, one.cabinet])
    return path.name
