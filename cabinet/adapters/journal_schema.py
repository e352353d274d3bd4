"""The journal's tables, and the only way a connection to them is made.

Alone knows: the columns, the triggers that refuse to change the past, the settings that make a commit survive a power cut.
Must not know: what a fact means, how it is hashed, who writes or reads.

Durability: with `journal_mode=WAL`, only `synchronous=FULL` syncs the log at every commit (https://sqlite.org/wal.html#performance_considerations).
"""

import sqlite3
from pathlib import Path
from typing import Final

from cabinet.adapters.absent import absent
from cabinet.ports import JournalBroken

with absent("numpy", "pandas"):  # it takes them along wherever they are installed: 24 MB that no journal needs
    from sqlite_utils import Database, Migrations

COLUMNS: Final = "epoch, seq, id, at, type, access, staff, witness, body, prev_hash, hash"
INSERT: Final = f"insert into facts ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - a constant

SETTINGS: Final = {
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "trusted_schema": 0,
    "cell_size_check": 1,
    "recursive_triggers": 1,  # without it, INSERT OR REPLACE deletes a row and no trigger hears of it
}

MIGRATIONS: Final = Migrations("journal")

_FACTS = """
create table facts (
    epoch integer not null check (epoch > 0),
    seq integer not null check (seq > 0),
    id text not null,
    at text not null,
    type text not null,
    access text,
    staff text,
    witness text,
    body text not null,
    prev_hash text not null check (length(prev_hash) = 64),
    hash text not null check (length(hash) = 64),
    primary key (epoch, seq)
) strict, without rowid
"""

_FOLLOW = """
create trigger facts_follow before insert on facts
when exists (select 1 from facts where (epoch, seq) >= (new.epoch, new.seq))
  or new.prev_hash is not iif(new.seq = 1, printf('%064d', 0), (select hash from facts where epoch = new.epoch and seq = new.seq - 1))
begin select raise(abort, 'the journal is append-only: a fact follows the last one'); end
"""


@MIGRATIONS()
def facts_for_ever(db: Database) -> None:
    """The facts themselves: added at the end, never updated, never deleted."""
    db.execute(_FACTS)
    for act in ("update", "delete"):
        db.execute(
            f"create trigger facts_no_{act} before {act} on facts "
            f"begin select raise(abort, 'the journal is append-only: {act} refused'); end"
        )
    db.execute(_FOLLOW)


@MIGRATIONS()
def counters(db: Database) -> None:
    """How often the controller started, and up to which fact the pharmacy server holds everything."""
    db.execute("create table boot (only_row integer primary key check (only_row = 1), boots integer not null) strict")
    db.execute("insert into boot values (1, 0)")
    db.execute(
        "create table outbox (only_row integer primary key check (only_row = 1), "
        "acked_epoch integer not null, acked_seq integer not null) strict"
    )
    db.execute("insert into outbox values (1, 0, 0)")


def connect_writer(path: Path | None) -> sqlite3.Connection:
    """The one writing connection; None is a database in memory. Used by one thread at a time, not always the one that opened it."""
    name = ":memory:" if path is None else str(path)
    return sqlite3.connect(name, timeout=5, isolation_level=None, check_same_thread=False)


def connect_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, beside the writer or without one. Raises JournalBroken when there is no journal to read."""
    try:
        conn = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5, isolation_level=None)
        conn.execute("pragma trusted_schema = off")
        conn.execute("pragma cell_size_check = on")
        conn.execute(f"select {COLUMNS} from facts limit 1")  # noqa: S608 - a constant of this file
    except sqlite3.Error as problem:
        raise JournalBroken(f"{path}: no journal that can be read ({problem})") from problem
    return conn


def prepare(conn: sqlite3.Connection, *, is_in_memory: bool) -> None:
    """Set what durability needs, read it back, and bring the tables up to date.

    Raises JournalBroken when a setting is not taken or the journal was written by newer software; sqlite3.Error.
    """
    mode = "memory" if is_in_memory else "wal"
    _expect("journal_mode", mode, conn.execute(f"pragma journal_mode = {mode}").fetchone()[0])
    for name, value in SETTINGS.items():
        conn.execute(f"pragma {name} = {value}")
    for name, value in SETTINGS.items():
        _expect(name, value, conn.execute(f"pragma {name}").fetchone()[0])
    migrate(conn)


def migrate(conn: sqlite3.Connection) -> None:
    """Apply what is missing, each step in a transaction of its own. Raises JournalBroken for steps that are not known here."""
    db = Database(conn)
    known = {step.name for step in MIGRATIONS.pending(Database(memory=True))}
    newer = {step.name for step in MIGRATIONS.applied(db)} - known
    if newer:
        raise JournalBroken(f"the journal was written by newer software: it has {', '.join(sorted(newer))}")
    MIGRATIONS.apply(db)


def _expect(name: str, wanted: str | int, found: str | int) -> None:
    if found != wanted:
        raise JournalBroken(f"the journal needs {name} = {wanted}, the database answers {found}")
