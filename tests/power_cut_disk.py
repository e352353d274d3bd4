"""A disk that forgets what was not synced: a file system in memory for SQLite, with a plug that can be pulled.

Alone knows: what a power cut leaves of each file, and how SQLite is made to work on it (through apsw).
Must not know: the journal, its tables, or what should survive.

The model: of what was written and not synced, any subset of pieces that lie within one 512-byte sector may be on the disk, in any
order; what was synced is there. A write cut in the middle does not spoil the rest of its sector (powersafe overwrite, which SQLite
assumes of every disk). Names of files are not lost, and no write goes astray. After the cut nothing more reaches the disk, not even
by closing.
"""

import random
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any, NamedTuple

import apsw
import apsw.ext

SECTOR = 512
_names = count(1)


class PlugPulled(Exception):
    """The disk has no power."""


class _Write(NamedTuple):
    offset: int
    data: bytes | None
    """None cuts the file off at `offset`."""

    def pieces(self) -> "Iterator[_Write]":
        """What a cut may leave one by one: the parts of a write that lie within one sector."""
        if self.data is None:
            yield self
            return
        start = self.offset
        while start < self.offset + len(self.data):
            stop = min((start // SECTOR + 1) * SECTOR, self.offset + len(self.data))
            yield _Write(start, self.data[start - self.offset : stop - self.offset])
            start = stop

    def onto(self, content: bytearray) -> None:
        """Carry this write out."""
        if self.data is None:
            del content[self.offset :]
            return
        content.extend(bytes(max(0, self.offset - len(content))))
        content[self.offset : self.offset + len(self.data)] = self.data


class _File:
    def __init__(self, content: bytes = b"") -> None:
        self.seen = bytearray(content)
        self.synced = bytearray(content)
        self.waiting: list[_Write] = []

    def write(self, change: _Write) -> None:
        change.onto(self.seen)
        self.waiting.append(change)

    def sync(self) -> None:
        self.synced = bytearray(self.seen)
        self.waiting.clear()

    def after_cut(self, rng: random.Random) -> bytes:
        left = bytearray(self.synced)
        pieces = [piece for change in self.waiting for piece in change.pieces()]
        share = rng.choice((0.0, 0.5, 0.9, 1.0))
        kept = [piece for piece in pieces if rng.random() < share]
        if rng.random() < 0.5:
            rng.shuffle(kept)
        for piece in kept:
            piece.onto(left)
        return bytes(left)


class Disk:
    """Files in memory. The plug is pulled at the `cut_at`-th thing done to the disk (never: None)."""

    def __init__(self, files: dict[str, bytes] | None = None, *, cut_at: int | None = None) -> None:
        self.files = {name: _File(content) for name, content in (files or {}).items()}
        self.done = 0
        self._cut_at = cut_at
        self.name = f"disk-{next(_names)}"
        self._vfs = _Vfs(self)

    @property
    def is_cut(self) -> bool:
        """Whether the plug is out."""
        return self._cut_at is not None and self.done >= self._cut_at

    def touch(self) -> None:
        """Count one thing done to the disk. Raises PlugPulled at the cut and for ever after."""
        if self.is_cut:
            raise PlugPulled
        self.done += 1
        if self.is_cut:
            raise PlugPulled

    def after_cut(self, rng: random.Random) -> dict[str, bytes]:
        """What is found when the power comes back."""
        return {name: file.after_cut(rng) for name, file in self.files.items()}

    def connect(self) -> "DiskConnection":
        """A connection to `journal.db` on this disk, the only one: its index of the log is kept in the process."""
        return DiskConnection(apsw.Connection("journal.db", vfs=self.name))

    def unplug(self) -> None:
        """Let SQLite forget this disk."""
        self._vfs.unregister()


class _Vfs(apsw.VFS):
    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        super().__init__(disk.name, "")

    def xOpen(self, name: Any, flags: list[int]) -> Any:  # noqa: N802 - SQLite's names
        text = name.filename() if isinstance(name, apsw.URIFilename) else name
        flags[1] = flags[0]
        return _Handle(self._disk, self._disk.files.setdefault(text, _File()))

    def xAccess(self, name: str, flags: int) -> bool:  # noqa: N802, ARG002
        return name in self._disk.files

    def xFullPathname(self, name: str) -> str:  # noqa: N802
        return name

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802, ARG002
        self._disk.touch()
        self._disk.files.pop(name, None)


class _Handle:
    """One open file, in the shape that apsw asks for."""

    def __init__(self, disk: Disk, file: _File) -> None:
        self._disk = disk
        self._file = file

    def xRead(self, amount: int, offset: int) -> bytes:  # noqa: N802
        return bytes(self._file.seen[offset : offset + amount])

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        change = _Write(offset, bytes(data))
        if not self._disk.is_cut:
            self._file.write(change)
        self._disk.touch()

    def xTruncate(self, size: int) -> None:  # noqa: N802
        if not self._disk.is_cut:
            self._file.write(_Write(size, None))
        self._disk.touch()

    def xSync(self, flags: int) -> None:  # noqa: N802, ARG002
        self._disk.touch()
        self._file.sync()

    def xFileSize(self) -> int:  # noqa: N802
        return len(self._file.seen)

    def xDeviceCharacteristics(self) -> int:  # noqa: N802
        return apsw.SQLITE_IOCAP_POWERSAFE_OVERWRITE

    def xSectorSize(self) -> int:  # noqa: N802
        return 4096

    def xFileControl(self, op: int, ptr: int) -> bool:  # noqa: N802, ARG002
        return False

    def xCheckReservedLock(self) -> bool:  # noqa: N802
        return False

    def xLock(self, level: int) -> None:  # noqa: N802
        """One connection: nobody to lock out."""

    def xUnlock(self, level: int) -> None:  # noqa: N802
        """As xLock."""

    def xClose(self) -> None:  # noqa: N802
        """Nothing is kept open."""


class _Rows:
    def __init__(self, rows: list[Any], description: Any) -> None:
        self._rows = rows
        self.description = description
        self.lastrowid = None

    def __iter__(self) -> Iterator[Any]:
        return iter(self._rows)

    def fetchall(self) -> list[Any]:
        return self._rows

    def fetchone(self) -> Any:
        return self._rows[0] if self._rows else None


class DiskConnection:
    """An apsw connection in the shape of `sqlite3.Connection`, as far as the journal and sqlite-utils ask."""

    def __init__(self, conn: apsw.Connection) -> None:
        self._conn = conn
        self.execute("pragma locking_mode = exclusive")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self._conn.in_transaction

    def execute(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> _Rows:
        """Run one statement to its end. Raises sqlite3.OperationalError."""
        try:
            description = apsw.ext.query_info(self._conn, sql).description or None
            return _Rows(list(self._conn.execute(sql, values or None)), description)
        except (apsw.Error, PlugPulled, UnicodeDecodeError) as problem:
            raise sqlite3.OperationalError(repr(problem)) from problem

    def executemany(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row. Raises sqlite3.OperationalError."""
        try:
            self._conn.executemany(sql, rows)
        except (apsw.Error, PlugPulled, UnicodeDecodeError) as problem:
            raise sqlite3.OperationalError(repr(problem)) from problem

    def rollback(self) -> None:
        """Leave the open transaction, if there is one."""
        if self._conn.in_transaction:
            self.execute("rollback")

    def close(self) -> None:
        """Close; on a disk without power this writes nothing."""
        try:
            self._conn.close()
        except (apsw.Error, PlugPulled):
            self._conn.close(force=True)
