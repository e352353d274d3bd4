"""Rows of a vendor's file in our fields.

Alone knows: encodings, delimiters, gzip, and how a column of a mapping is read. Must not know: what a field means.
"""

import csv
import gzip
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from central.intake.report import Report
from config.intake import Table

LARGEST = 400_000_000
"""Bytes of one file, unpacked: a file that unpacks to more is no export."""


class NotAFile(Exception):
    """A file of the export cannot be read at all; the text says which and why."""


class NotAMoment(ValueError):
    """No moment stands there, or in another form than the mapping says."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row in our fields. What their file leaves empty is ""; `line` is where it stands."""

    file: str
    line: int
    fields: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")


def read_rows(folder: Path, table: Table, report: Report, wanted: str) -> Iterator[Row]:
    """The rows of one file that are `wanted`, each once; one file may be read for several things. Raises NotAFile."""
    yield from rows_of(text_of(folder / table.file, table.encoding), table, report, f" for {wanted}")


def rows_of(text: str, table: Table, report: Report, wanted: str = "") -> Iterator[Row]:
    """The rows of a file's text, counted as of the file and what is `wanted` of it. Raises NotAFile."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=table.delimiter)
    head = [name.strip() for name in next(reader, [])]
    _ensure_columns(table, head)
    seen: set[tuple[str, ...]] = set()
    name = Path(table.file).name
    counted = f"{name}{wanted}"
    try:
        for cells in reader:
            report.counts[f"{counted}: rows"] += 1
            if len(cells) != len(head):
                if cells:
                    report.miss(name, reader.line_num, "a row has other columns than the head", f"{len(cells)} of {len(head)}")
                continue
            theirs = dict(zip(head, (cell.strip() for cell in cells), strict=True))
            if any(theirs.get(column, "") in values for column, values in table.leave_out.items()):
                report.counts[f"{counted}: left out"] += 1
                continue
            mark = tuple(theirs[column] for column in table.distinct)
            if mark and mark in seen:
                report.counts[f"{counted}: repeated"] += 1
                continue
            seen.add(mark)
            yield Row(name, reader.line_num, {field: _value(theirs, table, field) for field in table.columns})
    except csv.Error as problem:
        raise NotAFile(f"{table.file}:{reader.line_num}: {problem}") from problem


def moment_of(text: str, table: Table) -> datetime:
    """A moment as the file writes it; without a zone it is UTC. Raises NotAMoment."""
    try:
        at = datetime.strptime(text, table.at_format) if table.at_format else datetime.fromisoformat(text)  # noqa: DTZ007 - the zone follows
    except ValueError as problem:
        raise NotAMoment("a moment that cannot be read") from problem
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def text_of(path: Path, encoding: str) -> str:
    """A file whole, unpacked where it is packed. Raises NotAFile."""
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            with gzip.open(io.BytesIO(data)) as packed:
                data = packed.read(LARGEST + 1)
        if len(data) > LARGEST:
            raise NotAFile(f"{path}: larger than any export")
        return data.decode(encoding)
    except (OSError, EOFError, UnicodeDecodeError, LookupError) as problem:
        raise NotAFile(f"{path}: {problem}") from problem


def _parts(column: str) -> list[str]:
    return [] if column.startswith("=") else [part.strip() for part in column.split(" + ")]


def _ensure_columns(table: Table, head: list[str]) -> None:
    named = {part for column in table.columns.values() for part in _parts(column)} | {*table.distinct} | {*table.leave_out}
    missing = sorted(named - {*head})
    if missing:
        raise NotAFile(f"{table.file}:1: the head lacks {', '.join(missing)}; it has {', '.join(head) or 'nothing'}")


def _value(theirs: dict[str, str], table: Table, field: str) -> str:
    column = table.columns[field]
    if column.startswith("="):
        return column[1:].strip()
    said = " ".join(filter(None, (theirs[part] for part in _parts(column))))
    words = table.words.get(field)
    if words is None:
        return said
    folded = {word.casefold(): ours for word, ours in words.items()}
    return folded.get(said.casefold(), said)
