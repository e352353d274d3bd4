"""A cabinet next door: the real core, journal, reporter and letterbox, on hardware that is none.

Alone knows: how such a cabinet is put together, and what its fridge and its supply show. Must not know: what it has lived through.

It is another ward's, so that a pharmacy has more than one to look after. It is small: no board is simulated and no line is opened.
"""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace

from cabinet.adapters.journal import InlineJournal, Origin
from cabinet.adapters.pinned import Keys
from cabinet.adapters.report import CoreView
from cabinet.adapters.reporter import Nobody, Reporter
from cabinet.app.house import Ear, identity_of
from cabinet.app.inert import InertHardware
from cabinet.app.letterbox import Letterbox
from cabinet.app.software import BUILT, SOFTWARE
from cabinet.app.world import world_of
from cabinet.controller import Controller
from cabinet.courier.port import Courier
from cabinet.domain.core import Core
from cabinet.domain.facts import Draft
from cabinet.domain.layout import Drawer
from cabinet.domain.vocabulary import MilliC, Power
from cabinet.domain.world import World
from cabinet.messages import PartHealth
from cabinet.ports import Clock, Watcher
from config.load import LoadedSite

Past = Callable[[Core], Sequence[Draft]]
"""What a cabinet has lived through, in order, as its core would have written it down; the core is read, and not stepped."""


@dataclass(frozen=True, slots=True)
class Weather:
    """What is around a cabinet: how warm its fridge is, whether it has mains, and whether it knows when the pharmacy hears it."""

    fridge_mc: int = 4800
    is_on_mains: bool = True
    hears_pharmacy: bool = True


class QuietHardware(InertHardware):
    """Doors that play themselves, a fridge that is as warm as it is said to be, and a supply."""

    def __init__(self, world: World, weather: Weather) -> None:
        super().__init__(world)
        self._probes = [drawer.climate.probe for drawer in world.layout.drawers if drawer.climate is not None]
        self._supply, self._weather = world.supply, weather

    async def start(self, watcher: Watcher, on_crash: Callable[[BaseException], None]) -> None:
        """See Hardware. Every door is seen shut, and fridge and supply are read once."""
        await super().start(watcher, on_crash)
        for probe in self._probes:
            watcher.temperature_read(probe, MilliC(self._weather.fridge_mc))
        if self._supply is not None:
            is_on_mains = self._weather.is_on_mains
            watcher.power_read(self._supply, Power(is_on_mains, False, 100 if is_on_mains else 71, 2400))


class Neighbour:
    """One such cabinet."""

    def __init__(
        self, loaded: LoadedSite, courier: Courier, clock: Clock, past: Past, *, weather: Weather, keys: Keys | None = None
    ) -> None:  # fmt: skip
        world = world_of(loaded)
        world = replace(world, layout=replace(world.layout, drawers=tuple(map(_unsensed, world.layout.drawers))))
        self._loaded = loaded
        self._core = Core(world)
        origin = Origin(loaded.site.cabinet, SOFTWARE, BUILT)
        self._journal = InlineJournal.open(None, origin, now=clock.now, new_id=lambda: str(uuid.uuid4()))
        for entry in (*self._journal.entries(), *self._journal.write_now(past(self._core))):
            self._core.replay(entry)
        hardware = QuietHardware(world, weather)
        self._controller = Controller(self._core, self._journal, hardware, clock)
        self._boot = self._journal.count_boot()
        parts = [PartHealth(board.id, "board", "ok", "", 0, 0, 0, 0) for board in loaded.site.boards]
        view = CoreView(self._core, self._journal, clock, lambda: parts)
        ear = Ear(self._controller) if weather.hears_pharmacy else Nobody()
        self._reporter = Reporter(courier, self._journal, view, identity_of(loaded, self._boot), clock, ear)
        self._controller.listen(self._reporter)
        Letterbox(self._controller, loaded, keys or {}, self._reporter.report_documents).attach(courier)

    @property
    def behind(self) -> int:
        """How many facts the pharmacy does not hold yet."""
        return self._reporter.behind

    @contextlib.asynccontextmanager
    async def at_work(self) -> AsyncIterator["Neighbour"]:
        """Run it; at the end it says that it goes offline."""
        running = asyncio.create_task(self._controller.run(boot=self._boot, software=SOFTWARE, config=self._loaded.sha256))
        while self._core.state.mode == "starting":
            await self._controller.next_round()
        await self._reporter.start()
        try:
            yield self
        finally:
            await self._reporter.stop()
            running.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await running
            self._journal.close()


def _unsensed(drawer: Drawer) -> Drawer:
    return replace(drawer, pockets=tuple(replace(pocket, weighed=None, bin=None) for pocket in drawer.pockets))
