"""P4: durable withdrawals a second, beside raw sqlite3, and how late the event loop is while the disk is slow.

A withdrawal is two transactions, because its intent must be durable before the lock is pulsed: [intent], then [outcome, units moved].
The same coroutine asks for them of the journal (`JournalThread`), and of the peer: sqlite3 by hand in one writer thread, the same columns
in a table without triggers, the hash by `json.dumps` and SHA-256, no checks. The peer without the thread is shown beside it: it stops the
event loop for every sync. Runs take turns, and each figure is the median of several, since machines are shared; of lateness, which other
processes only add to, it is the least of several runs' worst, beside that of a loop with nothing to do.

A slow disk is a connection whose commit takes 5 ms more, with the interpreter released, as fdatasync releases it.
"""

import asyncio
import hashlib
import json
import selectors
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

from bench.figure import Figure
from cabinet.adapters.journal import InlineJournal, JournalThread, Origin, SqliteJournal
from cabinet.adapters.journal_schema import COLUMNS, connect_reader, prepare
from cabinet.domain.facts import Account, Draft, Outcome, ReleaseIntended, ReleaseSettled, UnitsMoved
from cabinet.domain.vocabulary import AccessId, Instant, IntentId, ItemId, PocketId, StaffId, Units

WITHDRAWALS = 400
WAITING = 64
RUNS = 7
SYNC_S = 0.005
AT = Instant(datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC), 0.0)
ORIGIN = Origin("bench", "0", AT.utc)

Write = Callable[[list[Draft]], Awaitable[object]]


def measure() -> list[Figure]:
    """Run all of P4, about 20 s."""
    ours, peer, bare, ours_waiting = [], [], [], []
    with tempfile.TemporaryDirectory(dir=".") as folder:
        for run in range(RUNS):
            home = Path(folder) / str(run)
            home.mkdir()
            peer.append(asyncio.run(_peer(home / "peer.db", on_thread=True)))
            ours.append(asyncio.run(_ours(home / "ours.db", 1)))
            bare.append(asyncio.run(_peer(home / "bare.db", on_thread=False)))
            ours_waiting.append(asyncio.run(_ours(home / "waiting.db", WAITING)))
        late = {
            name: min(_lateness_ms(kind, Path(folder) / f"{name}-{run}.db", rounds) for run in range(5))
            for name, kind, rounds in (("thread", JournalThread, 100), ("loop", InlineJournal, 100), ("idle", InlineJournal, 0))
        }
    ratio = median(a.rate / b.rate for a, b in zip(ours, peer, strict=True))
    bare_ratio = median(a.rate / b.rate for a, b in zip(ours, bare, strict=True))
    waiting_ratio = median(a.rate / b.rate for a, b in zip(ours_waiting, peer, strict=True))
    p99, peer_p99 = median(a.p99_ms for a in ours), median(b.p99_ms for b in peer)
    return [
        Figure(
            "P4",
            "durable withdrawals/s, one by one",
            _rates(ours),
            f"raw, one writer thread {_rates(peer)}",
            ratio,
            ">= 0.85",
            ratio >= 0.85,
        ),
        Figure(
            "P4",
            f"the same with {WAITING} waiting",
            _rates(ours_waiting),
            f"raw one by one {_rates(peer)}",
            waiting_ratio,
            ">= 8",
            waiting_ratio >= 8,
        ),
        Figure(
            "P4", "p99 of one withdrawal", f"{p99:.2f} ms", f"raw, one writer thread {peer_p99:.2f} ms", p99 / peer_p99, "shown", ok=True
        ),
        Figure(
            "P4", "one by one, beside raw on the event loop", _rates(ours), f"raw on the loop {_rates(bare)}", bare_ratio, "shown", ok=True
        ),
        Figure(
            "P4",
            "event loop late at most, every sync 5 ms",
            f"{late['thread']:.2f} ms",
            f"idle loop {late['idle']:.2f} ms, commits on the loop {late['loop']:.2f} ms",
            None,
            "<= 2 ms above idle",
            late["thread"] - late["idle"] <= 2,
        ),
    ]


class _Run:
    """How long each withdrawal (or round of them) took."""

    def __init__(self, durations_s: list[float], withdrawals: int) -> None:
        self.rate = withdrawals / sum(durations_s)
        self.p99_ms = quantiles(durations_s, n=100)[98] * 1000


def _rates(runs: list[_Run]) -> str:
    return f"{median(run.rate for run in runs):,.0f}/s"


async def _withdraw(write: Write, at_once: int) -> _Run:
    """Withdrawals, `at_once` of them in each round of events; two transactions a round."""
    durations_s, rounds = [], max(WITHDRAWALS // at_once, 20)
    for number in range(rounds):
        accesses = [AccessId(f"access-{number}-{index}") for index in range(at_once)]
        begin = time.perf_counter()
        await write([_draft(access, ReleaseIntended(IntentId(access), "lock-a:0", 300)) for access in accesses])
        await write([draft for access in accesses for draft in _after(access)])
        durations_s.append(time.perf_counter() - begin)
    return _Run(durations_s, rounds * at_once)


def _draft(access: AccessId, fact: Any) -> Draft:
    return Draft(AT, fact, access, StaffId("nurse-7"))


def _after(access: AccessId) -> list[Draft]:
    moved = UnitsMoved(PocketId("m1-01"), ItemId("paracetamol-500mg"), Units(2), Account.POCKET, Account.PATIENT, "L1", "2027-01-31")
    return [_draft(access, ReleaseSettled(IntentId(access), "lock-a:0", Outcome.OPENED, "edge seen")), _draft(access, moved)]


def _open(kind: type[SqliteJournal], path: Path) -> SqliteJournal:
    return kind.open(path, ORIGIN, now=lambda: AT, new_id=lambda: str(uuid4()))


async def _ours(path: Path, at_once: int) -> _Run:
    with closing(_open(JournalThread, path)) as journal:
        return await _withdraw(journal.append, at_once)


async def _peer(path: Path, *, on_thread: bool) -> _Run:
    """The same rows by hand."""
    with closing(sqlite3.connect(path, isolation_level=None, check_same_thread=False)) as conn, ThreadPoolExecutor(1) as thread:
        conn.execute("pragma journal_mode = wal")
        conn.execute("pragma synchronous = full")
        conn.execute(f"create table facts ({COLUMNS}, primary key (epoch, seq)) without rowid")
        seqs, last = count(1), "0" * 64
        insert = f"insert into facts ({COLUMNS}) values ({', '.join('?' * 11)})"  # noqa: S608 - constants

        def commit(drafts: list[Draft]) -> None:
            nonlocal last
            rows = []
            for draft in drafts:
                row = row_by_hand(draft, next(seqs), last)
                last = row[-1]
                rows.append(row)
            conn.execute("begin immediate")
            conn.executemany(insert, rows)
            conn.execute("commit")

        async def write(drafts: list[Draft]) -> None:
            if on_thread:
                await asyncio.get_running_loop().run_in_executor(thread, commit, drafts)
            else:
                commit(drafts)

        return await _withdraw(write, 1)


def row_by_hand(draft: Draft, seq: int, last: str) -> list[Any]:
    """One row of the journal's columns, its hash among them, without any check."""
    fact: dict[str, Any] = {
        "epoch": 1,
        "seq": seq,
        "id": str(uuid4()),
        "at": draft.at.utc.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "type": draft.fact.type,
        "access": draft.access,
        "staff": draft.staff,
        "witness": draft.witness,
        "body": vars(draft.fact),
        "prev_hash": last,
    }
    text = json.dumps(fact, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    fact["body"] = json.dumps(fact["body"], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return [*fact.values(), hashlib.sha256(text.encode()).hexdigest()]


class _SlowDisk(sqlite3.Connection):
    """A connection whose every commit waits for a disk that needs 5 ms to sync."""

    def execute(self, sql: str, /, *values: Any) -> sqlite3.Cursor:
        done = super().execute(sql, *values)
        if sql == "commit":
            time.sleep(SYNC_S)  # it is the disk
        return done


def _lateness_ms(kind: type[SqliteJournal], path: Path, rounds: int) -> float:
    """The most that a timer came late in the time that `rounds` rounds of 8 outcomes take."""
    write = sqlite3.connect(path, isolation_level=None, check_same_thread=False, factory=_SlowDisk)
    prepare(write, is_in_memory=False)
    with closing(kind(write, connect_reader(path), ORIGIN, lambda: str(uuid4()))) as journal:
        journal.start(AT)
        # epoll rounds timers up to whole milliseconds, select does not.
        with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
            return runner.run(_watch(journal, rounds))


async def _watch(journal: SqliteJournal, rounds: int) -> float:
    loop = asyncio.get_running_loop()
    writing = asyncio.ensure_future(_write_rounds(journal, rounds))
    worst_s = 0.0
    while not writing.done():
        due = loop.time() + 0.001
        woken = loop.create_future()
        loop.call_at(due, woken.set_result, None)
        await woken
        worst_s = max(worst_s, loop.time() - due)
    await writing
    return worst_s * 1000


async def _write_rounds(journal: SqliteJournal, rounds: int) -> None:
    for number in range(rounds):
        await journal.append([draft for index in range(8) for draft in _after(AccessId(f"access-{number}-{index}"))])
        await asyncio.sleep(0)
    if not rounds:
        await asyncio.sleep(100 * SYNC_S)
