"""P5: facts a second from the broker into PostgreSQL and SQLite, against a raw loop that does the same by hand.

One flood of ready-made messages (4,000 cabinets with 300 pockets each, whose 1.2 million rows of state are in the tables beforehand) goes
through a real mosquitto to `adc central`: chain checked, state kept, acknowledged after the commit. The peer is `bench/ingest_raw.py`,
written for nothing else: an asyncio protocol that takes PUBLISH packets apart, msgspec and hashlib for the chain, COPY and one upsert for
each batch (executemany on SQLite), heads in memory, alone on its database. Both are processes of their own, take turns, have had
their first look at what they hold, and publish their acks; measured is the time from the first message to the commit of the last. With 1
and with 50 facts a message.

`python -m bench.ingest --workers 2` measures two workers against one, on PostgreSQL.
"""

import contextlib
import json
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import psycopg

from bench.figure import Figure
from bench.flood import EPOCH, POCKETS, Chain, packets
from bench.rig import MOSQUITTO_PLACES, cpu_s
from central.database.place import Database, url_of_file
from tests.broker import free_port
from tests.postgres import INITDB, Postgres

CABINETS = 4000
RUNS = 3
MESSAGES = {1: 40_000, 50: 2_000}
GOAL = 0.8
PATIENCE_S = 300.0
CALM_S = 0.1
"""A server that works less than this in a second has had its first look at everything."""
SERVER = {"shared_buffers": "512MB", "max_wal_size": "4GB", "checkpoint_timeout": "15min", "wal_compression": "lz4"}
"""What a server for a hospital group is given (docs/scaling.md); both sides run on it."""
_OURS = """
    insert into pocket (cabinet, epoch, pocket, units, item, drawer, par, min, critical_low, count_mode)
    with recursive c(n) as (select 0 union all select n + 1 from c where n + 1 < {cabinets}),
        p(n) as (select 0 union all select n + 1 from p where n + 1 < {pockets})
    select {cabinet}, {epoch}, {pocket}, 1000000, 'item-' || p.n, 'd1', 2000000, 10, 5, 'units' from c, p"""
_RAW = """
    insert into pocket
    with recursive c(n) as (select 0 union all select n + 1 from c where n + 1 < {cabinets}),
        p(n) as (select 0 union all select n + 1 from p where n + 1 < {pockets})
    select {cabinet}, {pocket}, 1000000 from c, p"""


@dataclass(frozen=True)
class Place:
    """A database with its state filled in: the URL for us, the address for the peer, and how both are emptied of facts."""

    name: str
    url: str
    raw: str
    ask: Callable[[str, str], int]
    empty: Callable[[], None]


def measure() -> list[Figure]:
    """Both databases, with 1 and with 50 facts a message; about five minutes."""
    figures = []
    with tempfile.TemporaryDirectory(prefix="adc-ingest-") as text:
        folder = Path(text)
        for make in (_postgres, _sqlite):
            with make(folder) as place:
                for facts_each, messages in MESSAGES.items():
                    figures.append(_compare(folder, place, facts_each, messages))
    return figures


def _compare(folder: Path, place: Place, facts_each: int, messages: int) -> Figure:
    flood = _flood(folder, facts_each, messages)
    total = messages * facts_each
    ours, theirs = [], []
    for _ in range(RUNS):
        theirs.append(total / _run(folder, place, flood, total, _raw))
        ours.append(total / _run(folder, place, flood, total, _central))
    ratio = statistics.median(mine / peer for mine, peer in zip(ours, theirs, strict=True))
    return Figure(
        "P5",
        f"facts into {place.name}, {facts_each} a message, state of {CABINETS * POCKETS / 1e6:.1f} million pockets kept",
        f"{statistics.median(ours):,.0f}/s",
        f"raw asyncio loop {statistics.median(theirs):,.0f}/s",
        ratio,
        f">= {GOAL} x the loop",
        ratio >= GOAL,
    )


def _flood(folder: Path, facts_each: int, messages: int) -> Path:
    file = folder / f"flood-{facts_each}-{messages}"
    if not file.exists():
        chains = [Chain(f"c{number:04}") for number in range(CABINETS)]
        with file.open("wb") as out:
            out.writelines(packets(chains, messages, facts_each))
    return file


def _run(folder: Path, place: Place, flood: Path, total: int, start: Callable[[Place, Path, int], list[str]]) -> float:
    """Seconds from the first message until the last fact is held."""
    place.empty()
    with broker(folder) as port, program(start(place, folder, port), is_calm=True):
        began_s = time.monotonic()
        with program([sys.executable, "-m", "bench.flood", str(port), str(flood)]):
            database = place.raw if start is _raw else place.url
            while place.ask(database, "select coalesce(sum(seq), 0) from head") < total:
                if time.monotonic() - began_s > PATIENCE_S:
                    raise SystemExit(f"{total} facts were not stored within {PATIENCE_S:.0f} s: some were lost on the way")
                time.sleep(0.02)
            return time.monotonic() - began_s


def _raw(place: Place, _folder: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "bench.ingest_raw", place.raw, str(port)]


def _central(place: Place, folder: Path, port: int, workers: int = 1) -> list[str]:
    return central_words(place.url, folder, port, workers)


def central_words(url: str, folder: Path, port: int, workers: int = 1) -> list[str]:
    """The command line of a pharmacy server on that database and broker."""
    file = folder / "central.toml"
    store = f'url = "{url}"' if url.startswith("postgresql") else 'path = "ours.db"'
    file.write_text(f'state = "{folder}"\n[mqtt]\nport = {port}\n[http]\nport = 0\n[store]\n{store}\n[ingest]\nworkers = {workers}\n')
    return [sys.executable, "-m", "cabinet.cli", "central", "--config", str(file), "--json"]


@contextlib.contextmanager
def program(words: list[str], *, is_calm: bool = False) -> Iterator[str]:
    """A program that has said its first line, which this gives; and has done what it does at its start, where `is_calm`."""
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        said = process.stdout.readline().decode()
        if is_calm:
            _wait_for_calm(process.pid)
        try:
            yield said
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()


def _wait_for_calm(pid: int) -> None:
    until_s, spent_s = time.monotonic() + PATIENCE_S, -1.0
    while spent_s + CALM_S < (spent_s := cpu_s(pid)) and time.monotonic() < until_s:
        time.sleep(1)


@contextlib.contextmanager
def broker(folder: Path) -> Iterator[int]:
    """A mosquitto that queues whatever a subscriber has not taken yet."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path=MOSQUITTO_PLACES)
    if program is None:
        raise SystemExit("mosquitto is not installed: apt-get install mosquitto")
    port, settings = free_port(), folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nmax_inflight_messages 0\n"
    )
    settings.chmod(0o644)
    folder.chmod(0o755)
    with subprocess.Popen([program, "-c", str(settings)], stderr=subprocess.DEVNULL) as process:
        time.sleep(0.5)
        try:
            yield port
        finally:
            process.terminate()


@contextlib.contextmanager
def _postgres(_folder: Path) -> Iterator[Place]:
    if INITDB is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    server = Postgres(is_durable=True, **SERVER)
    try:
        server.start()
        url, raw = server.create(), server.create()
        Database(url).prepare().close()
        made: dict[str, object] = {"cabinets": CABINETS, "pockets": POCKETS, "epoch": EPOCH}
        made |= {"cabinet": "'c' || lpad(c.n::text, 4, '0')", "pocket": "'m' || lpad(p.n::text, 3, '0')"}
        with psycopg.connect(url, autocommit=True) as conn, psycopg.connect(raw, autocommit=True) as other:
            other.execute("create table pocket (cabinet text, pocket text, units bigint, primary key (cabinet, pocket))")
            conn.execute(_OURS.format(**made))
            other.execute(_RAW.format(**made))
            conn.execute("vacuum analyze pocket")
            other.execute("vacuum analyze pocket")

        def empty() -> None:
            with psycopg.connect(url, autocommit=True) as conn, psycopg.connect(raw, autocommit=True) as other:
                conn.execute("truncate fact, head, early")
                other.execute("drop table if exists fact, head")

        def ask(where: str, question: str) -> int:
            with psycopg.connect(where) as conn:
                row = conn.execute(question).fetchone() if conn.execute("select to_regclass('head')").fetchone() != (None,) else None
                return int(row[0]) if row else 0

        yield Place("PostgreSQL", url, raw, ask, empty)
    finally:
        server.remove()


@contextlib.contextmanager
def _sqlite(folder: Path) -> Iterator[Place]:
    ours, raw = folder / "ours.db", folder / "raw.db"
    Database(url_of_file(ours)).prepare().close()
    made: dict[str, object] = {"cabinets": CABINETS, "pockets": POCKETS, "epoch": EPOCH}
    made |= {"cabinet": "printf('c%04d', c.n)", "pocket": "printf('m%03d', p.n)"}
    with contextlib.closing(sqlite3.connect(ours)) as conn, conn:
        conn.execute(_OURS.format(**made))
    with contextlib.closing(sqlite3.connect(raw)) as conn, conn:
        conn.execute("create table pocket (cabinet text, pocket text, units bigint, primary key (cabinet, pocket))")
        conn.execute(_RAW.format(**made))

    def empty() -> None:
        with contextlib.closing(sqlite3.connect(ours)) as conn, conn:
            conn.executescript("delete from fact; delete from head; delete from early")
        with contextlib.closing(sqlite3.connect(raw)) as conn, conn:
            conn.executescript("drop table if exists fact; drop table if exists head")

    def ask(where: str, question: str) -> int:
        with contextlib.closing(sqlite3.connect(where.removeprefix("sqlite:///"), timeout=30)) as conn:
            try:
                return int(conn.execute(question).fetchone()[0])
            except sqlite3.OperationalError:
                return 0  # the peer has not made its tables yet

    yield Place("SQLite", url_of_file(ours), str(raw), ask, empty)


@click.command()
@click.option("--workers", type=click.IntRange(2, 16), default=2, help="Measure so many workers against one.")
def main(workers: int) -> None:
    """Several workers against one, on PostgreSQL; prints one JSON object."""
    found = {}
    with tempfile.TemporaryDirectory(prefix="adc-ingest-") as text, _postgres(Path(text)) as place:
        for facts_each, messages in MESSAGES.items():
            flood, total = _flood(Path(text), facts_each, messages), messages * facts_each
            for count in (1, workers):
                rates = [
                    total / _run(Path(text), place, flood, total, lambda one, folder, port, count=count: _central(one, folder, port, count))  # type: ignore[misc]
                    for _ in range(RUNS)
                ]
                found[f"{count} workers, {facts_each} a message"] = round(statistics.median(rates))
    click.echo(json.dumps(found))


if __name__ == "__main__":
    main()
