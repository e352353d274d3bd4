"""The Journal port on SQLite: number, chain, write durably, and refuse everything after the first failure.

Alone knows: how a round of drafts becomes one transaction, on the caller's thread (`InlineJournal`) or on a thread of its own
(`JournalThread`).
Must not know: what a fact means, which clock or source of ids it is given.

A commit that failed is never tried again: after an error of fsync nobody knows which pages are on the disk
(Rebello et al., "Can Applications Recover from fsync Failures?", ATC 2020). The process stops and starts again from the file.
"""

import asyncio
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Self

from cabinet.adapters.journal_cache import SnapshotFile
from cabinet.adapters.journal_lock import WriterLock
from cabinet.adapters.journal_reader import JournalReader
from cabinet.adapters.journal_row import Head, Row, seal_row
from cabinet.adapters.journal_schema import INSERT, connect_reader, connect_writer, prepare
from cabinet.domain.facts import Draft, Entry, JournalBegun
from cabinet.domain.vocabulary import ZERO_HASH, Instant, utc_text
from cabinet.ports import JournalBroken


class ClockUnset(Exception):
    """The wall clock stands before the software was built: no journal is begun on such a clock."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Whose journal this is, and what its first fact says. `highest_epoch` is the highest known anywhere for this cabinet."""

    cabinet: str
    software: str
    built: datetime
    highest_epoch: int = 0


class SqliteJournal(JournalReader, ABC):
    """One cabinet's journal, open for writing by this process alone. Reads see what is durable and nothing else."""

    def __init__(self, write: sqlite3.Connection, read: sqlite3.Connection, origin: Origin, new_id: Callable[[], str]) -> None:
        super().__init__(read)
        self._write = write
        self._origin = origin
        self._new_id = new_id
        self._end = self.head
        self._failure: str | None = None
        self._lock: WriterLock | None = None
        self._snapshot = SnapshotFile(None)

    @classmethod
    def open(
        cls, path: Path | None, origin: Origin, *, now: Callable[[], Instant], new_id: Callable[[], str], new_epoch: bool = False
    ) -> Self:
        """Open the journal at `path` (None: in memory), beginning it where there is none.

        `new_epoch` begins another epoch at once, as a journal put back from a copy must. Raises JournalHeld when another
        process writes it, ClockUnset, JournalBroken when the settings are not taken or the last facts do not verify.
        """
        with ExitStack() as undo:
            lock = None if path is None else WriterLock(path, f"the controller of {origin.cabinet}")
            if lock is not None:
                undo.callback(lock.release)
            try:
                write = undo.enter_context(closing(connect_writer(path)))
                prepare(write, is_in_memory=path is None)
            except sqlite3.Error as problem:
                raise JournalBroken(f"{path}: {problem}") from problem
            read = write if path is None else undo.enter_context(closing(connect_reader(path)))
            journal = cls(write, read, origin, new_id)
            journal._lock = lock  # its own class
            journal._snapshot = SnapshotFile(None if path is None else path.with_suffix(".snapshot"))
            journal.start(now(), new_epoch=new_epoch)
            undo.pop_all()
        return journal

    def start(self, at: Instant, *, new_epoch: bool = False) -> None:
        """Check the last facts, and begin the journal where there is none; `open` does it. Raises JournalBroken, ClockUnset."""
        self.check_tail()
        self._check_owner()
        if self._end.seq and not new_epoch:
            return
        if at.utc < self._origin.built:
            raise ClockUnset(
                f"the clock says {utc_text(at.utc)}, the software was built {utc_text(self._origin.built)}: set the clock first"
            )
        last = self._end
        unix_ms = int(at.utc.timestamp() * 1000)
        self._end = Head(max(self._origin.highest_epoch + 1, last.epoch + 1, unix_ms), 0, ZERO_HASH)
        after = (last.epoch, last.seq, last.hash) if last.seq else (None, None, None)
        self.write_now([Draft(at, JournalBegun(self._new_id(), self._origin.cabinet, self._origin.software, *after))])

    def _check_owner(self) -> None:
        begun = next(self.entries(), None)
        if begun is not None and isinstance(begun.fact, JournalBegun) and begun.fact.cabinet != self._origin.cabinet:
            raise JournalBroken(f"this is the journal of cabinet {begun.fact.cabinet}, not of {self._origin.cabinet}")

    @property
    def epoch(self) -> int:
        """The epoch of this journal."""
        return self._end.epoch

    def entries(self, after_seq: int = 0) -> Iterator[Entry]:
        """All facts of this epoch in order, from `after_seq` + 1. Raises JournalBroken at one that cannot be read."""
        return self.history(self.epoch, after_seq)

    async def append(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """Number, chain and durably write `drafts` in one transaction.

        Raises JournalBroken, at once and for every later call, when it could not be written; Malformed (nothing is written,
        the journal stays whole) for a draft that no fact may hold. Who is cancelled while waiting does not know what was written.
        """
        rows, entries = self._seal(drafts)
        if rows:
            await self._run(lambda: self._commit(INSERT, rows))
        return entries

    def write_now(self, drafts: Sequence[Draft]) -> tuple[Entry, ...]:
        """`append` on the calling thread, for the start of a process and for command lines."""
        rows, entries = self._seal(drafts)
        self._commit(INSERT, rows)
        return entries

    def count_boot(self) -> int:
        """The number of this start of the controller, from 1; durable. Called once a start. Raises JournalBroken."""
        self._commit("update boot set boots = boots + ?", [(1,)])
        return int(self._ask("select boots from boot")[0][0])

    async def keep_acked(self, epoch: int, seq: int) -> None:
        """Remember durably up to which fact the pharmacy server holds everything; may go back. Raises JournalBroken."""
        await self._run(lambda: self._commit("update outbox set acked_epoch = ?, acked_seq = ?", [(epoch, seq)]))

    def save_snapshot(self, seq: int, state: bytes) -> None:
        """Keep folded state as it stands after fact `seq` of this epoch. Raises ValueError when there is no such durable fact; OSError."""
        fact_hash = self.hash_at(self.epoch, seq)
        if fact_hash is None:
            raise ValueError(f"no fact {self.epoch}/{seq} to make a snapshot of")
        self._snapshot.save(Head(self.epoch, seq, fact_hash), self._origin.software, state)

    def load_snapshot(self) -> tuple[int, bytes] | None:
        """(seq, state) of the last snapshot; None unless it was made by this software from this very chain and epoch."""
        found = self._snapshot.load(self._origin.software)
        if found is None or found[0].epoch != self.epoch or self.hash_at(self.epoch, found[0].seq) != found[0].hash:
            return None
        return found[0].seq, found[1]

    def close(self) -> None:
        """Let go of the file; what was appended stays. Whoever still waits in `append` is waited for."""
        self._read.close()
        self._write.close()
        if self._lock is not None:
            self._lock.release()

    @abstractmethod
    async def _run(self, job: Callable[[], None]) -> None:
        """Have `job` done, one after the other, in the order of the calls."""

    def _seal(self, drafts: Sequence[Draft]) -> tuple[list[Row], tuple[Entry, ...]]:
        if self._failure is not None:
            raise JournalBroken(self._failure)
        epoch, seq, last_hash = self._end
        rows, entries = [], []
        for draft in drafts:
            seq += 1
            row, entry = seal_row(draft, epoch=epoch, seq=seq, fact_id=self._new_id(), prev_hash=last_hash)
            last_hash = entry.hash
            rows.append(row)
            entries.append(entry)
        self._end = Head(epoch, seq, last_hash)
        return rows, tuple(entries)

    def _commit(self, statement: str, rows: Sequence[Sequence[object]]) -> None:
        if self._failure is not None:
            raise JournalBroken(self._failure)
        try:
            self._write.execute("begin immediate")
            self._write.executemany(statement, rows)
            self._write.execute("commit")
        except (sqlite3.Error, OSError) as problem:
            self._failure = f"the journal could not be written: {problem}"
            raise JournalBroken(self._failure) from problem


class InlineJournal(SqliteJournal):
    """Commits on the caller's thread: for virtual time, where there are no threads, and for command lines."""

    async def _run(self, job: Callable[[], None]) -> None:
        job()


class JournalThread(SqliteJournal):
    """Commits on a thread of its own, so that a slow disk never makes the event loop late. Needs a file."""

    def __init__(self, write: sqlite3.Connection, read: sqlite3.Connection, origin: Origin, new_id: Callable[[], str]) -> None:
        if write is read:
            raise ValueError("a journal in memory has one connection, which two threads cannot share: use InlineJournal")
        super().__init__(write, read, origin, new_id)
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal")

    async def _run(self, job: Callable[[], None]) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, job)

    def close(self) -> None:
        """Finish what is being written, then let go of the file."""
        self._thread.shutdown(wait=True)
        super().close()
