"""A changed site is taken up by the running cabinet: nothing that is in it is lost, and nothing wrong is taken up.

Why it matters: boards are replaced and pockets added on a ward that goes on working; a restart by hand at the wrong moment cuts an access.
"""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random

import httpx
import pytest
from fastapi import FastAPI

import config
from cabinet.adapters.clock import LoopClock
from cabinet.adapters.directory import CredentialsDamaged
from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.app.house import House
from cabinet.app.live import Premises, broker_of
from cabinet.app.switchboard import Switchboard
from cabinet.app.technics import LiveTechnics
from cabinet.app.tenancy import Tenancy
from cabinet.app.world import world_of
from cabinet.courier.port import Broker
from cabinet.courier.twin import TwinBroker, TwinCourier
from cabinet.domain import events
from cabinet.domain.vocabulary import AccessId, PocketId, SessionId, StaffId, Units
from cabinet.kiosk.app import create_app
from cabinet.ports import LineLost
from cabinet.rehearsal.prescribing import item_at, prescribe
from config.load import LoadedSite, load_site
from firmware_sim.assembly import Bench, build
from tests.stories.workshop import MORNING, NURSE, PIN, TECHNICIAN, directory_of
from tests.virtual import virtual

DEMO = Path(config.__file__).parent / "sites/demo.toml"
GONE = '''[[drawer.pocket]]
id = "m2-02"'''


@dataclass
class Grounds:
    """What stays while cabinets come and go, on twins."""

    state: Path
    site: Path
    journal: InlineJournal
    clock: LoopClock
    board: Switchboard = field(default_factory=Switchboard)
    houses: list[House] = field(default_factory=list)
    sims: list[Bench] = field(default_factory=list)
    damage: CredentialsDamaged | None = None

    def try_on(self, loaded: LoadedSite) -> None:
        """Its world and its drivers."""
        world_of(loaded)
        if self.damage is not None:
            raise self.damage

    def furnish(self, loaded: LoadedSite, broker: Broker) -> tuple[House, FastAPI]:
        """A cabinet and its kiosk."""
        sim = build(loaded.site, seed=7, clock=asyncio.get_running_loop().time, refuse=LineLost)
        house = House(
            loaded, journal=self.journal, courier=TwinCourier(TwinBroker(Random(7)), broker.client_id), clock=self.clock,
            line_of=lambda bus: sim.cables[bus.id],
        )  # fmt: skip
        self.houses.append(house)
        self.sims.append(sim)
        technics = LiveTechnics(loaded, house.hardware, house.core, self.clock, self.state)
        ids = count(1)
        directory = directory_of(loaded)
        return house, create_app(house.controller, directory, house.core.world, technics=technics, new_id=lambda: f"id-{next(ids)}")

    @property
    def house(self) -> House:
        """The present cabinet."""
        return self.houses[-1]

    async def ready(self, houses: int = 1) -> None:
        """Return once the cabinet of this number is ready."""
        while len(self.houses) < houses or self.house.core.state.mode != "ready":  # noqa: ASYNC110 - a change has no one event
            await asyncio.sleep(0.1)

    def rewrite(self, old: str, new: str) -> None:
        """An engineer edits the site."""
        text = self.site.read_text()
        assert old in text
        self.site.write_text(text.replace(old, new, 1))


@asynccontextmanager
async def grounds(tmp_path: Path) -> AsyncIterator[tuple[Grounds, Tenancy]]:
    folder = Path(config.__file__).parent
    for part in ("sites", "formulary", "people", "policy"):
        shutil.copytree(folder / part, tmp_path / part)
    site = tmp_path / "sites/demo.toml"
    clock = LoopClock(asyncio.get_running_loop(), MORNING)
    ids = count(1)
    origin = Origin("ward-3-north", "story", datetime(2026, 1, 1, tzinfo=UTC))
    journal = InlineJournal.open(None, origin, now=clock.now, new_id=lambda: f"f{next(ids)}")
    here = Grounds(tmp_path, site, journal, clock)
    broker = Broker(client_id="cabinet", host="-", port=0, protocol="5", username="", password="", ca_file="", cert_file="", key_file="")
    tenancy = Tenancy(here, broker, here.board)
    running = asyncio.ensure_future(tenancy.run(*here.furnish(load_site(site), broker)))
    try:
        await here.ready()
        yield here, tenancy
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        journal.close()


async def begins(house: House, pocket: str) -> None:
    """A nurse opens a pocket."""
    clock = house.controller.clock
    await house.controller.ask(events.StaffRecognised(clock.now(), SessionId("s"), StaffId(NURSE), ("badge", "secret")))
    patient = next(iter(house.core.world.patients))
    order = await prescribe(house.controller, patient, item_at(house.controller, pocket), 1)
    wish = events.AccessAsked(
        clock.now(), SessionId("s"), AccessId("a"), "withdraw", "order", Units(1), pocket=PocketId(pocket), patient=patient, order=order
    )
    assert await house.controller.ask(wish) is None


@virtual
async def test_a_site_that_is_not_sound_changes_nothing(tmp_path: Path) -> None:
    """A slip of the keyboard must not take a cabinet from a ward."""
    async with grounds(tmp_path) as (here, tenancy):
        here.rewrite('closed = "locks-a:0"', 'closed = "nowhere:0"')
        tenancy.ask()
        await asyncio.sleep(3)
        assert len(here.houses) == 1
        assert here.house.core.state.mode == "ready"


@virtual
async def test_pockets_keep_what_they_hold_by_their_id(tmp_path: Path) -> None:
    """A drawer on another channel, a new pocket, a new level: the stock is what it was, and every door is looked at again."""
    async with grounds(tmp_path) as (here, tenancy):
        before = {pocket: line.units for pocket, line in here.house.core.state.lines.items()}
        here.rewrite('lock = "locks-b:0"\nclosed = "locks-b:0"', 'lock = "locks-b:4"\nclosed = "locks-b:4"')
        new = '[[drawer.pocket]]\nid = "m2-10"\nitem = "lisinopril-10-tab"\npar = 5\n\n'
        here.rewrite('[[drawer.pocket]]\nid = "m2-08"', new + '[[drawer.pocket]]\nid = "m2-08"')
        tenancy.ask()
        await here.ready(2)
        state = here.house.core.state
        assert {pocket: state.lines[pocket].units for pocket in before} == before
        assert state.lines["m2-10"].units == 0
        assert state.drawers["locks-b:4"].state == "latched"
        assert state.boot == here.houses[0].boot + 1


@virtual
async def test_a_pocket_that_disappears_with_stock_owes_a_count_and_stays_listed(tmp_path: Path) -> None:
    """Units do not vanish by an edit; every page still shows."""
    async with grounds(tmp_path) as (here, tenancy):
        here.rewrite(GONE, GONE.replace("m2-02", "m2-12"))
        tenancy.ask()
        await here.ready(2)
        line = here.house.core.state.lines["m2-02"]
        assert line.units == 28
        assert line.owes
        assert here.board.app is not None
        async with httpx.AsyncClient(transport=httpx.ASGITransport(here.board.app), base_url="https://localhost") as client:
            session = await client.post("/api/v1/sessions", json={"badge": f"badge-{TECHNICIAN}", "secret": PIN})
            client.headers["Authorization"] = f"Bearer {session.json()['token']}"
            for path in ("stock", "restock", "debts", "faults", "discrepancies", "hardware", "items?q=lis&for=refill"):
                assert (await client.get(f"/api/v1/{path}")).status_code == 200, path
            client.headers["Sec-Fetch-Site"] = "same-origin"
            await client.post("/sign-in", data={"badge": f"badge-{TECHNICIAN}", "secret": PIN})
            for path in ("/", "/refill", "/count", "/attention"):
                assert (await client.get(path)).status_code == 200, path


@virtual
async def test_nobody_is_cut_short(tmp_path: Path) -> None:
    """A change waits for whoever has a drawer open, however long that takes, and comes by itself when they are done."""
    async with grounds(tmp_path) as (here, tenancy):
        first, sim = here.house, here.sims[0]
        await begins(first, "m1-01")
        while first.core.state.accesses["a"].phase != "open":  # noqa: ASYNC110 - the drawer springs open by itself
            await asyncio.sleep(0.1)
        here.rewrite("par = 6\n", "par = 7\n")
        tenancy.ask()
        await asyncio.sleep(5)
        assert len(here.houses) == 1
        now = here.clock.now
        await first.controller.ask(events.QuantityEntered(now(), SessionId("s"), AccessId("a"), Units(0)))
        sim.hand.push("m1")
        await here.ready(2)
        assert here.house.core.state.accesses["a"].phase == "settled"


@virtual
async def test_between_two_cabinets_it_is_said_so(tmp_path: Path) -> None:
    """A blank screen would be taken for a broken one."""
    board = Switchboard()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(board), base_url="https://localhost") as client:
        page, call, health = [await client.get(path) for path in ("/", "/api/v1/stock", "/healthz")]
        assert (page.status_code, "Back in a moment" in page.text) == (503, True)
        assert (call.status_code, call.json()["code"]) == (503, "cabinet.not_ready")
        assert (health.status_code, health.json()["mode"]) == (503, "starting")
        assert page.headers["Retry-After"]


async def test_what_surrounds_a_site_is_tried_on_with_it(tmp_path: Path) -> None:
    """A running cabinet is put down for nothing that would then keep the next one from beginning."""
    loaded = load_site(DEMO)
    (tmp_path / "ports.json").write_text(json.dumps(dict.fromkeys((bus.id for bus in loaded.site.buses), 9)))
    premises = Premises(loaded, tmp_path)
    try:
        premises.try_on(loaded)
        for damaged in (b"{", b"\xff"):
            (tmp_path / "credentials.json").write_bytes(damaged)
            with pytest.raises(CredentialsDamaged):
                premises.try_on(loaded)
        mqtt = loaded.site.mqtt.model_copy(update={"port": 1884})
        moved = replace(loaded, site=loaded.site.model_copy(update={"mqtt": mqtt}))
        first = broker_of(loaded, port=1999)
        assert [premises.broker(site, first).port for site in (loaded, moved)] == [1999, 1884]
    finally:
        premises.close()


@virtual
async def test_damaged_credentials_leave_the_running_cabinet_as_it_is(tmp_path: Path) -> None:
    """Nobody is locked out of a cabinet that works by a file that does not."""
    async with grounds(tmp_path) as (here, tenancy):
        here.damage = CredentialsDamaged("no JSON")
        here.rewrite('name = "Drawer 1"', 'name = "Upper drawer"')
        tenancy.ask()
        await asyncio.sleep(5)
        assert len(here.houses) == 1
        assert here.house.core.state.mode == "ready"
