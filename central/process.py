"""The pharmacy server as a process: broker, database, office and HTTP, started in order and stopped in order.

Alone knows: what a live pharmacy server is made of. Must not know: what any part does.
"""

import asyncio
import contextlib
import gc
import hashlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import uvicorn

from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker
from central.activity.process import following
from central.app import make_app
from central.crew import Crew
from central.database.named import open_database
from central.database.place import Database
from central.document.process import sending
from central.document.room import DocumentRoom
from central.fhir import api as fhir_api
from central.formulary.pages import plug as formulary_plug
from central.formulary.shelf import FormularyShelf
from central.formulary.view import View
from central.gate import Gate
from central.hl7.pages import plug as interface_plug
from central.hl7.process import connected
from central.insight import insights
from central.office import LANES, Office
from central.person.process import guarded
from central.plug import Plug
from central.recall.pages import plug as recall_plug
from central.recall.room import RecallRoom
from central.restock.process import code_desk, restocking
from central.restock.process import plug as restock_plug
from central.roster.process import asking, make_roster
from central.roster.process import plug as roster_plug
from central.watch.pages import plug as watch_plug
from central.watch.process import watching
from config.central import Central
from config.schema import Item

COLLECT_EVERY = 50_000
SWITCH_S = 0.0005
"""Whoever answers waits for the interpreter each time after a question to the database; work on other threads lets go of it this often."""
GRACE_S = 1
"""Whoever does not let go is cut off after this long when the server stops."""


async def serve(
    central: Central,
    items: Sequence[Item],
    *,
    now: Callable[[], datetime],
    ready: Callable[[str], None] = lambda _: None,
    worker: Callable[[int], Sequence[str]] = lambda _: (),
) -> None:
    """Run until SIGINT or SIGTERM. Raises NotOurs, Unreachable.

    `ready` is called with the address once HTTP answers; `worker` gives the command line of the further ingest worker at a place.
    """
    _spare_the_collector()
    sys.setswitchinterval(SWITCH_S)
    database = open_database(central).prepare()
    courier = MqttCourier(broker_of(central, central.ingest.workers))
    async with (
        working(central, database, now, place=0) as office,
        Crew(central.ingest.workers, worker).at_work(),
        sending(central, database, courier, now) as documents,
        reading(documents, items) as shelf,
        connected(central, database, office.feed, documents.office, shelf.items, now) as interfaces,
        following(database, office.feed),
        insights(central, database, documents, shelf.items, now) as rooms,
        watching(database, central.watch, office.feed, now) as watcher,
        restocking(central, database, documents, office.feed, items, now) as restock,
    ):
        office.inquiry.names = View(shelf.items, lambda item: item.tall_man)
        recalls = RecallRoom(database, documents.office, shelf, now, office.feed)
        with guarded(central, database, documents.office.shelf, now) as gate:
            codes = code_desk(restock, database, documents, office.feed)
            roster = make_roster(central, database, documents.office, gate, now)
            plugs: list[Plug] = [
                watch_plug(watcher, office.feed, now), recall_plug(recalls), restock_plug(restock, codes, office.inquiry), *rooms,
                interface_plug(interfaces, shelf.items), roster_plug(roster, central.roster),
                fhir_api.plug(office, View(shelf.items, lambda item: item)),
                formulary_plug(shelf, office.inquiry),
            ]  # fmt: skip
            http = _Server(central, office, documents, gate, ready, plugs)
            for number in (signal.SIGINT, signal.SIGTERM):
                asyncio.get_running_loop().add_signal_handler(number, http.leave)
            async with asking(roster, central.roster):
                await http.serve()


@contextlib.asynccontextmanager
async def reading(documents: DocumentRoom, items: Sequence[Item]) -> AsyncIterator[FormularyShelf]:
    """The one shelf from which every room takes the formulary as it counts."""
    yield FormularyShelf(documents.office, items)


async def serve_worker(central: Central, place: int, *, now: Callable[[], datetime]) -> None:
    """Be the further ingest worker at a place, until SIGINT or SIGTERM, or until the server that started us is gone."""
    _spare_the_collector()
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, gone.set)
    async with working(central, open_database(central), now, place=place):
        loop.add_reader(sys.stdin.fileno(), gone.set)
        await gone.wait()
        loop.remove_reader(sys.stdin.fileno())


@contextlib.asynccontextmanager
async def working(central: Central, database: Database, now: Callable[[], datetime], *, place: int) -> AsyncIterator[Office]:
    """One worker of a server, at work: the first of them hears reports as well, and those others' acks that tell pages of news."""
    with ThreadPoolExecutor(max_workers=LANES, thread_name_prefix="pharmacy-store") as writer:
        office = Office.on(database, writer, now)
        courier = MqttCourier(broker_of(central, place))
        is_first, is_alone = place == 0, central.ingest.workers == 1 and central.ingest.hears_reports
        if central.ingest.workers:
            office.attach(courier, group=group_of(central), hears_reports=is_first and central.ingest.hears_reports)
        if is_first and not is_alone:
            office.overhear(courier)
        async with asyncio.TaskGroup() as tasks:
            storing = tasks.create_task(office.run(), name="office")
            await courier.start()
            try:
                yield office
            finally:
                await courier.stop()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(GRACE_S):
                        await office.idle()
                storing.cancel()
    office.close()


def _spare_the_collector() -> None:
    """A round is thousands of plain values without a cycle among them: looking for one in all that is imported costs a third of a round."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_EVERY, 20, 100)


def group_of(central: Central) -> str:
    """The workers that share facts are those of one database: two pharmacies on one broker must not take each other's."""
    if central.store.url is None or central.mqtt.protocol != "5":
        return ""
    return "pharmacy-" + hashlib.sha256(central.store.url.encode()).hexdigest()[:16]


def broker_of(central: Central, place: int = 0) -> Broker:
    """Where the server's broker is, and the name under which the worker at a place is known there."""
    mqtt = central.mqtt
    return Broker(
        client_id=f"pharmacy-{socket.gethostname()[:32]}-{place}-{os.getpid()}"[:64],
        host=mqtt.host,
        port=mqtt.port,
        protocol=mqtt.protocol,
        username=mqtt.username,
        password=Path(mqtt.password_file).read_text().strip() if mqtt.password_file else "",
        ca_file=mqtt.ca_file,
        cert_file=mqtt.cert_file,
        key_file=mqtt.key_file,
    )


class _Server(uvicorn.Server):
    """Uvicorn that says where it listens, and leaves signals to the process: its own way ends the process before the courier's good-bye."""

    def __init__(
        self, central: Central, office: Office, documents: DocumentRoom, gate: Gate, ready: Callable[[str], None], plugs: Sequence[Plug]
    ) -> None:
        app = make_app(office, central.name, documents, gate, central.http.framed_by, plugs)
        super().__init__(
            uvicorn.Config(
                app, central.http.host, central.http.port, log_level="warning", timeout_graceful_shutdown=GRACE_S, lifespan="off"
            )
        )
        self._ready = ready
        self._office = office

    def leave(self) -> None:
        """Answer what was asked, end the streams, then end."""
        self._office.feed.close()
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, then tell."""
        await super().startup(sockets)
        if self.started:
            self._ready(f"http://{self.config.host}:{self.servers[0].sockets[0].getsockname()[1]}")

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield
