"""The five other wards of the demo: one process, five cabinets in different states, on the demo's own broker.

Alone knows: which wards there are and what state each is in. Must not know: how a cabinet works.

    python -m cabinet.rehearsal.neighbourhood SITE BROKER-PORT PROTOCOL [PHARMACY.PUB]
"""

import asyncio
import gc
import signal
import sys
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from cabinet.adapters.clock import LoopClock, SystemClock
from cabinet.adapters.pinned import Keys, read_pinned
from cabinet.courier.mqtt import MqttCourier
from cabinet.courier.port import Broker
from cabinet.rehearsal.neighbour import Neighbour, Weather
from cabinet.rehearsal.neighbour_past import Week, jammed, lived, on_battery, unheard
from config.load import LoadedSite, load_site
from config.schema import Drawer, Pocket

SILENT_MIN = 20
CALM = Weather()
LATEST = date(2031, 1, 31)
CALM_USE, CALM_REFILL, EARLY_REFILL = 90, 450, 700


@dataclass(frozen=True, slots=True)
class Ward:
    """One of them. `stock`: what its pockets opened with, in thousandths of par; `silent_min`: it spoke last so many minutes ago."""

    cabinet: str
    name: str
    area: str
    week: Week
    stock: int = 900
    silent_min: int = 0
    weather: Weather = CALM


def wards(loaded: LoadedSite, now: datetime) -> tuple[Ward, ...]:
    """All five: fine, low on stock, silent, broken and on battery, in downtime. Of those a drawer has failed in the broken one."""
    calm = Week(CALM_USE, CALM_REFILL)
    fridge = next(drawer for drawer in loaded.site.drawers if drawer.kind == "fridge").id
    jam = next(drawer for drawer in loaded.site.drawers if drawer.kind == "matrix").lock
    supply = "ups" if loaded.site.power is None else loaded.site.power.supply
    return (
        Ward("ward-4-south", "Ward 4 South", "medical-surgical", Week(CALM_USE, EARLY_REFILL)),
        Ward("emergency", "Emergency", "emergency", Week(140, 120), stock=1000),
        Ward("ward-5-east", "Ward 5 East", "medical-surgical", calm, silent_min=SILENT_MIN),
        Ward("icu", "Intensive Care", "critical-care", replace(calm, ends_with=jammed(jam))),
        Ward(
            "surgery", "Surgery", "perioperative", replace(calm, ends_with=(*on_battery(supply, fridge, now), *unheard(now))),
            weather=Weather(fridge_mc=9100, is_on_mains=False, hears_pharmacy=False),
        ),
    )  # fmt: skip


def site_of(loaded: LoadedSite, ward: Ward) -> LoadedSite:
    """The demo ward's cabinet as it stands in another ward."""
    today = SystemClock().now().utc.date()
    drawers = tuple(_stocked(drawer, ward.stock, today) for drawer in loaded.site.drawers)
    site = loaded.site.model_copy(update={"cabinet": ward.cabinet, "name": ward.name, "area": ward.area, "drawers": drawers})
    return replace(loaded, site=site)


def _stocked(drawer: Drawer, stock: int, today: date) -> Drawer:
    """What is never stocked, as patients' own medicine, stands in the demo ward alone."""
    stocked = (pocket for pocket in drawer.pockets if pocket.par)
    return drawer.model_copy(update={"pockets": tuple(_filled(pocket, stock, today) for pocket in stocked)})


def _filled(pocket: Pocket, stock: int, today: date) -> Pocket:
    if pocket.opening is None:
        return pocket
    expiry = LATEST if pocket.opening.expiry is not None and pocket.opening.expiry < today else pocket.opening.expiry
    units = len(pocket.opening.tags) or max(1, pocket.par * stock // 1000)  # what has a seal is counted by its seals
    return pocket.model_copy(update={"opening": pocket.opening.model_copy(update={"units": units, "expiry": expiry})})


async def serve(site: Path, port: int, protocol: str, keys: Keys) -> None:
    """Be five cabinets until the process is told to end."""
    loaded, loop, over, now = load_site(site), asyncio.get_running_loop(), asyncio.Event(), SystemClock().now().utc
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, over.set)
    async with AsyncExitStack() as stack:
        for ward in wards(loaded, now):
            courier = MqttCourier(Broker(f"adc-{ward.cabinet}", port=port, protocol=protocol))
            clock = LoopClock(loop, now - timedelta(minutes=ward.silent_min))
            past = partial(lived, week=ward.week, now=clock.now().utc, seed=ward.cabinet)
            neighbour = Neighbour(site_of(loaded, ward), courier, clock, past, weather=ward.weather, keys=keys)
            if ward.silent_min:
                await _say_all_and_go(neighbour, over)
            else:
                await stack.enter_async_context(neighbour.at_work())
        gc.freeze()
        await over.wait()


async def _say_all_and_go(neighbour: Neighbour, over: asyncio.Event) -> None:
    """Its last words are as old as its clock."""
    async with neighbour.at_work():
        while neighbour.behind and not over.is_set():  # noqa: ASYNC110 - the other end says in its own time that it holds everything
            await asyncio.sleep(0.1)
        await asyncio.sleep(1.0)


if __name__ == "__main__":
    pinned = read_pinned(Path(sys.argv[4])) if len(sys.argv) > 4 else {}  # noqa: PLR2004 - the last word may be left out
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3], pinned))
