"""The journal as a file: what the database refuses, its settings, its one writer, its restarts, and what happens when the disk fails.

Why it matters: the file outlives every process, and whoever opens it, with whatever tool, must find the past as it was.
"""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from cabinet.adapters.journal import ClockUnset, InlineJournal, JournalThread, Origin, SqliteJournal
from cabinet.adapters.journal_lock import JournalHeld
from cabinet.adapters.journal_reader import read_journal
from cabinet.adapters.journal_schema import SETTINGS, connect_reader, connect_writer, prepare
from cabinet.domain.facts import JournalBegun
from cabinet.domain.vocabulary import ZERO_HASH
from cabinet.ports import JournalBroken
from tests.journal_tools import BUILT, ORIGIN, at, ids, moved, open_inline, open_thread, owed


@pytest.mark.parametrize(
    "act",
    [
        "update facts set body = '{}' where seq = 2",
        "delete from facts where seq = 2",
        "delete from facts",
        "insert or replace into facts select * from facts",
    ],
)
async def test_the_database_itself_refuses_to_change_the_past(tmp_path: Path, act: str) -> None:
    """Whatever tool opens the file (S14)."""
    with_facts = open_inline(tmp_path / "journal.db")
    await with_facts.append([moved(), moved()])
    with_facts.close()
    conn = sqlite3.connect(tmp_path / "journal.db")
    try:
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            conn.execute(act)
    finally:
        conn.close()


async def test_the_database_itself_refuses_a_fact_that_does_not_follow(tmp_path: Path) -> None:
    """A gap or a fork cannot come about by a slip of the code."""
    journal = open_inline(tmp_path / "journal.db")
    await journal.append([moved()])
    epoch = journal.epoch
    journal.close()
    conn = sqlite3.connect(tmp_path / "journal.db")
    try:
        for values in (
            (epoch, 4, "1" * 64),
            (epoch, 3, "1" * 64),
            (epoch, 2, "1" * 64),
            (epoch - 1, 1, ZERO_HASH),
            (epoch + 1, 2, "1" * 64),
        ):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                conn.execute("insert into facts values (?, ?, 'i', 'a', 't', null, null, null, '{}', ?, ?)", (*values, "2" * 64))
    finally:
        conn.close()


def test_the_settings_are_those_that_survive_a_power_cut(tmp_path: Path) -> None:
    """The library's defaults differ from build to build, so they are set and read back."""
    conn = connect_writer(tmp_path / "journal.db")
    try:
        prepare(conn, is_in_memory=False)
        assert conn.execute("pragma journal_mode").fetchone() == ("wal",)
        assert SETTINGS["synchronous"] == 2
        assert {name: conn.execute(f"pragma {name}").fetchone()[0] for name in SETTINGS} == SETTINGS
        assert conn.execute("select strict from pragma_table_list where name = 'facts'").fetchone() == (1,)
    finally:
        conn.close()


def test_a_setting_that_is_not_taken_stops_the_start() -> None:
    """Memory has no log to sync: a journal that cannot be durable must not pretend."""
    conn = sqlite3.connect(":memory:", isolation_level=None)
    try:
        with pytest.raises(JournalBroken, match="journal_mode = wal"):
            prepare(conn, is_in_memory=False)
    finally:
        conn.close()


def test_a_journal_of_newer_software_is_left_alone(tmp_path: Path) -> None:
    """Going back a version must not write into tables that it does not understand."""
    path = tmp_path / "journal.db"
    open_inline(path).close()
    conn = sqlite3.connect(path)
    conn.execute("insert into _sqlite_migrations (migration_set, name, applied_at) values ('journal', 'from_the_future', '')")
    conn.commit()
    conn.close()
    with pytest.raises(JournalBroken, match="from_the_future"):
        open_inline(path)


def test_only_one_process_writes_and_the_other_is_told_who(tmp_path: Path) -> None:
    """Two writers would fork the chain."""
    first = open_inline(tmp_path / "journal.db")
    try:
        with pytest.raises(JournalHeld, match=r"controller of ward-3, process \d+"):
            open_thread(tmp_path / "journal.db")
    finally:
        first.close()
    open_thread(tmp_path / "journal.db").close()


async def test_a_reader_sees_what_is_durable_while_the_writer_runs(tmp_path: Path) -> None:
    """`adc journal` and reports work beside the controller, and cannot write."""
    journal = open_thread(tmp_path / "journal.db")
    reader = read_journal(tmp_path / "journal.db")
    try:
        await journal.append([moved()])
        assert reader.head == journal.head
        assert list(reader.history()) == list(journal.entries())
    finally:
        reader.close()
        journal.close()
    conn = connect_reader(tmp_path / "journal.db")
    try:
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            conn.execute("update boot set boots = 9")
    finally:
        conn.close()


async def test_a_journal_goes_on_where_it_ended(tmp_path: Path) -> None:
    """A restart changes neither epoch nor numbers, and counts the boot."""
    first = open_thread(tmp_path / "journal.db")
    assert first.count_boot() == 1
    await first.append([moved()])
    await first.keep_acked(first.epoch, 2)
    first.save_snapshot(2, b"state")
    first.close()
    again = open_inline(tmp_path / "journal.db")
    assert (again.epoch, again.head.seq, again.acked, again.count_boot()) == (first.epoch, 2, (first.epoch, 2), 2)
    assert again.load_snapshot() == (2, b"state")
    await again.append([moved()])
    assert again.verify()[0] == 3
    again.close()
    newer = open_inline(tmp_path / "journal.db", replace(ORIGIN, software="0.2.0"))
    assert newer.load_snapshot() is None
    newer.close()


async def test_a_torn_snapshot_is_no_snapshot(tmp_path: Path) -> None:
    """The cache is written without a sync; half of it must not become the stock of a ward."""
    journal = open_inline(tmp_path / "journal.db")
    journal.save_snapshot(1, b"state of the ward")
    file = tmp_path / "journal.snapshot"
    whole = file.read_bytes()
    for torn in (whole[:-1], whole[:40], b"", b"[]\n", whole.replace(b"ward", b"draw")):
        file.write_bytes(torn)
        assert journal.load_snapshot() is None
    journal.close()


def test_the_epoch_is_above_every_epoch_known() -> None:
    """A clock that stands behind, or another journal known to the pharmacy server, must not lead to the same epoch twice."""
    journal = open_inline(None, replace(ORIGIN, highest_epoch=2**50))
    assert journal.epoch == 2**50 + 1
    journal.close()


def test_a_clock_before_the_build_date_begins_no_journal(tmp_path: Path) -> None:
    """A dead clock battery says 1970, and an epoch of 1970 would be older than what is already known."""
    early = Origin("ward-3", "0.1.0", BUILT + timedelta(days=365))
    with pytest.raises(ClockUnset, match="set the clock"):
        open_inline(tmp_path / "journal.db", early)
    open_inline(tmp_path / "journal.db").close()


async def test_a_journal_put_back_from_a_copy_starts_an_epoch_that_names_the_copy(tmp_path: Path) -> None:
    """Facts after the copy may be lost; the pharmacy server must be able to tell the two lives apart."""
    before = open_inline(tmp_path / "journal.db")
    await before.append([moved()])
    head = before.head
    before.close()
    after = open_inline(tmp_path / "journal.db", new_epoch=True)
    (begun,) = after.entries()
    assert isinstance(begun.fact, JournalBegun)
    assert (begun.fact.after_epoch, begun.fact.after_seq, begun.fact.after_hash) == head
    assert (after.epoch, begun.seq, begun.prev_hash) == (head.epoch + 1, 1, ZERO_HASH)
    assert [entry.epoch for entry in after.history()] == [head.epoch, head.epoch, head.epoch + 1]
    assert after.verify()[0] == 3
    after.close()


def test_the_journal_of_another_cabinet_is_not_written(tmp_path: Path) -> None:
    """A swapped disk or a wrong --state must not mix two cabinets' stock."""
    open_inline(tmp_path / "journal.db").close()
    with pytest.raises(JournalBroken, match="cabinet ward-3, not of ward-4"):
        open_inline(tmp_path / "journal.db", replace(ORIGIN, cabinet="ward-4"))


@pytest.mark.parametrize("kind", [InlineJournal, JournalThread])
async def test_after_one_failed_commit_the_journal_refuses_everything(tmp_path: Path, kind: type[SqliteJournal]) -> None:
    """After an error nobody knows what is on the disk: stop, start again, read (F6, F7)."""
    path = tmp_path / "journal.db"
    write = connect_writer(path)
    prepare(write, is_in_memory=False)
    journal = kind(write, connect_reader(path), ORIGIN, ids())
    journal.start(at())
    write.execute(f"pragma max_page_count = {write.execute('pragma page_count').fetchone()[0] + 2}")
    acked = []
    with pytest.raises(JournalBroken, match="full"):  # noqa: PT012 - the disk is full at some round of many
        for number in range(1000):
            acked += await journal.append([owed(f"{number} " + "x" * 500)] * 3)
    write.execute("pragma max_page_count = 1000000")
    with pytest.raises(JournalBroken):
        await journal.append([moved()])
    with pytest.raises(JournalBroken):
        journal.count_boot()
    journal.close()
    again = open_inline(path)
    assert list(again.entries(after_seq=1)) == acked
    again.close()


async def test_a_tail_that_does_not_verify_stops_the_start(tmp_path: Path) -> None:
    """A journal that was edited while the cabinet was off is not built upon (F8, F41)."""
    path = tmp_path / "journal.db"
    journal = open_inline(path)
    await journal.append([moved() for _ in range(5)])
    journal.close()
    conn = sqlite3.connect(path)
    conn.execute("drop trigger facts_no_update")
    conn.execute("update facts set staff = 'nurse-2' where seq = 4")
    conn.commit()
    conn.close()
    with pytest.raises(JournalBroken, match="/4: the hash"):
        open_inline(path)
