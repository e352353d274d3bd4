"""Recorded dispensing exports -> dispenses in the order in which they are to be performed.

Alone knows: the columns of the exports that are read, what makes two rows one dispense, and how shifted dates become one month.
Must not know: cabinets. A row that cannot be read is named with its line and skipped, never guessed.

Dates in a de-identified export are shifted per patient over decades. Each stay is moved by whole days so that its first dispense
falls on day `stay mod 30` of a 30-day window; the hours of the day stay as recorded.
"""

import csv
import gzip
import io
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

WINDOW_DAYS = 30
MOST_UNITS = 10_000
MOST_DIGITS = 15


class NotAnExport(Exception):
    """The file cannot be read as any export that is known; the text says what was expected."""


@dataclass(frozen=True, slots=True)
class Dispense:
    """One recorded removal: when, for which stay and patient, what and how many. `turn` orders what happened at one moment."""

    at: datetime
    stay: int
    turn: int
    patient: str
    item: str
    units: int
    line: int


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was skipped, and why."""

    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Export:
    """What a file holds: distinct dispenses in order, rows that repeat one, and rows that could not be read."""

    dispenses: tuple[Dispense, ...]
    rows: int
    repeats: int
    bad_rows: tuple[BadRow, ...]


Row = dict[str | None, str | None]


@dataclass(frozen=True, slots=True)
class _Form:
    """One known kind of export: its columns, and how a row of it becomes a key and a dispense (raises ValueError)."""

    columns: frozenset[str]
    read: Callable[[Row, int], tuple[tuple[object, ...], Dispense]]


def _whole(row: Row) -> Row:
    if None in row:
        raise ValueError("more fields than columns")
    return row


def _text(row: Row, column: str) -> str:
    value = (row[column] or "").strip()
    if not value:
        raise ValueError(f"{column} is empty")
    return value


def _number(row: Row, column: str) -> int:
    value = _text(row, column)
    if not value.isdecimal() or len(value) > MOST_DIGITS:
        raise ValueError(f"{column}: expected a whole number, got {value!r}")
    return int(value)


def _time(row: Row, column: str) -> datetime:
    value = _text(row, column)
    try:
        at = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError(f"{column}: expected a time such as 2175-04-05 06:39:00, got {value!r}") from None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _pyxis(row: Row, line: int) -> tuple[tuple[object, ...], Dispense]:
    at, stay, turn = _time(row, "charttime"), _number(row, "stay_id"), _number(row, "med_rn")
    dispense = Dispense(at, stay, turn, f"p-{_number(row, 'subject_id')}", _text(row, "name"), 1, line)
    return (stay, at, turn), dispense


def _units(text: str) -> int:
    """Whole units that a quantity takes out of a pocket: half a tablet takes one tablet. A range is no quantity."""
    try:
        value = float(text)
    except ValueError:
        raise ValueError(f"form_val_disp: expected a number, got {text!r}") from None
    if not 0 < value <= MOST_UNITS:
        raise ValueError(f"form_val_disp: expected more than 0 and at most {MOST_UNITS}, got {text!r}")
    return math.ceil(value)


def _omnicell(row: Row, line: int) -> tuple[tuple[object, ...], Dispense]:
    at, stay, order = _time(row, "due_time"), _number(row, "hadm_id"), _number(row, "pharmacy_id")
    quantity = (row["form_val_disp"] or "").strip()
    item = " ".join(part for part in (_text(row, "medication"), (row["prod_strength"] or "").strip()) if part)
    dispense = Dispense(at, stay, order, f"p-{_number(row, 'subject_id')}", item, _units(quantity) if quantity else 1, line)
    return (stay, at, order), dispense


def _own(row: Row, line: int) -> tuple[tuple[object, ...], Dispense]:
    at, stay, units = _time(row, "at"), _number(row, "stay"), _number(row, "units")
    if not 1 <= units <= MOST_UNITS:
        raise ValueError(f"units: expected 1 to {MOST_UNITS}, got {units}")
    turn = _number(row, "turn")
    return (stay, at, turn), Dispense(at, stay, turn, f"p-{stay}", _text(row, "item"), units, line)


FORMS = (
    _Form(frozenset({"charttime", "subject_id", "stay_id", "med_rn", "name"}), _pyxis),
    _Form(frozenset({"due_time", "subject_id", "hadm_id", "pharmacy_id", "medication", "prod_strength", "form_val_disp"}), _omnicell),
    _Form(frozenset({"at", "stay", "turn", "item", "units"}), _own),
)


def read_export(path: Path) -> Export:
    """Read a recorded export, gzip or plain. Raises NotAnExport, or OSError when it cannot be opened."""
    data = path.read_bytes()
    try:
        plain = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        text = plain.decode("utf-8-sig")
    except (EOFError, gzip.BadGzipFile, UnicodeDecodeError) as problem:
        raise NotAnExport(f"{path}: neither gzip nor UTF-8 text ({problem})") from problem
    return parse_export(io.StringIO(text, newline=""), str(path))


def parse_export(lines: Iterable[str], name: str) -> Export:
    """Read the rows of an export. Raises NotAnExport when its columns are none that are known."""
    reader = csv.DictReader(lines)
    columns = set(reader.fieldnames or ())
    form = next((form for form in FORMS if form.columns <= columns), None)
    if form is None:
        known = "; or ".join(", ".join(sorted(form.columns)) for form in FORMS)
        raise NotAnExport(f"{name}:1: no known export has these columns; expected {known}")
    found: dict[tuple[object, ...], Dispense] = {}
    bad: list[BadRow] = []
    rows = repeats = 0
    for line, row in _rows(reader, name):
        rows += 1
        try:
            key, dispense = form.read(_whole(row), line)
        except ValueError as problem:
            bad.append(BadRow(line, str(problem)))
            continue
        if key in found and found[key].item != dispense.item:
            bad.append(BadRow(line, f"repeats the dispense of line {found[key].line}, but names {dispense.item!r}"))
        elif key in found:
            repeats += 1
        else:
            found[key] = dispense
    return Export(tuple(overlay(found.values())), rows, repeats, tuple(bad))


def _rows(reader: "csv.DictReader[str]", name: str) -> Iterator[tuple[int, Row]]:
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as problem:
        raise NotAnExport(f"{name}:{reader.line_num}: {problem}") from problem


WINDOW_START = datetime(2027, 1, 1, tzinfo=UTC)
"""Day 0 of the window; which day it is called changes nothing."""


def overlay(dispenses: Iterable[Dispense]) -> list[Dispense]:
    """Move every stay by whole days into the window; ordered by (new time, stay, turn)."""
    everything = list(dispenses)
    first: dict[int, datetime] = {}
    for dispense in everything:
        first[dispense.stay] = min(first.get(dispense.stay, dispense.at), dispense.at)
    moved = []
    for dispense in everything:
        day = WINDOW_START + timedelta(days=dispense.stay % WINDOW_DAYS)
        midnight = first[dispense.stay].replace(hour=0, minute=0, second=0, microsecond=0)
        moved.append(replace(dispense, at=day + (dispense.at - midnight)))
    return sorted(moved, key=lambda dispense: (dispense.at, dispense.stay, dispense.turn))
