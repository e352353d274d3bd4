"""The pharmacy server's tables, and how a connection to them is made.

Alone knows: columns and indexes.
Must not know: what a fact means or who asks.

The SQL is plain, so that it runs on PostgreSQL too. Instants are UTC text in the journal's form, which sorts as it should.
"""

import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

MIGRATIONS = Migrations("pharmacy")


@MIGRATIONS()
def facts(db: Database) -> None:
    """The cabinets' journals as they hold them, and how far each is held without a gap."""
    db.execute("""
        create table fact (
            cabinet text not null, epoch integer not null, seq integer not null, id text not null, at text not null, type text not null,
            access text, staff text, witness text, body text not null, prev_hash text not null, hash text not null,
            primary key (cabinet, epoch, seq)
        ) strict, without rowid""")
    db.execute("""
        create table head (
            cabinet text not null, epoch integer not null, seq integer not null, hash text not null, journal text not null,
            held_at text not null, primary key (cabinet, epoch)
        ) strict, without rowid""")


@MIGRATIONS()
def pockets(db: Database) -> None:
    """Balances and levels folded from facts, one set for each epoch; an empty item says that nothing is assigned."""
    db.execute("""
        create table pocket (
            cabinet text not null, epoch integer not null, pocket text not null, units integer not null,
            item text, drawer text, par integer, min integer, critical_low integer, count_mode text, counted_at text, count_basis text,
            primary key (cabinet, epoch, pocket)
        ) strict, without rowid""")
    db.execute("""
        create table discrepancy (
            cabinet text not null, discrepancy text not null, epoch integer not null, seq integer not null, at text not null,
            pocket text not null, item text not null, expected integer not null, counted integer, basis text not null,
            since_seq integer not null, primary key (cabinet, discrepancy)
        ) strict, without rowid""")
    db.execute("""
        create table resolution (
            cabinet text not null, discrepancy text not null, at text not null, staff text, reason text not null,
            primary key (cabinet, discrepancy)
        ) strict, without rowid""")


@MIGRATIONS()
def reports(db: Database) -> None:
    """What cabinets say of themselves: the newest report of each kind, as JSON where only people read it."""
    db.execute("""
        create table presence (
            cabinet text not null primary key, state text not null, mode text not null, epoch integer not null, boot integer not null,
            session integer not null, since text not null, software text not null, config text not null, contract text not null,
            heard_at text not null
        ) strict, without rowid""")
    db.execute("""
        create table stock (
            cabinet text not null, pocket text not null, epoch integer not null, seq integer not null, report text not null,
            primary key (cabinet, pocket)
        ) strict, without rowid""")
    db.execute("""
        create table restock (
            cabinet text not null primary key, epoch integer not null, seq integer not null, report text not null
        ) strict, without rowid""")
    db.execute("""
        create table alert (
            number integer primary key, cabinet text not null, code text not null, detail text not null, at text not null,
            unique (cabinet, code, detail)
        ) strict""")


def open_writer(path: Path | None) -> sqlite3.Connection:
    """The writing connection, tables up to date; None is a database in memory. One thread at a time may use it."""
    conn = sqlite3.connect(":memory:" if path is None else str(path), timeout=5, isolation_level=None, check_same_thread=False)
    conn.execute("pragma journal_mode = wal")
    conn.execute("pragma synchronous = full")
    MIGRATIONS.apply(Database(conn))
    return conn


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, beside the writer."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5, isolation_level=None, check_same_thread=False)
