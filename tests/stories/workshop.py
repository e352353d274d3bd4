"""A technician's workshop for the stories: a whole cabinet on simulated boards, its kiosk, and the virtual cabinet's page, in virtual time.

Alone knows: how the plant may be wired otherwise than the site says. Must not know: what is done at the bench.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import httpx

import config
from cabinet.adapters.clock import LoopClock
from cabinet.adapters.directory import Credential, StaffDirectory
from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.adapters.secrets import InlineSecrets
from cabinet.app.house import House
from cabinet.app.readers import KeyFolder
from cabinet.app.technics import LiveTechnics
from cabinet.cli.sim import scenery_of
from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.domain.facts import Fact
from cabinet.domain.vocabulary import StaffId
from cabinet.kiosk.app import create_app
from cabinet.ports import LineLost
from cabinet.workbench.bench import Bench, signed_in
from cabinet.workbench.virtual_hand import VirtualHand
from config.load import LoadedSite, load_site
from config.schema import Site
from firmware_sim.assembly import Bench as SimBench
from firmware_sim.assembly import build
from firmware_sim.osdp import OsdpReader
from firmware_sim.page import make_page

DEMO = Path(config.__file__).parent / "sites/demo.toml"
MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PIN = "314159"
TECHNICIAN, NURSE = "farid-haddad", "ana-reyes"


@dataclass
class Workshop:
    """The cabinet, its kiosk's application and its plant."""

    house: House
    sim: SimBench
    app: Any
    journal: InlineJournal
    page: Any
    technics: LiveTechnics

    @asynccontextmanager
    async def bench(self, who: str = TECHNICIAN) -> AsyncIterator[Bench]:
        """Somebody signed in at the bench."""
        async with (
            httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url="http://localhost") as client,
            signed_in(client, f"badge-{who}", PIN) as bench,
        ):
            yield bench

    @asynccontextmanager
    async def hand(self) -> AsyncIterator[VirtualHand]:
        """The virtual cabinet's hands."""
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self.page), base_url="http://localhost") as client:
            yield VirtualHand(client)

    def facts(self, kind: type[Fact]) -> list[Any]:
        """The facts of one type so far, in order."""
        return [entry.fact for entry in self.journal.entries() if isinstance(entry.fact, kind)]


def demo() -> LoadedSite:
    """The demo ward's cabinet."""
    return load_site(DEMO)


def rewired(site: Site, swaps: dict[str, str], keys: tuple[str, ...]) -> Site:
    """A site whose plant is wired otherwise: under these keys each channel is replaced by another, all at once."""
    table = site.model_dump(mode="json", by_alias=True)

    def turn(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: swaps.get(inner, inner) if key in keys and isinstance(inner, str) else turn(inner) for key, inner in value.items()}
        return [turn(inner) for inner in value] if isinstance(value, list) else value

    return Site.model_validate(turn(table))


def readdressed(site: Site, board: str, address: int) -> Site:
    """A site whose plant has one board at another address."""
    table = site.model_dump(mode="json", by_alias=True)
    for row in table["board"]:
        if row["id"] == board:
            row["address"] = address
    return Site.model_validate(table)


@asynccontextmanager
async def open_workshop(
    state: Path, loaded: LoadedSite | None = None, plant: Site | None = None, *, has_readers: bool = False
) -> AsyncIterator[Workshop]:
    """A running cabinet whose site is `loaded` and whose boards are wired as `plant` says (default: the same).

    `has_readers`: its badge readers are asked too, which takes real time.
    """
    loaded = loaded or demo()
    loop = asyncio.get_running_loop()
    clock = LoopClock(loop, MORNING)
    sim = build(plant or loaded.site, seed=7, clock=loop.time, refuse=LineLost)
    ids = itertools.count(1)
    origin = Origin(loaded.site.cabinet, "story", datetime(2026, 1, 1, tzinfo=UTC))
    journal = InlineJournal.open(None, origin, now=clock.now, new_id=lambda: f"f{next(ids)}")
    house = House(
        loaded, journal=journal, courier=TwinCourier(TwinBroker(Random(7)), "cabinet"), clock=clock, line_of=lambda bus: sim.cables[bus.id]
    )  # fmt: skip
    if has_readers:
        hand_keys(house, sim, KeyFolder(state / "keys"))
    technics = LiveTechnics(loaded, house.hardware, house.core, clock, state)
    app = create_app(
        house.controller, directory_of(loaded), house.core.world, technics=technics, new_token=lambda: f"token-{next(ids)}",
        new_id=lambda: f"id-{next(ids)}", zone=ZoneInfo(loaded.site.time_zone),
    )  # fmt: skip
    running = asyncio.ensure_future(house.run())
    try:
        while house.core.state.mode == "starting":  # noqa: ASYNC110 - a start has no one event that a story could wait for
            await asyncio.sleep(0.05)
        yield Workshop(house, sim, app, journal, make_page(sim, scenery_of(loaded), {}), technics)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        journal.close()


def hand_keys(house: House, sim: SimBench, keys: KeyFolder) -> None:
    """The cabinet's readers have the keys that the cabinet has."""
    house.hardware.readers.keys = keys
    for device in sim.devices.values():
        if isinstance(device, OsdpReader):
            device.key = partial(keys.key, device.id)


def directory_of(loaded: LoadedSite) -> StaffDirectory:
    """Everybody's badge is their id with `badge-` before it, and everybody's PIN is the same."""
    secrets = InlineSecrets()
    digest = secrets.digest_now(PIN)
    people = () if loaded.people is None else loaded.people.staff
    return StaffDirectory([Credential(StaffId(one.id), secrets.mark(f"badge-{one.id}"), digest) for one in people], secrets)
