"""Read the journal: in order, in blocks, without ever standing in the writer's way.

Alone knows: the questions that may be asked of the table of facts.
Must not know: how a fact comes into it.

Each block is one short statement read to its end, so no reader holds an old view open (which would keep the log from being reset).
"""

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cabinet.adapters.journal_chain import ChainBroken, follow, verify
from cabinet.adapters.journal_row import Head, Row, entry_of_row, envelope_of_row
from cabinet.adapters.journal_schema import COLUMNS, connect_reader
from cabinet.domain.facts import Entry
from cabinet.domain.vocabulary import ZERO_HASH
from cabinet.messages import Malformed
from cabinet.ports import JournalBroken

BLOCK = 1000
"""Facts read in one statement."""

TAIL = 1000
"""Facts whose hashes are checked at every start; the whole chain is for `verify`."""


class JournalReader:
    """All questions to a journal. Every method raises JournalBroken when the file cannot be read."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._read = conn

    def close(self) -> None:
        """Let go of the file."""
        self._read.close()

    @property
    def head(self) -> Head:
        """The last durable fact; (0, 0, zeros) while there is none."""
        rows = self._ask("select epoch, seq, hash from facts order by epoch desc, seq desc limit 1")
        return Head(*rows[0]) if rows else Head(0, 0, ZERO_HASH)

    def rows(self, epoch: int = 0, after_seq: int = 0, *, block: int = BLOCK) -> Iterator[Row]:
        """All facts after (`epoch`, `after_seq`), later epochs too, as they stand in the table; read `block` at a time."""
        place: tuple[int, int] = (epoch, after_seq)
        question = f"select {COLUMNS} from facts where (epoch, seq) > (?, ?) order by epoch, seq limit {block}"  # noqa: S608
        while found := self._ask(question, place):
            yield from found
            place = (found[-1][0], found[-1][1])

    def history(self, epoch: int = 0, after_seq: int = 0) -> Iterator[Entry]:
        """All facts after (`epoch`, `after_seq`), later epochs too. Raises JournalBroken at a fact that cannot be read."""
        for row in self.rows(epoch, after_seq):
            yield _entry(row)

    def envelopes(self, epoch: int = 0, after_seq: int = 0) -> Iterator[dict[str, Any]]:
        """All facts after (`epoch`, `after_seq`) as the JSON objects of the contract."""
        for row in self.rows(epoch, after_seq):
            try:
                yield envelope_of_row(row)
            except (ValueError, TypeError) as problem:
                raise JournalBroken(f"fact {row[0]}/{row[1]}: {problem}") from problem

    def of_pocket(self, pocket: str, epoch: int = 0, after_seq: int = 0) -> tuple[Entry, ...]:
        """The facts whose body names this pocket, in order. Scans, about half a second in a million facts."""
        found = self._ask(
            f"select {COLUMNS} from facts where (epoch, seq) > (?, ?) and instr(body, ?) order by epoch, seq",  # noqa: S608
            (epoch, after_seq, f'"pocket":"{pocket}"'),
        )
        return tuple(_entry(row) for row in found)

    def last(self, count: int) -> tuple[Row, ...]:
        """The last `count` facts, oldest first."""
        found = self._ask(f"select {COLUMNS} from facts order by epoch desc, seq desc limit ?", (count,))  # noqa: S608
        return tuple(reversed(found))

    def hash_at(self, epoch: int, seq: int) -> str | None:
        """The hash of one fact; None where there is no such fact."""
        found = self._ask("select hash from facts where epoch = ? and seq = ?", (epoch, seq))
        return str(found[0][0]) if found else None

    @property
    def acked(self) -> tuple[int, int]:
        """(epoch, seq) up to which the pharmacy server holds every fact; (0, 0) at first."""
        epoch, seq = self._ask("select acked_epoch, acked_seq from outbox")[0]
        return int(epoch), int(seq)

    def check_tail(self, count: int = TAIL) -> None:
        """Check the hashes of the last `count` facts. Raises JournalBroken naming the first bad one."""
        rows = self.last(count + 1)
        before = None
        if len(rows) > count:
            before, rows = Head(rows[0][0], rows[0][1], rows[0][10]), rows[1:]
        try:
            for _ in follow(rows, before):
                pass
        except ChainBroken as problem:
            raise JournalBroken(str(problem)) from problem

    def verify(self, known: Head | None = None) -> tuple[int, Head]:
        """Walk the whole chain; how many facts, and the last. Raises ChainBroken naming the first bad fact."""
        return verify(self._readable(), known=known)

    def _readable(self) -> Iterator[Row]:
        """All rows; where a block cannot be read, its rows one by one up to the first that cannot."""
        epoch, seq = 0, 0
        for block in (BLOCK, 1):
            try:
                for row in self.rows(epoch, seq, block=block):
                    epoch, seq = row[0], row[1]
                    yield row
            except JournalBroken as problem:
                if block == 1:
                    raise ChainBroken(epoch, seq + 1, str(problem)) from problem
            else:
                return

    def _ask(self, question: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._read.execute(question, values).fetchall()
        except sqlite3.Error as problem:
            raise JournalBroken(f"the journal cannot be read: {problem}") from problem


def read_journal(path: Path) -> JournalReader:
    """Read the journal at `path`, whether or not a controller writes it. Raises JournalBroken when there is none."""
    return JournalReader(connect_reader(path))


def _entry(row: Row) -> Entry:
    try:
        return entry_of_row(row)
    except (Malformed, TypeError) as problem:
        raise JournalBroken(f"fact {row[0]}/{row[1]}: {problem}") from problem
