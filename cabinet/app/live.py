"""One cabinet on real parts: a journal on disk, serial ports and sockets, paho, argon2, and the kiosk's listener.

Alone knows: which real part stands where the twin stands in virtual time, and where in the state folder each keeps its files.
Must not know: what any of them does.
"""

import asyncio
import contextlib
import gc
import signal
import sys
import uuid
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from cabinet.adapters.clock import SystemClock
from cabinet.adapters.directory import StaffDirectory, read_credentials, write_credentials
from cabinet.adapters.journal import JournalThread, Origin
from cabinet.adapters.pinned import read_pinned
from cabinet.adapters.secrets import ArgonSecrets, load_pepper
from cabinet.adapters.setup_code import SetupCodeFile, in_groups
from cabinet.app.classroom import Lesson
from cabinet.app.hardware import CabinetHardware, real_lines
from cabinet.app.house import House
from cabinet.app.inert import InertHardware, training_world
from cabinet.app.listener import BACKLOG, Listener
from cabinet.app.readers import KeyFolder, for_open_access
from cabinet.app.report_process import ReportProcess
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.app.switchboard import Switchboard
from cabinet.app.technics import LiveTechnics
from cabinet.app.tenancy import Tenancy
from cabinet.app.ward import WardPart, guard_of
from cabinet.app.world import world_of
from cabinet.controller import Controller
from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker
from cabinet.domain.core import Core
from cabinet.kiosk.app import create_app
from cabinet.kiosk.enrolling import needs_setup
from cabinet.kiosk.guard import Framed
from cabinet.kiosk.practice import Practice
from config.load import LoadedSite

log = structlog.get_logger()


class _Server(uvicorn.Server):
    """A server inside a program that has its own idea of signals."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to the program."""
        yield


def _server(app: ASGIApp, port: int) -> _Server:
    return _Server(
        uvicorn.Config(
            app, host="127.0.0.1", port=port, log_level="warning", lifespan="off", timeout_graceful_shutdown=1,
            http=Listener, ws="none", backlog=BACKLOG,
        )
    )  # fmt: skip


def broker_of(loaded: LoadedSite, *, port: int | None = None, protocol: str | None = None) -> Broker:
    """Where the site says that the broker is; `port` and `protocol` stand in for the site's."""
    mqtt = loaded.site.mqtt
    password = Path(mqtt.password_file).read_text().strip() if mqtt.password_file else ""
    return Broker(
        client_id=f"adc-{loaded.site.cabinet}", host=mqtt.host, port=port or mqtt.port, protocol=protocol or mqtt.protocol,
        username=mqtt.username, password=password, ca_file=mqtt.ca_file, cert_file=mqtt.cert_file, key_file=mqtt.key_file,
    )  # fmt: skip


def keep_for_good() -> None:
    """Let the collector of garbage pass over all that is there by now: looking through it would stop the loop for 100 ms and more.

    Enables the collector, which whoever starts may have told to wait until now.
    """
    gc.freeze()
    gc.enable()


def _offer_setup(app: FastAPI) -> None:
    """While nobody can enrol anybody a setup code lies in the state folder; whoever sits at the console is told it, and no log is."""
    floor = app.state.floor
    if not needs_setup(floor):
        return
    code = floor.reception.directory.setup.needed()
    log.warning("nobody enrols staff here", remedy="adc staff setup-code, then the cabinet's screen")
    if sys.stderr.isatty():
        sys.stderr.write(f"setup code: {in_groups(code)}\n")


class Premises:
    """What outlives a cabinet that is put together anew: its journal, its secrets, its clock and its state folder."""

    def __init__(self, loaded: LoadedSite, state: Path) -> None:
        """Raises JournalHeld, ClockUnset, JournalBroken, PepperUnusable or KeyUnusable. `state` is an existing folder."""
        self._keys = read_pinned(state)
        self.state, self.clock, self._mqtt = state, SystemClock(), loaded.site.mqtt
        origin = Origin(loaded.site.cabinet, SOFTWARE, BUILT)
        self.secrets = ArgonSecrets(load_pepper(state / "pepper"))
        try:
            self.journal = JournalThread.open(state / "journal.db", origin, now=self.clock.now, new_id=lambda: str(uuid.uuid4()))
        except BaseException:
            self.secrets.close()
            raise

    def try_on(self, loaded: LoadedSite) -> None:
        """See that a cabinet can be made of a site, with no line opened.

        Raises LineLost, OSError, ValueError, KeyError or CredentialsDamaged.
        """
        world_of(loaded)
        guard_of(loaded)
        CabinetHardware(loaded, real_lines(self.state))
        broker_of(loaded)
        read_credentials(self.state)

    def broker(self, loaded: LoadedSite, first: Broker) -> Broker:
        """Where a site's broker is: the first one, whatever a command said of it, until a site names another."""
        return first if loaded.site.mqtt == self._mqtt else broker_of(loaded)

    def furnish(self, loaded: LoadedSite, broker: Broker) -> tuple[House, FastAPI]:
        """A cabinet as its site says, and its kiosk."""
        courier = MqttCourier(self.broker(loaded, broker))
        house = House(
            loaded, journal=self.journal, courier=courier, clock=self.clock, line_of=real_lines(self.state), keys=self._keys
        )  # fmt: skip
        keep = partial(write_credentials, self.state)
        directory = StaffDirectory(read_credentials(self.state), self.secrets, keep, SetupCodeFile(self.state))
        house.hardware.readers.keys = KeyFolder(self.state / "keys")
        technics = LiveTechnics(loaded, house.hardware, house.core, self.clock, self.state)
        app = create_app(
            house.controller, directory, house.core.world,
            technics=technics, badges=house.hardware.readers, zone=ZoneInfo(loaded.site.time_zone),
            languages=loaded.site.languages, reports=ReportProcess(loaded.path, self.state),
        )  # fmt: skip
        _offer_setup(app)
        return house, app

    def teach(self, house: House, real: FastAPI) -> Lesson:
        """See Teach. A lesson keeps what it needs in the folder `training`; it knows the real cabinet's people and changes none of them."""
        folder = self.state / "training"
        folder.mkdir(mode=0o700, exist_ok=True)
        people = {person.id: person for person in house.core.scene.everybody()}
        world = training_world(replace(house.core.world, staff=people))
        origin = Origin(f"{house.loaded.site.cabinet}-training", SOFTWARE, BUILT)
        journal = JournalThread.open(folder / "journal.db", origin, now=self.clock.now, new_id=lambda: str(uuid.uuid4()))
        controller = Controller(Core(world), journal, InertHardware(world), self.clock)
        readers = house.hardware.readers
        heard = readers.on_badge, readers.on_code
        directory = StaffDirectory(read_credentials(self.state), self.secrets, partial(write_credentials, folder))
        app = create_app(
            controller, directory, world, badges=readers, zone=ZoneInfo(house.loaded.site.time_zone),
            languages=house.loaded.site.languages, reports=ReportProcess(house.loaded.path, folder),
            practice=Practice(real.state.floor),
        )  # fmt: skip
        readers.on_code = for_open_access(controller)

        def close() -> None:
            readers.on_badge, readers.on_code = heard
            journal.close()

        return Lesson(controller, app, journal.count_boot(), house.loaded.sha256, close)

    def close(self) -> None:
        """Let go of files and threads."""
        self.secrets.close()
        self.journal.close()


async def serve(
    loaded: LoadedSite, state: Path, broker: Broker, *, kiosk_port: int, ward_port: int | None = None, framed_by: str | None = None
) -> None:
    """Run one cabinet until SIGTERM or SIGINT; `state` is an existing folder. SIGHUP has the site's files read anew.

    `ward_port` stands in for the site's.
    `framed_by` is the one origin whose pages may frame the kiosk. Raises ValueError for one that is not of this machine.
    Raises what stopped it otherwise: every coil is off by then.
    """
    premises = Premises(loaded, state)
    try:
        board = Switchboard()
        tenancy = Tenancy(premises, broker, board, premises.teach, WardPart(ward_port))
        server = _server(board if framed_by is None else Framed(board, framed_by), kiosk_port)
        first = premises.furnish(loaded, broker)
        keep_for_good()
        await _until_told(tenancy, first, server, board)
    finally:
        premises.close()


async def _until_told(tenancy: Tenancy, first: tuple[House, FastAPI], server: _Server, board: Switchboard) -> None:
    """Cabinet and kiosk together: whichever ends takes the other along, the cabinet last."""
    loop = asyncio.get_running_loop()
    cabinet = loop.create_task(tenancy.run(*first))
    kiosk = loop.create_task(server.serve())
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, _tell, server, board)
    loop.add_signal_handler(signal.SIGHUP, tenancy.ask)
    try:
        await asyncio.wait({cabinet, kiosk}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        server.should_exit = True
        cabinet.cancel()
        await asyncio.gather(kiosk, return_exceptions=True)
        with contextlib.suppress(asyncio.CancelledError):
            await cabinet


def _tell(server: _Server, board: Switchboard) -> None:
    board.app = None
    server.should_exit = True
