"""The writing process is killed at any moment, again and again: the journal goes on, and nothing acknowledged is missing.

Why it matters: this is not a power cut (what a dead process wrote is still in the kernel's hands); it finds what goes wrong between
processes: a lock that stays, a log that is left behind, a fact announced before it was written.
"""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from cabinet.adapters.journal_reader import read_journal

KILLS = 6
WRITER = """
import asyncio, sys, uuid
from pathlib import Path
from cabinet.adapters.journal import JournalThread
from tests.journal_tools import ORIGIN, at, moved

async def write():
    journal = JournalThread.open(Path(sys.argv[1]), ORIGIN, now=at, new_id=lambda: str(uuid.uuid4()))
    print("boot", journal.count_boot(), flush=True)
    while True:
        for entry in await journal.append([moved(), moved()]):
            print(entry.seq, entry.hash, flush=True)

asyncio.run(write())
"""


@pytest.mark.drill
def test_a_killed_writer_loses_nothing_and_leaves_no_lock(tmp_path: Path) -> None:
    """I7, I9 under F4, and the boot counter counts every start."""
    path = tmp_path / "journal.db"
    rng = random.Random(9)
    acked: dict[int, str] = {}
    for kill in range(1, KILLS + 1):
        root = Path(__file__).parents[2]
        with subprocess.Popen([sys.executable, "-c", WRITER, str(path)], stdout=subprocess.PIPE, text=True, cwd=root) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == f"boot {kill}\n"
            for _ in range(rng.randrange(1, 200)):
                seq, fact_hash = writer.stdout.readline().split()
                acked[int(seq)] = fact_hash
            writer.kill()
            for line in writer.stdout.read().splitlines(keepends=True):
                if line.endswith("\n"):
                    seq, fact_hash = line.split()
                    acked[int(seq)] = fact_hash
        reader = read_journal(path)
        count, head = reader.verify()
        assert {seq: reader.hash_at(head.epoch, seq) for seq in acked} == acked
        assert count == head.seq
        reader.close()
