"""Four thousand cabinets come back at once, each with an hour of facts: nothing lost or doubled, memory bounded, and how long it takes.

Alone knows: how the storm is made and what is looked at after it. Must not know: how a cabinet or the server sends, stores or acknowledges.

The cabinets are connections of their own to a real mosquitto (`tests/backlog.py`): each sends batches of 50 facts, one at first, and again
from the last ack when none comes, as real ones do. `adc central` stores them in PostgreSQL. Measured is the time until the last ack has
arrived, and the server's resident memory meanwhile, above what it was before.
"""

import asyncio
import json
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from bench.figure import Figure
from bench.ingest import SERVER, broker, central_words
from central.database.place import Database
from tests.backlog import Sender, drained
from tests.postgres import INITDB, Postgres

CABINETS, FACTS = 4000, 125
MEMORY_MB = 150.0
FILES = 20_000


def measure() -> list[Figure]:
    """One storm; about two minutes, half of them making the facts."""
    if INITDB is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    resource.setrlimit(resource.RLIMIT_NOFILE, (FILES, max(FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])))
    server = Postgres(is_durable=True, **SERVER)
    try:
        server.start()
        url = server.create()
        Database(url).prepare().close()
        with tempfile.TemporaryDirectory(prefix="adc-reconnect-") as folder:
            return asyncio.run(_storm(url, Path(folder)))
    finally:
        server.remove()


async def _storm(url: str, folder: Path) -> list[Figure]:
    with broker(folder) as port:
        senders = [Sender(f"c{number:04}", FACTS, port) for number in range(CABINETS)]
        words = central_words(url, folder, port)
        process = await asyncio.create_subprocess_exec(*words, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL)
        assert process.stdout is not None
        try:
            assert "pharmacy" in json.loads(await process.stdout.readline())
            before_mb, began_s = _resident_mb(process.pid), time.monotonic()
            watch = asyncio.create_task(_highest(lambda: _resident_mb(process.pid)))
            await drained(senders)
            took_s = time.monotonic() - began_s
            watch.cancel()
            grown_mb = max(await watch) - before_mb
        finally:
            process.kill()
            await process.wait()
    total = CABINETS * FACTS
    with psycopg.connect(url) as conn:
        held, rows = (conn.execute(f"select {what}").fetchone() for what in ("sum(seq) from head", "count(*) from fact"))
    wrong = abs(int((held or [0])[0] or 0) - total) + abs(int((rows or [0])[0]) - total)
    what = f"{CABINETS:,} cabinets at once with {FACTS} facts each"
    return [
        Figure("P6", f"{what}: lost or doubled", str(wrong), "none", float(wrong), "0", wrong == 0),
        Figure("P6", f"{what}: until all is acknowledged", f"{took_s:.1f} s", f"{total / took_s:,.0f} facts/s", None, "shown", ok=True),
        Figure(
            "P6", f"{what}: memory", f"{grown_mb:.0f} MB more", f"{MEMORY_MB:.0f} MB", grown_mb / MEMORY_MB, "<= 1", grown_mb <= MEMORY_MB
        ),
    ]  # fmt: skip


async def _highest(look: Callable[[], float]) -> list[float]:
    """Look ten times a second until cancelled; what was seen."""
    seen = [look()]
    try:
        while True:
            seen.append(look())
            await asyncio.sleep(0.1)
    except asyncio.CancelledError:
        return seen


def _resident_mb(pid: int) -> float:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6
