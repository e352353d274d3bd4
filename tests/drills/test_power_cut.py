"""The plug is pulled at any moment: what was acknowledged is there afterwards, and the chain verifies.

Why it matters: `kill -9` proves nothing about power, because what a dead process wrote is still in the kernel's hands. Here whatever
was not synced may be gone (F1), also while the journal recovers from the cut before (F2). Each setting that is known to be bad must be
caught: a disk on which nothing is ever lost would make every test green.

The journal's own code runs, on SQLite, on a disk in memory.
"""

import asyncio
import os
import random
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from cabinet.adapters.journal import InlineJournal
from cabinet.adapters.journal_chain import ChainBroken
from cabinet.adapters.journal_schema import prepare
from cabinet.domain.facts import Entry
from cabinet.ports import JournalBroken
from tests.journal_tools import ORIGIN, at, ids, moved, owed
from tests.power_cut_disk import Disk, DiskConnection

CUTS = int(os.environ.get("ADC_CUTS", "300"))
"""More of them in a drill: ADC_CUTS=100000."""
ROUNDS = 25
FIRST_OPERATIONS = 260
"""A cut falls into these: creation, its migrations, and rounds with several checkpoints."""
RECOVERY_OPERATIONS = 30


NEW_ID = ids()
"""Never the same id twice, over all cuts: a fact that was lost is not mistaken for one that was written after it."""


@dataclass
class Survey:
    """What many cuts did to the journal."""

    cuts: int = 0
    losing: int = 0
    lost: int = 0
    corrupt: int = 0
    acknowledged: int = 0
    seeds: list[int] = field(default_factory=list)


@contextmanager
def journal_on(disk: Disk, synchronous: str) -> Iterator[InlineJournal]:
    """The journal as it is opened in a ward, on this disk; `synchronous` may spoil it."""
    conn = disk.connect()
    try:
        prepare(cast("Any", conn), is_in_memory=False)
        spoil(conn, synchronous)
        journal = InlineJournal(cast("Any", conn), cast("Any", conn), ORIGIN, NEW_ID)
        journal.start(at())
        yield journal
    finally:
        conn.close()


def spoil(conn: DiskConnection, synchronous: str) -> None:
    """Checkpoint often, so that cuts fall into checkpoints too; set another `synchronous` for the control."""
    conn.execute("pragma wal_autocheckpoint = 12")
    if synchronous != "full":
        conn.execute(f"pragma synchronous = {synchronous}")


def work(disk: Disk, rng: random.Random, synchronous: str) -> Iterator[Entry]:
    """Open, write rounds, and yield what was acknowledged, until all is written or the plug is out."""
    try:
        with journal_on(disk, synchronous) as journal:
            for number in range(ROUNDS):
                drafts = [
                    moved(units=number + 1) if rng.random() < 0.7 else owed("x" * rng.randrange(900)) for _ in range(rng.randrange(1, 4))
                ]
                yield from asyncio.run(journal.append(drafts))
    except (JournalBroken, sqlite3.Error):
        if synchronous == "full" and not disk.is_cut:
            raise


def one_cut(seed: int, synchronous: str, survey: Survey) -> None:
    """Work, cut, perhaps cut again in the recovery up to three times, then look at what is there."""
    rng = random.Random(seed)
    disk = Disk(cut_at=rng.randrange(1, FIRST_OPERATIONS))
    acked = list(work(disk, rng, synchronous))
    for _ in range(rng.choice((0, 0, 0, 1, 2, 3))):
        files = disk.after_cut(rng)
        disk.unplug()
        disk = Disk(files, cut_at=rng.randrange(1, RECOVERY_OPERATIONS))
        acked += work(disk, rng, synchronous)
    files = disk.after_cut(rng)
    disk.unplug()
    survey.cuts += 1
    survey.acknowledged += len(acked)
    look(Disk(files), acked, survey, seed)


def look(disk: Disk, acked: list[Entry], survey: Survey, seed: int) -> None:
    """Open what the cut left, compare with what was acknowledged, and write on."""
    try:
        with journal_on(disk, "full") as journal:
            there = {entry.id: entry for entry in journal.entries()}
            lost = [entry for entry in acked if there.get(entry.id) != entry]
            asyncio.run(journal.append([moved()]))
            journal.verify()
    except (JournalBroken, ChainBroken, sqlite3.Error):
        survey.corrupt += 1
        survey.seeds.append(seed)
        return
    finally:
        disk.unplug()
    survey.lost += len(lost)
    if lost:
        survey.losing += 1
        survey.seeds.append(seed)


def survey_of(synchronous: str, cuts: int) -> Survey:
    """Many cuts, each from its own seed."""
    survey = Survey()
    for seed in range(cuts):
        one_cut(seed, synchronous, survey)
    return survey


@pytest.mark.drill
@pytest.mark.timeout(60 + CUTS // 10)
def test_no_power_cut_loses_an_acknowledged_fact() -> None:
    """I7, I9 under F1 and F2: what append returned is there, unchanged, chained, and the journal goes on."""
    survey = survey_of("full", CUTS)
    assert (survey.losing, survey.corrupt, survey.seeds) == (0, 0, [])
    assert survey.acknowledged > 10 * CUTS


@pytest.mark.drill
@pytest.mark.parametrize(("synchronous", "at_least"), [("normal", 15), ("off", 30)])
def test_the_disk_catches_a_setting_that_is_not_durable(synchronous: str, at_least: int) -> None:
    """The positive control: were these never caught, the test above would prove nothing."""
    survey = survey_of(synchronous, 60)
    assert survey.losing + survey.corrupt >= at_least
