"""One kiosk for the stories: the demo ward's cabinet on hardware in memory, with hands that pull, push and jam.

Everything but the boards is real: controller, core, journal, directory, application. The doors open when they are released,
unless somebody jams them; they close when the story says so.

Alone knows: what a hand can do to a cabinet. Must not know: any screen or path.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from fastapi import FastAPI

import config
from cabinet.adapters.clock import LoopClock
from cabinet.adapters.directory import Credential, StaffDirectory
from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.adapters.secrets import InlineSecrets
from cabinet.app.records import InlineReports
from cabinet.app.world import world_of
from cabinet.controller import Controller
from cabinet.domain.core import Core, World
from cabinet.domain.layout import Drawer, Lock, Opening
from cabinet.domain.vocabulary import BoardId, Channel, MassMg, Units, Weighing
from cabinet.kiosk.app import create_app
from cabinet.ports import BadReading, InputWatcher, NoReply
from config.load import load_site

DEMO = Path(config.__file__).parent / "sites/demo.toml"
MORNING = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)
PIN = "271828"
NURSE, OTHER_NURSE, CHARGE, TECHNICIAN, PHARMACIST = "ana-reyes", "ben-okafor", "erin-walsh", "farid-haddad", "hugo-marchetti"
TELLTALE = 99991
"""A balance that no other number on a page or in an answer can be mistaken for."""


class Furniture:
    """The Hardware port in memory."""

    def __init__(self, world: World) -> None:
        self.layout = world.layout
        self.jammed: set[str] = set()
        self.silent: set[str] = set()
        self.pulses: list[str] = []
        self.lit: set[str] = set()
        self.weights: dict[str, int] = {}
        self._open: dict[str, Lock] = {}
        self._watcher: InputWatcher | None = None

    async def start(self, watcher: InputWatcher, on_crash: Callable[[BaseException], None]) -> None:  # noqa: ARG002 - nothing here crashes
        """Every door is seen shut."""
        self._watcher = watcher
        for lock in self.layout.locks.values():
            self._tell(lock, is_shut=True)

    async def stop(self) -> None:
        """Nobody watches any more."""
        self._watcher = None

    async def release(self, coil: Channel, hold_ms: int) -> None:  # noqa: ARG002 - a door in memory springs open at once
        """Pulse a lock; its door springs open unless it is jammed."""
        self.pulses.append(str(coil))
        if str(coil) in self.silent:
            raise NoReply(str(coil), "silent")
        if str(coil) not in self.jammed:
            lock = self.layout.locks[str(coil)]
            self._open[lock.name] = lock
            asyncio.get_running_loop().call_soon(lambda: self._tell(lock, is_shut=False))

    async def switch(self, light: Channel, is_on: bool) -> None:
        """Switch a guide light."""
        (self.lit.add if is_on else self.lit.discard)(str(light))

    async def weigh(self, scale: BoardId, *, is_after: bool) -> Weighing:  # noqa: ARG002 - it is at rest at once
        """A scale that the story puts something on shows it; no other answers, and every story works without."""
        if scale not in self.weights:
            raise BadReading(str(scale), "no scale")
        return Weighing(MassMg(self.weights[scale]), True, MassMg(10))

    async def look(self, inputs: tuple[Channel, ...]) -> tuple[tuple[Channel, bool], ...]:
        """There is no photo-eye."""
        assert not inputs
        return ()

    async def all_off(self) -> None:
        """Every output off."""
        self.lit.clear()

    def watch_closely(self, channels: tuple[Channel, ...]) -> None:
        """Everything is watched closely here."""

    def call(self, boards: tuple[BoardId, ...]) -> None:
        """No board is ever out of trust here."""

    def force(self, lock: Lock) -> None:
        """A hand or a key opens a door that nobody released."""
        self._open[lock.name] = lock
        self._tell(lock, is_shut=False)

    def shut(self, lock: Lock) -> None:
        """A hand closes one door."""
        del self._open[lock.name]
        self._tell(lock, is_shut=True)

    def shut_all(self) -> None:
        """A hand closes whatever is open, the inner lids first."""
        for lock in reversed(list(self._open.values())):
            self._tell(lock, is_shut=True)
        self._open.clear()

    def _tell(self, lock: Lock, *, is_shut: bool) -> None:
        if self._watcher is not None:
            self._watcher.input_changed(lock.closed, is_shut, asyncio.get_running_loop().time())


class Wall:
    """The badge reader beside the screen, in memory: what it was told to show."""

    def __init__(self) -> None:
        self.on_badge: Callable[[BoardId, str], None] = lambda _reader, _badge: None
        self.shown: list[str] = []

    def greet(self, reader: BoardId, *, is_welcome: bool) -> None:  # noqa: ARG002 - there is one
        """Green or red."""
        self.shown.append("green" if is_welcome else "red")

    def hold(self, badge: str) -> None:
        """A badge is held to it."""
        self.on_badge(BoardId("wall"), badge)


class Desk:
    """The cabinet, its application, and hands."""

    def __init__(self, controller: Controller, journal: InlineJournal, hardware: Furniture, app: FastAPI, wall: Wall) -> None:
        self.world = controller.core.world
        self.journal = journal
        self.controller = controller
        self.hardware = hardware
        self.app = app
        self.wall = wall

    @property
    def core(self) -> Core:
        """The core, to be read."""
        return self.controller.core

    def pocket_of(self, item: str) -> str:
        """The first pocket with an item."""
        return next(line.pocket for line in self.core.state.lines.values() if line.item == item)

    def units_in(self, pocket: str) -> int:
        """The balance."""
        return self.core.state.lines[pocket].units

    async def calm(self) -> None:
        """Return once every letter is read and every errand is run."""
        for _ in range(50):
            await asyncio.sleep(0)

    async def shut(self) -> None:
        """A hand closes whatever is open, and the cabinet sees it."""
        self.hardware.shut_all()
        await self.calm()


def demo_world(units: dict[str, int] | None = None) -> World:
    """The demo ward without scales and photo-eyes; `units` sets what stands in the pockets of an item at the start."""
    world = world_of(load_site(DEMO))
    return replace(world, layout=replace(world.layout, drawers=tuple(_stocked(drawer, units or {}) for drawer in world.layout.drawers)))


def _stocked(drawer: Drawer, units: dict[str, int]) -> Drawer:
    bare = (replace(pocket, weighed=None, bin=None) for pocket in drawer.pockets)
    openings = {item: Opening(Units(number), "L1", "2031-01-31") for item, number in units.items()}
    return replace(drawer, pockets=tuple(replace(pocket, opening=openings.get(pocket.item or "", pocket.opening)) for pocket in bare))


async def directory_of(world: World) -> StaffDirectory:
    """Everybody's badge is their id with `badge-` before it, and everybody's PIN is the same."""
    secrets = InlineSecrets()
    digest = await secrets.digest(PIN)
    return StaffDirectory([Credential(staff, secrets.mark(f"badge-{staff}"), digest) for staff in world.staff], secrets)


@asynccontextmanager
async def open_desk(world: World | None = None) -> AsyncIterator[Desk]:
    """A running cabinet, on the test's own event loop, real or virtual."""
    world = world or demo_world()
    clock = LoopClock(asyncio.get_running_loop(), MORNING)
    numbers = itertools.count(1)
    origin = Origin(world.layout.cabinet, "story", datetime(2026, 1, 1, tzinfo=UTC))
    journal = InlineJournal.open(None, origin, now=clock.now, new_id=lambda: f"f{next(numbers)}")
    hardware = Furniture(world)
    controller = Controller(Core(world), journal, hardware, clock)
    tokens = itertools.count(1)
    wall = Wall()
    app = create_app(
        controller, await directory_of(world), world,
        badges=wall, reports=InlineReports(journal, world, UTC, clock.now),
        new_token=lambda: f"token-{next(tokens)}", new_id=lambda: f"id-{next(tokens)}",
    )  # fmt: skip
    running = asyncio.create_task(controller.run(boot=1, software="story", config="demo"))
    desk = Desk(controller, journal, hardware, app, wall)
    try:
        await desk.calm()
        yield desk
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        journal.close()
