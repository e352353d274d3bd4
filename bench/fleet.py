"""P6: every page and every API call of the pharmacy at 4,000 cabinets with 300 pockets each and 10 million facts, p99.

Alone knows: which bare query answers what a call answers. Must not know: how the server asks.

PostgreSQL fills the tables by itself (`bench/fleet.sql`; some minutes, most of them the facts), as the last 30 days of 4,000 cabinets
would leave them, followed as far as they go, with a formulary of 1,500 items and a staff list of 2,000 that every cabinet holds, and most
needs on pick lists. Days that are over are added up. `adc central` runs as a process of its own; once it has seen what is wrong everywhere
and drawn the reports of a first start, one client asks over one connection, each path for cabinets chosen at random. That client is
http.client: others take longer for their own part than the server does.
The peer of an API call is its bare query by psycopg, prepared, in the same run, its rows fetched and nothing done with them.
"""

import http.client
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any, LiteralString, NamedTuple
from urllib.parse import urlsplit

import psycopg

from bench.figure import Figure
from bench.flood import EPOCH, POCKETS
from bench.ingest import CABINETS, SERVER, broker, central_words, program
from cabinet.domain.vocabulary import utc_text
from cabinet.messages import Record
from central.database.place import Database
from central.document.process import REPORTS
from central.document.shelf import EVERYBODY, Change, Shelf
from central.figure.room import FigureRoom
from central.insight import WEEKLY
from config.document import StaffRecord, write_record
from config.schema import Item
from tests.postgres import INITDB, Postgres

FACTS = 10_000_000
ITEMS, STAFF = 1_500, 2_000
PATIENCE_S = 240.0
ASKED = 200
PAGE_MS, TIMES = 50.0, 3.0
PARTS = ("/cabinets/{cabinet}", "/parts/cabinet/{cabinet}", "/parts/totals", "/parts/restock", "/parts/matters")


class Call(NamedTuple):
    """An API call and its bare query; `{cabinet}` is one at random in the first, `%(cabinet)s` in the second."""

    path: str
    query: LiteralString


CALLS = (
    Call("/api/v1/cabinets?limit=100", "select k.*, h.seq, h.held_at from cabinet k join head h on h.cabinet = k.cabinet"
         " and h.epoch = k.newest order by k.cabinet limit 100"),
    Call("/api/v1/cabinets/{cabinet}", "select k.*, h.seq, h.held_at from cabinet k join head h on h.cabinet = k.cabinet"
         " and h.epoch = k.newest where k.cabinet = %(cabinet)s"),
    Call("/api/v1/stock?cabinet={cabinet}", "select p.* from pocket p join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch"
         " where p.cabinet = %(cabinet)s order by p.pocket"),
    Call("/api/v1/stock?cabinet={cabinet}&status=low", "select p.* from pocket p join cabinet k on k.cabinet = p.cabinet"
         " and k.newest = p.epoch where p.cabinet = %(cabinet)s and p.status = 'low' and p.status <> 'ok' order by p.pocket"),
    Call("/api/v1/stock?item=item-7", "select p.* from pocket p join cabinet k on k.cabinet = p.cabinet and k.newest = p.epoch"
         " where p.item = 'item-7' order by p.cabinet, p.pocket limit 1000"),
    Call("/api/v1/totals", 'select sum(t."out"), sum(t.critical), sum(t.low), sum(t."ok"), (select count(*) from cabinet),'
         " (select count(*) from pocket where status = 'out' and coalesce(par, 0) = 0)"
         " from total t join cabinet k on k.cabinet = t.cabinet and k.newest = t.epoch"),
    Call("/api/v1/restock?limit=100", "select * from need order by rank, cabinet, pocket limit 100"),
    Call("/api/v1/restock?cabinet={cabinet}", "select * from need where cabinet = %(cabinet)s order by rank, cabinet, pocket"),
    Call("/api/v1/facts?cabinet={cabinet}&since=2000&limit=100", "select * from fact where cabinet = %(cabinet)s and epoch = %(epoch)s"
         " and seq > 2000 order by seq limit 100"),
    Call("/api/v1/discrepancies?is_open=true&limit=100", "select * from discrepancy where resolved_at is null"
         " order by at desc, discrepancy desc limit 100"),
    Call("/api/v1/alerts?limit=100", "select * from alert order by number desc limit 100"),
)  # fmt: skip


class Client:
    """Asks one server over one connection."""

    def __init__(self, address: str) -> None:
        self._line = http.client.HTTPConnection(urlsplit(address).netloc, timeout=60)

    def get(self, path: str) -> str:
        """The body of what is there. Raises SystemExit where that is no answer."""
        self._line.request("GET", path)
        reply = self._line.getresponse()
        body = reply.read()
        if reply.status != HTTPStatus.OK:
            raise SystemExit(f"{path} was answered by {reply.status}")
        return body.decode()


def measure() -> list[Figure]:
    """The slowest page, and each API call beside its bare query."""
    if INITDB is None:
        raise SystemExit("PostgreSQL is not installed: apt-get install postgresql")
    server = Postgres(is_durable=False, **SERVER)
    try:
        server.start()
        url = server.create()
        _fill(url)
        with tempfile.TemporaryDirectory(prefix="adc-fleet-") as text, psycopg.connect(url, autocommit=True) as conn:
            folder = Path(text)
            with (
                broker(folder) as port,
                program(central_words(url, folder, port)) as said,
            ):
                client = Client(json.loads(said)["pharmacy"])
                _wait("the first look", lambda: conn.execute("select count(*) from watched").fetchone() != (0,))
                _wait("the first reports", lambda: len(list((folder / REPORTS).glob("figures-*.pdf"))) >= WEEKLY.back)
                conn.execute("vacuum analyze watched")  # as the server does by itself within a minute
                return [_pages(client), *(_call(client, conn, call) for call in CALLS)]
    finally:
        server.remove()


def _fill(url: str) -> None:
    """Issue what cabinets hold, run `bench/fleet.sql`, and add up its days."""
    now = datetime.now(UTC)
    database = Database(url).prepare()
    shelf = Shelf(database.engine)
    for document, records in (("formulary", _formulary()), ("staff", _staff())):
        shelf.issue(document, EVERYBODY, Change(records), approved_by="bench", why="", at=utc_text(now))
    known: dict[str, object] = {"epoch": EPOCH, "cabinets": CABINETS, "pockets": POCKETS, "items": ITEMS, "each": FACTS // CABINETS}
    known |= {"now": utc_text(now), "start": (now - timedelta(days=30)).strftime("%Y-%m-%d %H:%M")}
    text = Path(__file__).with_suffix(".sql").read_text()
    for name, value in known.items():
        text = text.replace(f"{{{name}}}", str(value))
    with psycopg.connect(url, autocommit=True) as conn:
        for statement in text.split("\n\n"):
            conn.execute(statement.encode())
    for _ in FigureRoom(database, lambda: now).keeping.steps():
        pass
    database.close()


def _formulary() -> dict[str, Record]:
    items = (
        Item.model_validate({
            "id": f"item-{number}", "generic": f"item {number}", "tall_man": f"Item {number}", "strength": "10 mg", "form": "tablet",
            "ndc": f"{10_000 + number}-{number:04}-01", "count_unit": "tablet",
        })
        for number in range(ITEMS)
    )  # fmt: skip
    return {item.id: write_record("formulary", item) for item in items}


def _staff() -> dict[str, Record]:
    people = (StaffRecord(id=f"nurse-{number}", name=f"Nurse {number}", role="nurse") for number in range(STAFF))
    return {person.id: write_record("staff", person) for person in people}


def _wait(what: str, is_done: Callable[[], bool]) -> None:
    """Until the server has done what it does in its own time, once in its life."""
    until_s = time.monotonic() + PATIENCE_S
    while not is_done():
        if time.monotonic() > until_s:
            raise SystemExit(f"nothing came of {what}")
        time.sleep(0.5)


def _p99_ms(act: Callable[[str], object], chosen: Sequence[str]) -> float:
    took = []
    for cabinet in chosen:
        began = time.perf_counter()
        act(cabinet)
        took.append(1000 * (time.perf_counter() - began))
    return statistics.quantiles(took, n=100)[98]


def _chosen() -> list[str]:
    return [f"c{number:04}" for number in random.Random(7).sample(range(CABINETS), ASKED)]


def _call(client: Client, conn: psycopg.Connection[Any], call: Call) -> Figure:
    def ask(cabinet: str) -> None:
        client.get(call.path.format(cabinet=cabinet))

    def bare(cabinet: str) -> None:
        conn.execute(call.query, {"cabinet": cabinet, "epoch": EPOCH}, prepare=True).fetchall()

    ours, theirs = _p99_ms(ask, _chosen()), _p99_ms(bare, _chosen())
    ratio = ours / theirs
    return Figure(
        "P6", f"{call.path}, p99", f"{ours:.2f} ms", f"bare query {theirs:.2f} ms", ratio, f"<= {TIMES:.0f} x the query", ratio <= TIMES
    )


def _pages(client: Client) -> Figure:
    """Every page that the navigation leads to, the pages of a cabinet, and the parts that pages ask for again."""
    took = {}
    for path in sorted(_paths(client)):
        took[path] = _p99_ms(lambda cabinet, path=path: client.get(path.format(cabinet=cabinet)), _chosen())  # type: ignore[misc]
    slowest = max(took, key=lambda path: took[path])
    ratio = took[slowest] / PAGE_MS
    what = f"pages of {CABINETS:,} cabinets with {FACTS / 1e6:.0f} million facts, p99 of the slowest of {len(took)} ({slowest})"
    return Figure("P6", what, f"{took[slowest]:.1f} ms", f"{PAGE_MS:.0f} ms", ratio, f"<= {PAGE_MS:.0f} ms", ratio <= 1)


def _paths(client: Client) -> set[str]:
    places = client.get("/").split("<nav")[1].split("</nav>")[0].split('href="')[1:]
    return {*PARTS, *(place.split('"')[0] for place in places)}
