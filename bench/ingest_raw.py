"""The peer: a subscriber that stores facts, as a good programmer writes it by hand, with nothing in it but what it needs.

Alone knows: raw MQTT, msgspec and hashlib for the chain, COPY and upsert in batches, an ack after the commit.
Must not know: any code of the pharmacy server. `python -m bench.ingest_raw PLACE PORT` runs it as a program of its own.

One asyncio protocol takes PUBLISH packets apart while a thread commits the batch before. It holds every chain's head in memory, so it
must be the only one and must never die; it checks that each fact follows the one before and that its hash is right. It knows no epochs,
gaps, repeats, alerts, statuses, totals, or facts other than movements.
"""

import asyncio
import hashlib
import sqlite3
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import psycopg

TABLES = """
create table if not exists fact (cabinet text, epoch bigint, seq bigint, id text, at text, type text, access text, staff text, witness text,
    body text, prev_hash text, hash text, primary key (cabinet, epoch, seq));
create table if not exists head (cabinet text primary key, epoch bigint, seq bigint, hash text);
create table if not exists pocket (cabinet text, pocket text, units bigint, primary key (cabinet, pocket))"""
FACT_COLUMNS = 12
ROUND = 5000


class Fact(msgspec.Struct):
    """One fact."""

    epoch: int
    seq: int
    id: str
    at: str
    type: str
    access: str | None
    staff: str | None
    witness: str | None
    body: dict[str, Any]
    prev_hash: str
    hash: str


class Message(msgspec.Struct):
    """One payload."""

    facts: list[Fact]


class Chained(msgspec.Struct):
    """What a hash is made over, in the order of RFC 8785."""

    access: str | None
    at: str
    body: msgspec.Raw
    epoch: int
    id: str
    prev_hash: str
    seq: int
    staff: str | None
    type: str
    witness: str | None


class Batch:
    """Rows of one transaction."""

    def __init__(self) -> None:
        self.facts: list[tuple[Any, ...]] = []
        self.pockets: dict[tuple[str, str], int] = {}
        self.heads: dict[str, tuple[int, int, str]] = {}


class Postgres:
    """COPY, and one upsert for each table."""

    def __init__(self, url: str) -> None:
        self._conn = psycopg.connect(url, autocommit=True)
        self._conn.execute(TABLES)
        self._conn.execute("create temporary table moved (cabinet text, pocket text, units bigint)")
        self._conn.execute("create temporary table come (cabinet text, epoch bigint, seq bigint, hash text)")

    def write(self, batch: Batch) -> None:
        """Commit a batch."""
        with self._conn.transaction(), self._conn.cursor() as cursor:
            for statement, rows in (
                ("copy fact from stdin", batch.facts),
                ("copy moved from stdin", [(*key, units) for key, units in batch.pockets.items()]),
                ("copy come from stdin", [(cabinet, *head) for cabinet, head in batch.heads.items()]),
            ):
                with cursor.copy(statement) as copy:
                    for row in rows:
                        copy.write_row(row)
            cursor.execute(
                "insert into pocket select * from moved on conflict (cabinet, pocket) do update set units = pocket.units + excluded.units"
            )
            cursor.execute(
                "insert into head select * from come on conflict (cabinet) do update set seq = excluded.seq, hash = excluded.hash"
            )
            cursor.execute("truncate moved, come")


class Sqlite:
    """Rows by executemany."""

    def __init__(self, place: str) -> None:
        self._conn = sqlite3.connect(place, isolation_level=None, check_same_thread=False)
        self._conn.executescript(f"pragma journal_mode = wal; pragma synchronous = full; {TABLES}")

    def write(self, batch: Batch) -> None:
        """Commit a batch."""
        conn = self._conn
        conn.execute("begin immediate")
        conn.executemany(f"insert into fact values ({', '.join('?' * FACT_COLUMNS)})", batch.facts)  # noqa: S608 - a constant
        conn.executemany(
            "insert into pocket values (?, ?, ?) on conflict (cabinet, pocket) do update set units = pocket.units + excluded.units",
            [(*key, units) for key, units in batch.pockets.items()],
        )
        conn.executemany(
            "insert into head values (?, ?, ?, ?) on conflict (cabinet) do update set seq = excluded.seq, hash = excluded.hash",
            [(cabinet, *head) for cabinet, head in batch.heads.items()],
        )
        conn.execute("commit")


class Subscriber(asyncio.Protocol):
    """The line to the broker."""

    def __init__(self) -> None:
        self.waiting: list[tuple[str, bytes]] = []
        self.has_some = asyncio.Event()
        self.line: Any = None
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connect and subscribe at once (3.1.1, quality of service 0)."""
        self.line = transport
        self.line.write(b"\x10\x0f\x00\x04MQTT\x04\x02\x00\x00\x00\x03raw")
        name = b"adc/v1/+/up/journal"
        self.line.write(b"\x82" + bytes([len(name) + 5]) + b"\x00\x01\x00" + bytes([len(name)]) + name + b"\x00")

    def data_received(self, data: bytes) -> None:
        """Take PUBLISH packets out of the stream."""
        data = self._rest + data
        start = 0
        while start + 2 <= len(data):
            length, place, shift = 0, start + 1, 0
            while place < len(data):
                byte = data[place]
                place += 1
                length |= (byte & 0x7F) << shift
                shift += 7
                if byte < 0x80:
                    break
            end = place + length
            if end > len(data):
                break
            if data[start] >> 4 == 3:
                payload = place + 2 + (data[place] << 8 | data[place + 1])
                self.waiting.append((data[place + 2 : payload].decode(), data[payload:end]))
            start = end
        self._rest = data[start:]
        if self.waiting:
            self.has_some.set()


async def main(place: str, port: int) -> None:
    """Store for ever."""
    loop = asyncio.get_running_loop()
    heads: dict[str, tuple[int, int, str]] = {}
    database = Postgres(place) if place.startswith("postgresql") else Sqlite(place)
    _, line = await loop.create_connection(Subscriber, "127.0.0.1", port)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    with ThreadPoolExecutor(1) as writer:
        while True:
            await line.has_some.wait()
            messages, line.waiting = line.waiting[:ROUND], line.waiting[ROUND:]
            if not line.waiting:
                line.has_some.clear()
            batch = Batch()
            for topic, payload in messages:
                check(topic.split("/")[2], payload, heads, batch)
            await loop.run_in_executor(writer, database.write, batch)
            for cabinet, (epoch, seq, _) in batch.heads.items():
                name, said = f"adc/v1/{cabinet}/down/ack".encode(), b'{"epoch":%d,"seq":%d}' % (epoch, seq)
                line.line.write(b"\x31" + bytes([2 + len(name) + len(said)]) + len(name).to_bytes(2) + name + said)


DECODE = msgspec.json.Decoder(Message).decode
SORTED = msgspec.json.Encoder(order="sorted").encode
PLAIN = msgspec.json.Encoder().encode


def check(cabinet: str, payload: bytes, heads: dict[str, tuple[int, int, str]], batch: Batch) -> None:
    """Check the chain and make rows."""
    epoch, seq, last = heads.get(cabinet, (0, 0, "0" * 64))
    for fact in DECODE(payload).facts:
        body = SORTED(fact.body)
        text = PLAIN(
            Chained(
                fact.access, fact.at, msgspec.Raw(body), fact.epoch, fact.id, fact.prev_hash, fact.seq, fact.staff, fact.type, fact.witness
            )
        )
        if fact.seq != seq + 1 or fact.prev_hash != last or hashlib.sha256(text).hexdigest() != fact.hash:
            raise SystemExit(f"{cabinet}: fact {fact.seq} does not follow")
        epoch, seq, last = fact.epoch, fact.seq, fact.hash
        own = (fact.id, fact.at, fact.type, fact.access, fact.staff, fact.witness)
        batch.facts.append((cabinet, epoch, seq, *own, body.decode(), fact.prev_hash, last))
        if fact.type == "units_moved" and fact.body["pocket"] is not None:
            key = (cabinet, fact.body["pocket"])
            delta = fact.body["units"] * ((fact.body["target"] == "pocket") - (fact.body["source"] == "pocket"))
            batch.pockets[key] = batch.pockets.get(key, 0) + delta
    heads[cabinet] = batch.heads[cabinet] = (epoch, seq, last)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], int(sys.argv[2])))
